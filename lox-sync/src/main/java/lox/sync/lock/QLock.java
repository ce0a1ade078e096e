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
 * <p>It is not reentrant: who holds it and asks again, waits for itself.
 */
public final class QLock extends Door<Permit> {
    /** Makes a lock that nobody holds. */
    public QLock() {
        super(new Gate(0), 1);
    }

    @Override
    int withOneMore(int inside) {
        return inside == 0 ? 1 : Gate.CLOSED;
    }

    @Override
    Permit permit(int insideBefore, @Nullable Throwable acquiredHere) {
        return new Held.Plain(this, acquiredHere);
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
        return Gate.inside(gate.state());
    }

    /**
     * How many requests wait.
     *
     * @return the length of the line
     */
    public int waiting() {
        return gate.lineLength();
    }

    /**
     * How the lock stands.
     *
     * @return holders and waiting requests at this moment
     */
    public LockSnapshot snapshot() {
        long state = gate.state();
        return new LockSnapshot(Gate.inside(state), gate.lineLength(), gate.longestWait());
    }

    @Override
    public String toString() {
        return "QLock[" + snapshot() + "]";
    }
}
