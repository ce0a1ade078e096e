package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/**
 * A lock for many readers or one writer. Readers and writers stand in one line, first come, first served; readers that
 * stand next to each other enter together. So a waiting writer holds back the readers behind it, and neither side starves.
 * When a writer at the head of the line withdraws or times out, the readers behind it enter at once.
 *
 * <pre>{@code
 * RWLock lock = new RWLock();
 * try (Permit reading = lock.read().acquire()) {
 *     return catalogue.find(reading, name);
 * }
 * }</pre>
 *
 * <p>It is not reentrant: a reader that asks again while a writer waits, waits for itself. There is no upgrade from reading
 * to writing, which two readers could only deadlock with; for the other direction see {@link WritePermit#downgrade()}.
 */
public final class RWLock {
    /** What a writer counts inside; a reader counts one. */
    private static final int WRITER = 1 << 30;

    private final Gate gate = new Gate(0);
    private final ReadDoor read = new ReadDoor();
    private final WriteDoor write = new WriteDoor();

    /** Makes a lock that nobody holds. */
    public RWLock() {}

    /**
     * The readers' side.
     *
     * @return the same object at each call
     */
    public Acquirable<Permit> read() {
        return read;
    }

    /**
     * The writers' side.
     *
     * @return the same object at each call
     */
    public Acquirable<WritePermit> write() {
        return write;
    }

    /**
     * How many read.
     *
     * @return the number of permits to read that are out
     */
    public int readers() {
        return Gate.inside(gate.state()) & (WRITER - 1);
    }

    /**
     * How many write.
     *
     * @return 0 or 1
     */
    public int writers() {
        return Gate.inside(gate.state()) / WRITER;
    }

    /**
     * How many permits are out.
     *
     * @return readers and writers
     */
    public int held() {
        return heldOf(gate.state());
    }

    /**
     * How many requests wait.
     *
     * @return the length of the line, readers and writers
     */
    public int waiting() {
        return gate.lineLength();
    }

    /**
     * How the lock stands.
     *
     * @return holders and waiting requests, of both sides, at this moment
     */
    public LockSnapshot snapshot() {
        long state = gate.state();
        return new LockSnapshot(heldOf(state), gate.lineLength(), gate.longestWait());
    }

    private static int heldOf(long state) {
        int inside = Gate.inside(state);
        return inside / WRITER + (inside & (WRITER - 1));
    }

    @Override
    public String toString() {
        String side = writers() > 0 ? "written: " : readers() > 0 ? "read: " : "";
        return "RWLock[" + side + snapshot() + "]";
    }

    private final class ReadDoor extends Door<Permit> {
        ReadDoor() {
            super(RWLock.this.gate, 1);
        }

        @Override
        int withOneMore(int inside) {
            return inside < WRITER - 1 ? inside + 1 : Gate.CLOSED;
        }

        @Override
        Permit permit(int insideBefore, @Nullable Throwable acquiredHere) {
            return new Held.Plain(this, acquiredHere);
        }

        @Override
        String name() {
            return "RWLock.read()";
        }

        @Override
        public String toString() {
            return "read side of " + RWLock.this;
        }
    }

    private final class WriteDoor extends Door<WritePermit> {
        WriteDoor() {
            super(RWLock.this.gate, WRITER);
        }

        @Override
        int withOneMore(int inside) {
            return inside == 0 ? WRITER : Gate.CLOSED;
        }

        @Override
        WritePermit permit(int insideBefore, @Nullable Throwable acquiredHere) {
            return new Writing(acquiredHere);
        }

        @Override
        String name() {
            return "RWLock.write()";
        }

        @Override
        public String toString() {
            return "write side of " + RWLock.this;
        }
    }

    private final class Writing extends Held implements WritePermit {
        Writing(@Nullable Throwable acquiredHere) {
            super(write, acquiredHere);
        }

        @Override
        void release() {
            write.leave();
        }

        @Override
        public Permit downgrade() {
            if (!end()) {
                throw new IllegalStateException("this permit has been closed or downgraded: " + this);
            }
            Permit reading = read.permit(WRITER, gate.acquiredHere());
            gate.leave(WRITER - 1);
            return reading;
        }

        @Override
        public String toString() {
            return "a permit of " + write;
        }
    }
}
