package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a {@link ResultStream}. Whoever brings news (a lane, a request, the end) adds to the count of calls; who finds it
 * at zero emits for all of them, so signals come one after the other and nobody waits.
 *
 * <p>What has been requested is counted from the beginning, like the position, so there is nothing to subtract.
 *
 * @param <R> the type of the results
 */
final class ResultSubscription<R extends @Nullable Object> extends Follower implements Flow.Subscription {
    private static final VarHandle CALLS;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CALLS = lookup.findVarHandle(ResultSubscription.class, "calls", int.class);
            REQUESTED = lookup.findVarHandle(ResultSubscription.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ResultStream<R> stream;
    private Flow.@Nullable Subscriber<? super R> subscriber; // of whoever emits; null when it has had its last signal

    @SuppressWarnings("unused") // through CALLS
    private volatile int calls;

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable illegal;

    ResultSubscription(ResultStream<R> stream, Flow.Subscriber<? super R> subscriber) {
        this.stream = stream;
        this.subscriber = subscriber;
    }

    void begin() {
        CALLS.getAndAdd(this, 1); // no signal before this method is through
        Flow.Subscriber<? super R> told = subscriber;
        if (told != null) {
            told.onSubscribe(this);
        }
        stream.gathering().observe(this);
        if (cancelled) {
            stream.gathering().leave(this); // in between, which counts as a subscriber's leaving
        }
        emitForAll();
    }

    // ---- the subscriber's side -------------------------------------------------------------------------------------

    @Override
    public void request(long n) {
        if (n <= 0) {
            illegal = new IllegalArgumentException("request must be 1 or more (rule 3.9), but was " + n);
        } else {
            long now;
            long sum;
            do {
                now = requested;
                sum = now + n < 0 ? Long.MAX_VALUE : now + n;
            } while (now != sum && !REQUESTED.compareAndSet(this, now, sum));
        }
        advance();
    }

    /** Who has received every result has nothing to cancel. */
    @Override
    public void cancel() {
        cancelled = true;
        if (position() < stream.size()) {
            stream.gathering().leave(this);
        }
        advance(); // lets go of the subscriber
    }

    // ---- emitting --------------------------------------------------------------------------------------------------

    @Override
    boolean isWaiting() {
        int at = position();
        return requested > at && !cancelled && stream.indexAt(at) >= 0;
    }

    @Override
    void advance() {
        if ((int) CALLS.getAndAdd(this, 1) == 0) {
            emitForAll();
        }
    }

    private void emitForAll() {
        int seen = 1;
        do {
            Flow.Subscriber<? super R> to = subscriber;
            if (to != null) {
                try {
                    emit(to);
                } catch (Throwable thrown) { // a broken subscriber; the lane has to go on
                    subscriber = null;
                    stream.gathering().leave(this);
                    stream.dialect().drop(thrown);
                }
            }
            seen = (int) CALLS.getAndAdd(this, -seen) - seen;
        } while (seen != 0);
    }

    private void emit(Flow.Subscriber<? super R> to) {
        for (; ; ) {
            Throwable failure = illegal != null ? illegal : failure();
            int at = position();
            if (cancelled) {
                subscriber = null;
                return;
            }
            if (failure == null ? at == stream.size() : failure == illegal || at >= stream.lengthBefore(failure)) {
                end(to, failure);
                return;
            }
            int index = requested > at ? stream.indexAt(at) : -1;
            if (index < 0) {
                return;
            }
            Object value = stream.valueAt(index);
            if (value == null) {
                end(to, stream.refuseNull(index));
                return;
            }
            step();
            to.onNext(Slots.typed(value));
        }
    }

    private void end(Flow.Subscriber<? super R> to, @Nullable Throwable failure) {
        subscriber = null;
        if (failure == null) {
            to.onComplete();
        } else {
            stream.gathering().leave(this); // by its own fault; of no effect if the batch has ended
            to.onError(failure);
        }
    }
}
