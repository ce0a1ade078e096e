package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/**
 * Shares a fixed number of resources and says which one is whose: graphics cards, ports, accounts. First come, first
 * served; the resource that was given back longest ago is handed out first, in the beginning in the order 0, 1, 2.
 *
 * <pre>{@code
 * IndexSemaphore cards = new IndexSemaphore(4);
 * try (IndexPermit card = cards.acquire()) {
 *     render(scene, card.index());
 * }
 * }</pre>
 */
public final class IndexSemaphore extends Door<IndexPermit> {
    private final int resources;
    private final Indices indices;

    /**
     * Makes a semaphore whose resources are all free.
     *
     * @param resources how many there are, from 1 to 16,777,216
     * @throws IllegalArgumentException if there are none or too many
     */
    public IndexSemaphore(int resources) {
        this(resources, Indices.of(resources));
    }

    private IndexSemaphore(int resources, Indices indices) {
        super(new Gate(indices.allFree()), 1);
        this.resources = resources;
        this.indices = indices;
    }

    @Override
    int withOneMore(int inside) {
        return indices.withOneMore(inside);
    }

    @Override
    IndexPermit permit(int insideBefore, @Nullable Throwable acquiredHere) {
        return new Using(indices.take(insideBefore), acquiredHere);
    }

    @Override
    void takeBack(IndexPermit permit, Aftermath aftermath) {
        ((Using) permit).end();
        indices.putBack(gate, permit.index());
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
        return heldOf(gate.state());
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
     * How the semaphore stands.
     *
     * @return holders and waiting requests at this moment
     */
    public LockSnapshot snapshot() {
        long state = gate.state();
        return new LockSnapshot(heldOf(state), gate.lineLength(), gate.longestWait());
    }

    private int heldOf(long state) {
        return indices.held(Gate.inside(state));
    }

    @Override
    public String toString() {
        return "IndexSemaphore[of " + resources + ": " + snapshot() + "]";
    }

    private final class Using extends Held implements IndexPermit {
        private final int index;

        Using(int index, @Nullable Throwable acquiredHere) {
            super(IndexSemaphore.this, acquiredHere);
            this.index = index;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        void release() {
            indices.giveBack(gate, index);
        }

        @Override
        public String toString() {
            return "resource " + index + " of " + IndexSemaphore.this;
        }
    }
}
