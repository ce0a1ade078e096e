package lox.sync.internal.lock;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.internal.time.Timer;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import lox.sync.lock.PermitRequest;
import lox.sync.spi.StageFailure;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * One subscription's way through a lock: ask, run the body, give back. The adapters' operators add nothing to it but
 * their library's signals.
 *
 * <p>The permit is given back once, when the body has {@linkplain #finish() finished}, or when the subscription has
 * been {@linkplain #cancel() cancelled} and no thread is {@linkplain #enter() inside} the body any more. A request that
 * has not been granted when the cancel comes is withdrawn; if the grant wins that race, the permit goes back at once.
 *
 * <p>When something is thrown through the body, by its code or by its subscriber's, it is over in the same way as after
 * a cancel: a permit outlives no error, whichever it is.
 *
 * <p>No method waits for another thread.
 *
 * @param <P> the kind of permit
 */
public final class LockedBody<P extends Permit> {
    private static final int OVER = Integer.MIN_VALUE;

    private final Acquirable<? extends P> lock;
    /** How many calls into the body are on some thread's stack, and whether the body is over. */
    private final AtomicInteger state = new AtomicInteger();

    private volatile @Nullable PermitRequest<? extends P> request;
    private volatile @Nullable P permit;

    /**
     * Asks for nothing yet.
     *
     * @param lock what the body needs
     */
    public LockedBody(Acquirable<? extends P> lock) {
        this.lock = lock;
    }

    /**
     * Asks for the permit. To be called once. Exactly one method of the body is called, in this thread or in the one
     * that lets the request in; none after a cancel.
     *
     * @param body what to do with the permit
     */
    public void start(Body<? super P> body) {
        Optional<? extends P> free;
        try {
            free = lock.tryAcquire();
        } catch (Throwable refused) {
            body.failed(refused);
            return;
        }
        if (free.isPresent()) {
            run(free.get(), body);
            return;
        }
        PermitRequest<? extends P> made;
        try {
            made = lock.request();
        } catch (Throwable refused) {
            body.failed(refused);
            return;
        }
        request = made;
        if (isOver()) {
            made.close();
            return;
        }
        CompletionStage<? extends P> stage;
        try {
            stage = made.stage();
        } catch (Throwable refused) { // it has been asked, and cannot tell
            made.close();
            body.failed(refused);
            return;
        }
        stage.whenComplete((late, failure) -> {
            try {
                if (late != null) {
                    run(late, body);
                } else if (!isOver()) {
                    body.failed(causeOf(failure));
                }
            } catch (Throwable thrown) { // by the subscriber: a stage would keep it to itself
                Uncaught.report(thrown);
            }
        });
    }

    private void run(P granted, Body<? super P> body) {
        permit = granted;
        if (!enter()) {
            granted.close();
            return;
        }
        try {
            body.granted(granted);
        } catch (Throwable thrown) {
            end();
            throw thrown;
        } finally {
            exit();
        }
    }

    private static Throwable causeOf(@Nullable Throwable failure) {
        return failure == null ? new NullPointerException("the lock granted null") : StageFailure.of(failure);
    }

    /**
     * A thread is about to call into the body.
     *
     * @return false if the body is over; then it must not be called
     */
    public boolean enter() {
        while (true) {
            int seen = state.get();
            if (seen < 0) {
                return false;
            }
            if (state.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
    }

    /**
     * A thread has come back from the body. If it was cancelled meanwhile and this was the last, the permit goes back.
     */
    public void exit() {
        if (state.decrementAndGet() == OVER) {
            release();
        }
    }

    /**
     * The body has ended by itself: the permit goes back now, unless it was over before.
     *
     * @return false if it was over before: nobody wants to hear of this end
     */
    public boolean finish() {
        if (!end()) {
            return false;
        }
        release();
        return true;
    }

    /**
     * Nobody wants the result any more. To be followed by {@link #withdraw()}, when the body has been told.
     *
     * @return false if it was over before
     */
    public boolean cancel() {
        return end();
    }

    /** After a cancel: the request is withdrawn, or the permit goes back as soon as nothing is in the body. */
    public void withdraw() {
        PermitRequest<? extends P> made = request;
        if (permit == null && made != null) {
            made.close();
        } else if (state.get() == OVER) {
            release(); // perhaps for the second time: somebody may have left the body just now
        }
    }

    /**
     * Whether the body has finished or was cancelled.
     *
     * @return true from then on
     */
    public boolean isOver() {
        return state.get() < 0;
    }

    private boolean end() {
        while (true) {
            int seen = state.get();
            if (seen < 0) {
                return false;
            }
            if (state.compareAndSet(seen, seen | OVER)) {
                return true;
            }
        }
    }

    private void release() {
        P held = permit;
        if (held == null) {
            return;
        }
        try {
            held.close();
        } catch (StackOverflowError | OutOfMemoryError nothingDone) { // see Permit.close: it can be called again
            Timer.elsewhere(held::close);
        }
    }

    /**
     * What is done with the permit.
     *
     * @param <P> the kind of permit
     */
    public interface Body<P> {
        /**
         * Runs the body, between {@link #enter()} and {@link #exit()}, which are called for it. What it throws goes on,
         * and the body is over.
         *
         * @param permit as granted
         */
        void granted(P permit);

        /**
         * There will be no permit.
         *
         * @param refusal the exception with which the lock refused
         */
        void failed(Throwable refusal);
    }
}
