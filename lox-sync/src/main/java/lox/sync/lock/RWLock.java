package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/**
 * A lock for many readers or one writer. Readers and writers share one queue, first come, first served; readers that
 * are next to each other in it enter together. So a waiting writer holds back the readers behind it, and neither side
 * starves. When a writer at the head of the queue withdraws or times out, the readers behind it enter at once.
 *
 * <pre>{@code
 * RWLock lock = new RWLock();
 * try (Permit reading = lock.read().acquire()) {
 *     return catalogue.find(reading, name);
 * }
 * }</pre>
 *
 * <p>It is not reentrant: a reader that asks again while a writer waits, waits for itself. There is no upgrade from
 * reading to writing, which two readers could only deadlock with; for the other direction see {@link
 * WritePermit#downgrade()}.
 */
public final class RWLock {
    /** What a writer adds to the count inside; a reader adds one. */
    private static final int WRITER = 1 << 30;

    static {
        RWLock lock = new RWLock();
        WarmUp.run(lock.read(), lock.write());
        WarmUp.run(lock.write(), lock.read());
    }

    private final FairSync sync = new FairSync(0);
    private final ReadPath read = new ReadPath();
    private final WritePath write = new WritePath();

    /** Makes a free lock. */
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
     * How many readers hold the lock.
     *
     * @return the number of permits to read that are out
     */
    public int readers() {
        return FairSync.inside(sync.state()) & (WRITER - 1);
    }

    /**
     * How many writers hold the lock.
     *
     * @return 0 or 1
     */
    public int writers() {
        return FairSync.inside(sync.state()) / WRITER;
    }

    /**
     * How many permits are out.
     *
     * @return readers and writers
     */
    public int held() {
        return heldOf(sync.state());
    }

    /**
     * How many requests wait.
     *
     * @return the length of the queue, readers and writers
     */
    public int waiting() {
        return sync.queueLength();
    }

    /**
     * The state of the lock.
     *
     * @return holders and waiting requests, of both sides, at this moment
     */
    public LockSnapshot snapshot() {
        long state = sync.state();
        return new LockSnapshot(heldOf(state), sync.queueLength(), sync.longestWait());
    }

    /**
     * The holders of the lock and the requests that wait for it, on both sides; for finding a deadlock. Never waits.
     *
     * @return the holders, if permits are tracked, and the waiting requests
     */
    public LockReport report() {
        return QueueInspector.report(toString(), sync);
    }

    private static int heldOf(long state) {
        int inside = FairSync.inside(state);
        return inside / WRITER + (inside & (WRITER - 1));
    }

    @Override
    public String toString() {
        String side = writers() > 0 ? "written: " : readers() > 0 ? "read: " : "";
        return "RWLock[" + side + snapshot() + "]";
    }

    private final class ReadPath extends AcquirePath<Permit> {
        ReadPath() {
            super(RWLock.this.sync, 1);
        }

        @Override
        int withOneMore(int inside, Permit permit) {
            return inside < WRITER - 1 ? inside + 1 : FairSync.CLOSED;
        }

        @Override
        Permit newPermit(@Nullable Throwable acquiredHere) {
            return new PlainPermit(this, acquiredHere);
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

    private final class WritePath extends AcquirePath<WritePermit> {
        WritePath() {
            super(RWLock.this.sync, WRITER);
        }

        @Override
        int withOneMore(int inside, WritePermit permit) {
            return inside == 0 ? WRITER : FairSync.CLOSED;
        }

        @Override
        WritePermit newPermit(@Nullable Throwable acquiredHere) {
            return new DowngradablePermit(acquiredHere);
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

    private final class DowngradablePermit extends AbstractPermit implements WritePermit {
        DowngradablePermit(@Nullable Throwable acquiredHere) {
            super(sync.tracker, write.name(), acquiredHere);
        }

        @Override
        void release() {
            write.leave();
        }

        @Override
        void releaseInPart() {
            sync.leave(WRITER - 1);
        }

        @Override
        public Permit downgrade() {
            Throwable acquiredHere = sync.tracker.acquiredHere();
            Permit reading = read.newPermit(acquiredHere);
            if (!end(true)) {
                read.unused(reading);
                throw new IllegalStateException("this permit has been closed or downgraded: " + this);
            }
            if (acquiredHere != null) { // the stack is made sure of only then
                read.granted(reading);
            }
            return reading;
        }

        @Override
        public String toString() {
            return "a permit of " + write;
        }
    }
}
