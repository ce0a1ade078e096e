package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/**
 * A semaphore whose permits say which of n resources is theirs: graphics cards, ports, accounts. First come, first
 * served; the resource that has been free longest is handed out first, in the beginning in the order 0, 1, 2.
 *
 * <pre>{@code
 * IndexSemaphore cards = new IndexSemaphore(4);
 * try (IndexPermit card = cards.acquire()) {
 *     render(scene, card.index());
 * }
 * }</pre>
 */
public final class IndexSemaphore extends AcquirePath<IndexPermit> {
    private static final int MOST = 1 << 24;

    /** Instead of an index. */
    private static final int NONE = -1;

    static {
        IndexSemaphore semaphore = new IndexSemaphore(1);
        WarmUp.run(semaphore, semaphore);
    }

    private final int resources;
    private final QueuedIndices indices;

    /**
     * Makes a semaphore whose resources are all free.
     *
     * @param resources how many there are, from 1 to 16,777,216
     * @throws IllegalArgumentException if there are none or too many
     */
    public IndexSemaphore(int resources) {
        super(new FairSync(0), 1);
        if (resources < 1 || resources > MOST) {
            throw new IllegalArgumentException("resources must be from 1 to " + MOST + ", not " + resources);
        }
        this.resources = resources;
        this.indices = new QueuedIndices(resources);
    }

    @Override
    int withOneMore(int inside, IndexPermit permit) {
        return inside < resources ? inside + 1 : FairSync.CLOSED;
    }

    @Override
    IndexPermit newPermit(@Nullable Throwable acquiredHere) {
        return new ResourcePermit(acquiredHere);
    }

    @Override
    boolean enter(IndexPermit permit) {
        if (!super.enter(permit)) {
            return false;
        }
        try {
            ((ResourcePermit) permit).index = indices.take();
        } catch (StackOverflowError later) {
            return true; // it is in; the index can wait until it is asked for
        }
        return true;
    }

    @Override
    void countedIn(IndexPermit permit) {
        ((ResourcePermit) permit).index = indices.take();
    }

    @Override
    void takeBack(IndexPermit permit, DeferredActions deferred) {
        indices.putBack(((ResourcePermit) permit).index);
        sync.add(-1);
    }

    @Override
    String name() {
        return "IndexSemaphore";
    }

    /**
     * How many resources there are.
     *
     * @return as given to the constructor
     */
    public int resources() {
        return resources;
    }

    /**
     * How many resources are in use.
     *
     * @return the number of permits that are out
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
     * The state of the semaphore.
     *
     * @return holders and waiting requests at this moment
     */
    public LockSnapshot snapshot() {
        long state = sync.state();
        return new LockSnapshot(FairSync.inside(state), sync.queueLength(), sync.longestWait());
    }

    /**
     * The holders of the semaphore and the requests that wait for it; for finding a deadlock. Never waits.
     *
     * @return the holders, if permits are tracked, and the waiting requests
     */
    public LockReport report() {
        return QueueInspector.report(toString(), sync);
    }

    @Override
    public String toString() {
        return "IndexSemaphore[of " + resources + ": " + snapshot() + "]";
    }

    private final class ResourcePermit extends AbstractPermit implements IndexPermit {
        /** Written before any other thread sees the permit, unless the stack was exhausted just then. */
        private int index = NONE;
        /** True once the index has been put back and only the holder has to be counted out. */
        private boolean put;

        ResourcePermit(@Nullable Throwable acquiredHere) {
            super(sync.tracker, name(), acquiredHere);
        }

        @Override
        public int index() {
            int known = index;
            return known == NONE ? takeNow() : known;
        }

        /** Takes the index for a permit whose acquirer exhausted the stack between being counted in and taking it. */
        private synchronized int takeNow() {
            if (index == NONE) {
                if (put) {
                    throw new IllegalStateException("closed before it had an index: " + this);
                }
                index = indices.take();
            }
            return index;
        }

        @Override
        void release() {
            if (index == NONE) {
                leaveWithoutIndex();
                return;
            }
            if (!put) {
                indices.put(index);
                put = true;
            }
            sync.leave(1);
        }

        private synchronized void leaveWithoutIndex() {
            if (index == NONE) {
                put = true;
                sync.leave(1);
            } else {
                release();
            }
        }

        @Override
        public String toString() {
            return "resource " + index + " of " + IndexSemaphore.this;
        }
    }
}
