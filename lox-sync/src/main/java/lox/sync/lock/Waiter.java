package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * One request. Its state changes once, by compare-and-set:
 *
 *                 +--> GRANTED       by the gate's attendant, which has counted it in and has set the permit before
 *                 +--> CANCELLED     cancel() or close()
 *     WAITING ----+--> TIMED_OUT     the thread that waits in acquire(Duration), or the timer
 *                 +--> INTERRUPTED   the thread that waits
 *                 +--> FAILED        by the attendant of a LightSwitch whose lock below failed
 *
 * If it is the attendant that loses, it takes back what it counted in. If it is another that loses, the permit is there.
 *
 * Those who want to hear of the end stand in a stack, which is closed when they are told; who comes later sees that the
 * end has come. A thread looks at the state before it parks, so it misses nothing either.
 */
final class Waiter<P extends Permit> implements Acquisition<P> {
    private static final int WAITING = 0;
    private static final int GRANTED = 1;
    private static final int CANCELLED = 2;
    private static final int TIMED_OUT = 3;
    private static final int INTERRUPTED = 4;
    private static final int FAILED = 5;

    private static final Listener CLOSED = new Listener(null, null);

    private static final VarHandle STATE;
    private static final VarHandle LISTENERS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Waiter.class, "state", int.class);
            LISTENERS = lookup.findVarHandle(Waiter.class, "listeners", Listener.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Door<P> door;

    // The attendant's, see Gate and Aftermath.
    @Nullable
    Waiter<?> previous;

    @Nullable
    Waiter<?> next;

    boolean linked;
    boolean unlinked;

    /** When it began to wait. */
    long since;

    private final @Nullable Throwable acquiredHere;
    /** The thread in acquire(), the only one that knows of this request; or none, then anybody may listen. */
    private final @Nullable Thread thread;

    private volatile int state;
    private volatile @Nullable Listener listeners;
    private volatile @Nullable Future<?> timer;
    // Written before the state that says that they are there.
    private @Nullable P permit;
    private @Nullable Throwable failure;

    Waiter(Door<P> door, @Nullable Thread thread) {
        this.door = door;
        this.thread = thread;
        this.acquiredHere = door.gate.acquiredHere();
    }

    /** For a request that nobody else has seen yet. */
    void grantUnseen(P granted) {
        permit = granted;
        state = GRANTED;
    }

    /** For a request that nobody else has seen yet, and that has been counted in. */
    void grantUnseen(int insideBefore) {
        grantUnseen(door.permit(insideBefore, acquiredHere));
    }

    /** For a request that nobody else has seen yet. */
    void timeOutUnseen() {
        state = TIMED_OUT;
    }

    /** For the attendant, which has counted this request in: grants it, or takes back what was counted. */
    boolean grant(int insideBefore, Aftermath aftermath) {
        P granted = door.permit(insideBefore, acquiredHere);
        permit = granted;
        if (STATE.compareAndSet(this, WAITING, GRANTED)) {
            return true;
        }
        permit = null;
        door.takeBack(granted, aftermath);
        return false;
    }

    /** For the attendant, which has taken this request out of the line. */
    boolean fail(Throwable cause) {
        failure = cause;
        return STATE.compareAndSet(this, WAITING, FAILED);
    }

    /** Withdraws the request after the time given, unless it has ended by then. */
    void expireIn(long nanos) {
        if (state != WAITING || nanos == Long.MAX_VALUE) {
            return;
        }
        timer = Deadlines.schedule(() -> withdraw(TIMED_OUT), nanos);
        if (state != WAITING) {
            stopTimer();
        }
    }

    private boolean withdraw(int how) {
        if (!STATE.compareAndSet(this, WAITING, how)) {
            return false;
        }
        door.gate.withdraw(this);
        wake();
        if (thread == null) {
            ArrayDeque<Runnable> callbacks = new ArrayDeque<>();
            close(callbacks);
            Trampoline.run(callbacks);
        }
        return true;
    }

    /** Wakes the threads that wait for the end, which has come. */
    void wake() {
        LockSupport.unpark(thread);
        for (Listener each = listeners; each != null; each = each.next) {
            LockSupport.unpark(each.thread);
        }
    }

    /** The end has come: adds the callbacks of all who want to hear of it, in the order of their coming. */
    void close(ArrayDeque<Runnable> callbacks) {
        stopTimer();
        Listener latest = (Listener) LISTENERS.getAndSet(this, CLOSED);
        Listener earliest = null;
        while (latest != null && latest != CLOSED) {
            Listener before = latest.next;
            latest.next = earliest;
            earliest = latest;
            latest = before;
        }
        for (Listener each = earliest; each != null; each = each.next) {
            LockSupport.unpark(each.thread);
            if (each.callback != null) {
                callbacks.add(each.callback);
            }
        }
    }

    /** False if the end has been told already. */
    private boolean listen(Listener listener) {
        while (true) {
            Listener latest = listeners;
            if (latest == CLOSED) {
                return false;
            }
            listener.next = latest;
            if (LISTENERS.compareAndSet(this, latest, listener)) {
                return true;
            }
        }
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
            listen(new Listener(Thread.currentThread(), null));
        }
        return await(0, Long.MAX_VALUE);
    }

    /**
     * Parks the calling thread, which is this request's thread or listens, until the end, or until so many nanoseconds have
     * passed since the start.
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
                LockSupport.park(door);
            } else {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    withdraw(TIMED_OUT);
                } else {
                    LockSupport.parkNanos(door, left);
                }
            }
        }
        P granted = permit;
        if (state == GRANTED && granted != null) {
            return granted;
        }
        Throwable cause = whyNot();
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (cause instanceof Error error) {
            throw error;
        }
        throw new CompletionException(cause);
    }

    private Throwable whyNot() {
        Throwable cause = failure;
        if (state == FAILED && cause != null) {
            return cause;
        }
        return switch (state) {
            case TIMED_OUT -> new AcquireTimeoutException("not granted in time: " + door);
            case INTERRUPTED -> new CancellationException("withdrawn by an interrupt: " + door);
            default -> new CancellationException("cancelled: " + door);
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
            future.completeExceptionally(whyNot());
        }
    }

    @Override
    public boolean cancel() {
        return withdraw(CANCELLED);
    }

    @Override
    public void close() {
        if (!cancel() && state == GRANTED && permit != null) {
            permit.close();
        }
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
        return "a request, " + how + ", for " + door;
    }

    /** A thread to be woken or a callback to be run. */
    private static final class Listener {
        final @Nullable Thread thread;
        final @Nullable Runnable callback;

        @Nullable
        Listener next;

        Listener(@Nullable Thread thread, @Nullable Runnable callback) {
            this.thread = thread;
            this.callback = callback;
        }
    }
}
