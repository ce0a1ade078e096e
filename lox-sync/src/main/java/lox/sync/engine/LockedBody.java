package lox.sync.engine;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Acquisition;
import lox.sync.lock.Permit;
import org.jspecify.annotations.Nullable;

/**
 * One subscription's way through a lock: ask, run the body, give back. The adapters' operators add nothing to it but their
 * library's signals.
 *
 * <p>The permit is given back once, when the body has {@linkplain #finish() finished}, or when the subscription has been
 * {@linkplain #cancel() cancelled} and no thread is {@linkplain #enter() inside} the body any more. A request that has not
 * been granted when the cancel comes is withdrawn; if the grant wins that race, the permit goes back at once.
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

    private volatile @Nullable Acquisition<? extends P> request;
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
     * Asks for the permit. To be called once. Exactly one of the callbacks runs, in this thread or in the one that lets
     * the request in; neither does after a cancel.
     *
     * @param granted runs the body with the permit, between {@link #enter()} and {@link #exit()}, which are called for it
     * @param failed gets the exception with which the lock refused
     */
    public void start(Consumer<? super P> granted, Consumer<? super Throwable> failed) {
        Optional<? extends P> free;
        try {
            free = lock.tryAcquire();
        } catch (Throwable refused) {
            failed.accept(refused);
            return;
        }
        if (free.isPresent()) {
            run(free.get(), granted);
            return;
        }
        Acquisition<? extends P> made;
        try {
            made = lock.request();
        } catch (Throwable refused) {
            failed.accept(refused);
            return;
        }
        request = made;
        if (isOver()) {
            made.close();
            return;
        }
        made.stage().whenComplete((late, failure) -> {
            try {
                if (late != null) {
                    run(late, granted);
                } else if (!isOver()) {
                    failed.accept(causeOf(failure));
                }
            } catch (Throwable thrown) { // by the subscriber: a stage would keep it to itself
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
            }
        });
    }

    private void run(P granted, Consumer<? super P> body) {
        permit = granted;
        if (!enter()) {
            granted.close();
            return;
        }
        try {
            body.accept(granted);
        } finally {
            exit();
        }
    }

    private static Throwable causeOf(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return failure.getCause();
        }
        return failure == null ? new NullPointerException("the lock granted null") : failure;
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

    /** A thread has come back from the body. If it was cancelled meanwhile and this was the last, the permit goes back. */
    public void exit() {
        if (state.decrementAndGet() == OVER) {
            release();
        }
    }

    /** The body has ended by itself: the permit goes back now. */
    public void finish() {
        end();
        release();
    }

    /** Nobody wants the result: the request is withdrawn, or the permit goes back as soon as nothing is in the body. */
    public void cancel() {
        int before = end();
        Acquisition<? extends P> made = request;
        if (permit == null && made != null) {
            made.close();
        } else if (before == 0) {
            release();
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

    private int end() {
        while (true) {
            int seen = state.get();
            if (seen < 0 || state.compareAndSet(seen, seen | OVER)) {
                return seen;
            }
        }
    }

    private void release() {
        P held = permit;
        if (held != null) {
            held.close();
        }
    }
}
