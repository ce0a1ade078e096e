package lox.sync.lock;

import java.time.Duration;
import java.util.Optional;
import lox.sync.internal.time.Durations;
import org.jspecify.annotations.Nullable;

/**
 * One way to acquire through a {@link FairSync}: all forms of {@link Acquirable}, for any kind of permit. An RWLock has
 * two.
 */
abstract class AcquirePath<P extends Permit> implements Acquirable<P> {
    /** How often, and for how long at most, a thread retries before it is queued. */
    private static final int MOST_RETRIES = 16;

    private static final long RETRY_NANOS = 50_000;

    final FairSync sync;
    /** What one holder adds to the count inside. */
    final int weight;

    AcquirePath(FairSync sync, int weight) {
        this.sync = sync;
        this.weight = weight;
    }

    /**
     * Makes a permit that has not been granted yet. It is made before any change, when a lack of memory does no harm.
     */
    abstract P newPermit(@Nullable Throwable acquiredHere);

    /**
     * Returns the count inside with one more holder, or {@link FairSync#CLOSED} if this path does not admit. A path
     * that admits still does so after others have left.
     *
     * @param permit that of the one: what is inside before tells which, if there are several to be had
     */
    abstract int withOneMore(int inside, P permit);

    /** Called after a request has been counted in, with enough stack. */
    void countedIn(P permit) {}

    /** Lets one holder out. Does so, or throws and has changed nothing; see {@link Held#release}. */
    void leave() {
        sync.leave(weight);
    }

    /** Called by the drainer for a permit that is not needed and that no other thread has seen. */
    void takeBack(P permit, DeferredActions deferred) {
        sync.add(-weight);
    }

    /** Called when a request for a permit has ended without it: after the end, in any thread, with enough stack. */
    void notGranted(P permit) {
        unused(permit);
    }

    /** Tells the tracker that a permit will not be granted. */
    final void unused(P permit) {
        if (permit instanceof AbstractPermit held) {
            held.unused();
        }
    }

    /** Tells the tracker that a permit has been granted; the caller has made sure of the stack. */
    final void granted(P permit) {
        if (sync.tracker.isOn() && permit instanceof AbstractPermit held) {
            held.granted();
        }
    }

    abstract String name();

    /** The fast path: returns true if the permit was granted at once, without overtaking a request that waits. */
    boolean enter(P permit) {
        while (true) {
            long seen = sync.state();
            int then = FairSync.waiting(seen) == 0 ? withOneMore(FairSync.inside(seen), permit) : FairSync.CLOSED;
            if (then == FairSync.CLOSED) {
                return false;
            }
            if (sync.compareAndSet(seen, then)) { // needs no stack from here on
                return true;
            }
            Backoff.shortPause();
        }
    }

    private @Nullable P enter() {
        Throwable acquiredHere = sync.tracker.acquiredHere();
        P permit = newPermit(acquiredHere);
        if (enter(permit)) {
            if (acquiredHere != null) { // the stack is made sure of only then, and even this call needs some
                granted(permit);
            }
            return permit;
        }
        unused(permit);
        return null;
    }

    @Override
    public final P acquire() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        P permit = enter();
        return permit != null ? permit : acquireQueued(Long.MAX_VALUE);
    }

    @Override
    public final P acquire(Duration timeout) throws InterruptedException {
        long nanos = Durations.nanos(timeout);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        P permit = enter();
        if (permit != null) {
            return permit;
        }
        if (nanos <= 0) {
            throw new AcquireTimeoutException("not free: " + this);
        }
        return acquireQueued(nanos);
    }

    private P acquireQueued(long nanos) throws InterruptedException {
        long start = System.nanoTime();
        P permit = retryBeforeQueueing(start, Math.min(nanos, RETRY_NANOS));
        if (permit != null) {
            return permit;
        }
        DeferredActions prepared = sync.prepareToDrain();
        AcquireRequest<P> waiter = new AcquireRequest<>(this, Thread.currentThread(), sync.tracker.acquiredHere());
        sync.enqueue(waiter, prepared);
        try {
            return waiter.await(start, nanos);
        } catch (Throwable failed) {
            waiter.abandon(); // no other thread knows of it
            throw failed;
        }
    }

    /**
     * Yields and retries a few times before the thread is queued. A queued thread has to be switched to when its turn
     * comes, and so has every thread that comes while there is a queue: each pass then costs a switch, tens of times
     * what a running thread needs to acquire and release. With the retries the queue empties instead. No queued request
     * is overtaken, since the fast path admits nobody while there is a queue. See
     * docs/decisions/0017-looking-before-lining-up.md.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
    private @Nullable P retryBeforeQueueing(long start, long nanos) {
        for (int i = 0; i < MOST_RETRIES && !Thread.currentThread().isInterrupted(); i++) {
            Thread.yield();
            P permit = enter();
            if (permit != null) {
                return permit;
            }
            if (System.nanoTime() - start >= nanos) {
                return null;
            }
        }
        return null;
    }

    @Override
    public final Optional<P> tryAcquire() {
        Throwable acquiredHere = sync.tracker.acquiredHere();
        P permit = newPermit(acquiredHere);
        Optional<P> granted = Optional.of(permit);
        if (enter(permit)) {
            if (acquiredHere != null) { // as in enter()
                granted(permit);
            }
            return granted;
        }
        unused(permit);
        return Optional.empty();
    }

    @Override
    public final PermitRequest<P> request() {
        return request(Long.MAX_VALUE);
    }

    @Override
    public final PermitRequest<P> request(Duration timeout) {
        return request(Durations.nanos(timeout));
    }

    private PermitRequest<P> request(long nanos) {
        Throwable acquiredHere = sync.tracker.acquiredHere();
        AcquireRequest<P> waiter = new AcquireRequest<>(this, null, acquiredHere);
        if (enter(waiter.permit)) {
            if (acquiredHere != null) { // as in enter()
                granted(waiter.permit);
            }
            return waiter;
        }
        if (nanos <= 0) {
            waiter.timeOutUnseen();
            return waiter;
        }
        DeferredActions prepared = sync.prepareToDrain();
        sync.enqueue(waiter, prepared);
        try {
            waiter.expireIn(nanos);
        } catch (Throwable noTimer) { // no thread for the clock: the caller never gets this request
            waiter.abandon();
            throw noTimer;
        }
        return waiter;
    }
}
