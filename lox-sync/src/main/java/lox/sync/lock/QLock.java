package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/**
 * A lock that one permit holds at a time, first come, first served.
 *
 * <pre>{@code
 * QLock lock = new QLock();
 * try (Permit permit = lock.acquire()) {
 *     ledger.append(permit, entry);
 * }
 * }</pre>
 *
 * <p>It is not reentrant: a holder that asks again waits for itself.
 */
public final class QLock extends AcquirePath<Permit> {
    static {
        QLock lock = new QLock();
        WarmUp.run(lock, lock);
    }

    /** Makes a free lock. */
    public QLock() {
        super(new FairSync(0), 1);
    }

    @Override
    int withOneMore(int inside, Permit permit) {
        return inside == 0 ? 1 : FairSync.CLOSED;
    }

    @Override
    Permit newPermit(@Nullable Throwable acquiredHere) {
        return new PlainPermit(this, acquiredHere);
    }

    @Override
    String name() {
        return "QLock";
    }

    /**
     * How many permits are out.
     *
     * @return 0 or 1
     */
    public int held() {
        return FairSync.inside(sync.state());
    }

    /**
     * How many requests wait.
     *
     * @return the length of the queue
     */
    public int waiting() {
        return sync.queueLength();
    }

    /**
     * The state of the lock.
     *
     * @return holders and waiting requests at this moment
     */
    public LockSnapshot snapshot() {
        long state = sync.state();
        return new LockSnapshot(FairSync.inside(state), sync.queueLength(), sync.longestWait());
    }

    /**
     * The holders of the lock and the requests that wait for it; for finding a deadlock. Never waits.
     *
     * @return the holders, if permits are tracked, and the waiting requests
     */
    public LockReport report() {
        return QueueInspector.report(toString(), sync);
    }

    @Override
    public String toString() {
        return "QLock[" + snapshot() + "]";
    }
}
