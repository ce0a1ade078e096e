package lox.cluster.internal;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.internal.time.Timer;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a {@link StatePublisher}.
 *
 * <p><b>Invariants.</b> {@code looks} counts what has not been looked at; whoever makes it 1 has a shared thread look
 * until it is 0 again. So one thread at a time calls the subscriber, and each change is followed by a look. A state is
 * read after the one before has been delivered, so subscribers see states in their order.
 */
final class StateSubscription<T> implements Flow.Subscription {
    private static final System.Logger LOG = System.getLogger("lox.cluster");

    private final StatePublisher<T> publisher;
    private final AtomicInteger looks = new AtomicInteger(1); // of the thread that subscribes
    private final AtomicLong requested = new AtomicLong();
    private Flow.@Nullable Subscriber<? super T> subscriber; // of the thread that looks; null after the end
    private @Nullable T last; // of the thread that looks
    private volatile boolean isCancelled;
    private volatile boolean isMisused;

    StateSubscription(Flow.Subscriber<? super T> subscriber, StatePublisher<T> publisher) {
        this.subscriber = subscriber;
        this.publisher = publisher;
    }

    /** Hands itself to the subscriber, on the caller's thread, and everything else on others. */
    void begin() {
        Flow.Subscriber<? super T> known = subscriber;
        try {
            if (known != null) {
                known.onSubscribe(this);
            }
        } catch (Throwable thrown) {
            broken(thrown);
        }
        lookElsewhere();
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            isMisused = true;
        } else {
            requested.accumulateAndGet(count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        }
        look();
    }

    @Override
    public void cancel() {
        isCancelled = true;
        look(); // which drops the subscriber
    }

    /** Has a thread look whether there is something to tell. */
    void look() {
        if (looks.getAndIncrement() == 0) {
            lookElsewhere();
        }
    }

    private void lookElsewhere() {
        try {
            Timer.elsewhere(this::lookAtAll);
        } catch (OutOfMemoryError noThread) { // nor one that would try again: the next look may have one
            looks.set(0);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no thread can be created to tell a subscriber of the members",
                    noThread);
        }
    }

    private void lookAtAll() {
        int seen = looks.get();
        do {
            Flow.Subscriber<? super T> known = subscriber;
            if (known != null && tell(known)) {
                subscriber = null;
                last = null;
                publisher.remove(this);
            }
            seen = looks.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Tells what there is to tell. True if that was the last. */
    private boolean tell(Flow.Subscriber<? super T> known) {
        try {
            while (!isCancelled) {
                if (isMisused) {
                    known.onError(new IllegalArgumentException("a subscriber has to request 1 or more (rule 3.9)"));
                    return true;
                }
                if (publisher.isOver()) {
                    known.onComplete();
                    return true;
                }
                if (requested.get() == 0) {
                    return false;
                }
                T now = publisher.state();
                if (now.equals(last)) {
                    return false;
                }
                last = now;
                if (requested.get() != Long.MAX_VALUE) {
                    requested.decrementAndGet();
                }
                known.onNext(now);
            }
        } catch (Throwable thrown) {
            broken(thrown);
        }
        return true;
    }

    /** A subscriber must not throw: it is left alone from then on. */
    private void broken(Throwable thrown) {
        isCancelled = true;
        Uncaught.report(thrown);
    }
}
