package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import lox.sync.internal.stack.StackReach;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/*
 * One request for a permit. Its state changes once, by compare-and-set:
 *
 *                 +--> GRANTED       by the drainer, which has counted it in
 *                 +--> CANCELLED     by cancel() or close()
 *     WAITING ----+--> TIMED_OUT     by the thread in acquire(Duration), or by the timer
 *                 +--> INTERRUPTED   by the thread that waits
 *                 +--> FAILED        by the drainer of a LightSwitch whose underlying lock has failed
 *
 * A drainer that loses takes back what it counted in. Any other thread that loses finds the permit granted, or the
 * request ended. A thread looks at the state before it parks, so it misses no end.
 */
final class AcquireRequest<P extends Permit> extends QueuedRequest implements PermitRequest<P> {
    private static final int GRANTED = 0;
    private static final int WAITING = 1;
    private static final int CANCELLED = 2;
    private static final int TIMED_OUT = 3;
    private static final int INTERRUPTED = 4;
    private static final int FAILED = 5;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(AcquireRequest.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final AcquirePath<P> path;

    /** Valid once the request has been granted. */
    final P permit;

    // Allocated early, so that a withdrawal needs no memory.
    private final DeferredActions afterWithdrawal = new DeferredActions();
    private final Callbacks callbacks = new Callbacks();

    /** GRANTED at first: the outcome of a request that is admitted at once, before any other thread sees it. */
    private volatile int state = GRANTED;

    private volatile @Nullable Future<?> timer;
    /** Written before the state becomes FAILED. */
    private @Nullable Throwable failure;

    AcquireRequest(AcquirePath<P> path, @Nullable Thread thread, @Nullable Throwable acquiredHere) {
        super(thread);
        this.path = path;
        this.permit = path.newPermit(acquiredHere);
    }

    @Override
    void beginToWait() {
        since = System.nanoTime();
        state = WAITING;
    }

    @Override
    int withOneMore(int inside) {
        return path.withOneMore(inside, permit);
    }

    @Override
    void grantUnseen() {
        path.countedIn(permit);
        path.granted(permit);
        state = GRANTED;
    }

    /** Times out a request that no other thread has seen yet. */
    void timeOutUnseen() {
        path.notGranted(permit);
        state = TIMED_OUT;
    }

    @Override
    boolean grant(DeferredActions deferred) {
        path.countedIn(permit);
        if (STATE.compareAndSet(this, WAITING, GRANTED)) {
            path.granted(permit);
            return true;
        }
        path.takeBack(permit, deferred);
        return false;
    }

    @Override
    boolean fail(Throwable cause) {
        failure = cause;
        if (!STATE.compareAndSet(this, WAITING, FAILED)) {
            return false;
        }
        path.notGranted(permit);
        return true;
    }

    /** Withdraws the request after the given time, unless it has ended by then. */
    void expireIn(long nanos) {
        if (state != WAITING || nanos == Long.MAX_VALUE) {
            return;
        }
        timer = Timer.after(new Expiry(), nanos);
        if (state != WAITING) {
            stopTimer();
        }
    }

    /** Withdraws the request; the caller has made sure of the stack. */
    private boolean withdraw(int how) {
        if (!STATE.compareAndSet(this, WAITING, how)) {
            return false;
        }
        path.notGranted(permit);
        path.sync.withdraw(this, afterWithdrawal);
        wake();
        if (thread == null) {
            close(callbacks);
            Trampoline.run(callbacks);
        }
        return true;
    }

    @Override
    void close(Callbacks callbacks) {
        stopTimer();
        super.close(callbacks);
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public P await() throws InterruptedException {
        if (state == WAITING) {
            StackReach.check();
            listen(new Listener(Thread.currentThread(), null));
        }
        return await(0, Long.MAX_VALUE);
    }

    /**
     * Parks the calling thread until the request ends, or until so many nanoseconds have passed since the start. The
     * thread is this request's own, or listens.
     */
    P await(long start, long nanos) throws InterruptedException {
        if (state == WAITING) {
            Trampoline.runPending();
        }
        while (state == WAITING) {
            if (Thread.interrupted()) {
                if (withdraw(INTERRUPTED)) {
                    throw new InterruptedException();
                }
                Thread.currentThread().interrupt();
            } else if (nanos == Long.MAX_VALUE) {
                LockSupport.park(path);
            } else {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    withdraw(TIMED_OUT);
                } else {
                    LockSupport.parkNanos(path, left);
                }
            }
        }
        if (state == GRANTED) {
            return permit;
        }
        Throwable cause = refusal();
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (cause instanceof Error error) {
            throw error;
        }
        throw new CompletionException(cause);
    }

    private Throwable refusal() {
        Throwable cause = failure;
        if (state == FAILED && cause != null) {
            return cause;
        }
        return switch (state) {
            case TIMED_OUT -> new AcquireTimeoutException("not granted in time: " + path);
            case INTERRUPTED -> new CancellationException("withdrawn by an interrupt: " + path);
            default -> new CancellationException("cancelled: " + path);
        };
    }

    @Override
    public CompletionStage<P> stage() {
        CompletableFuture<P> future = new CompletableFuture<>();
        if (state != WAITING || !listen(new Listener(null, () -> complete(future)))) {
            complete(future);
        }
        return future.minimalCompletionStage();
    }

    private void complete(CompletableFuture<P> future) {
        if (state == GRANTED) {
            future.complete(permit);
        } else {
            future.completeExceptionally(refusal());
        }
    }

    @Override
    public boolean cancel() {
        if (state != WAITING) {
            return false;
        }
        StackReach.check();
        return withdraw(CANCELLED);
    }

    @Override
    public void close() {
        if (!cancel() && state == GRANTED) {
            permit.close();
        }
    }

    /** As {@link #close()}; the caller has made sure of the stack. */
    void abandon() {
        if (!withdraw(CANCELLED) && state == GRANTED) {
            permit.close();
        }
    }

    @Override
    boolean isWaiting() {
        return state == WAITING;
    }

    @Override
    LockReport.Entry entry(long now) {
        PermitTracker.TrackedPermit tracked = permit instanceof AbstractPermit held ? held.tracked() : null;
        Thread waiting = waitingThread();
        return tracked == null
                ? LockReport.Entry.of(path.name(), waiting, now - since)
                : tracked.waiter(waiting, now - since);
    }

    @Override
    public String toString() {
        String how = switch (state) {
            case WAITING -> "waiting";
            case GRANTED -> "granted";
            case CANCELLED -> "cancelled";
            case TIMED_OUT -> "timed out";
            case INTERRUPTED -> "interrupted";
            default -> "failed";
        };
        return "a request, " + how + ", for " + path;
    }

    /** The request's entry in the timer. */
    private final class Expiry extends ExpiryQueue.Expiry {
        @Override
        void expire() {
            withdraw(TIMED_OUT);
        }
    }
}
