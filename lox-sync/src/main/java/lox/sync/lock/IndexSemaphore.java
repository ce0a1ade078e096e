package lox.sync.lock;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
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
    private static final int MOST = 1 << 24;

    private final int resources;
    /** The free indices, the one that has been free longest at the head. Never fewer than those not counted inside. */
    private final ConcurrentLinkedDeque<Integer> free = new ConcurrentLinkedDeque<>();

    /**
     * Makes a semaphore whose resources are all free.
     *
     * @param resources how many there are, from 1 to 16,777,216
     * @throws IllegalArgumentException if there are none or too many
     */
    public IndexSemaphore(int resources) {
        super(new Gate(), 1);
        if (resources < 1 || resources > MOST) {
            throw new IllegalArgumentException("resources must be from 1 to " + MOST + ", not " + resources);
        }
        this.resources = resources;
        for (int index = 0; index < resources; index++) {
            free.addLast(index);
        }
    }

    @Override
    boolean admits(int inside) {
        return inside < resources;
    }

    @Override
    IndexPermit permit(@Nullable Throwable acquiredHere) {
        // An index is put back before its holder is counted out, so whoever has been counted in finds one.
        return new Using(Objects.requireNonNull(free.pollFirst()), acquiredHere);
    }

    @Override
    void takeBack(IndexPermit permit, Aftermath aftermath) {
        free.addFirst(permit.index());
        super.takeBack(permit, aftermath);
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
     * How the semaphore stands.
     *
     * @return holders and waiting requests at this moment
     */
    public LockSnapshot snapshot() {
        long state = gate.state();
        return new LockSnapshot(Gate.inside(state), gate.lineLength(), gate.longestWait());
    }

    @Override
    public String toString() {
        return "IndexSemaphore[of " + resources + ": " + snapshot() + "]";
    }

    private final class Using extends Held implements IndexPermit {
        private final Integer index;

        Using(Integer index, @Nullable Throwable acquiredHere) {
            super(IndexSemaphore.this, acquiredHere);
            this.index = index;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        void release() {
            free.addLast(index);
            leave();
        }

        @Override
        public String toString() {
            return "resource " + index + " of " + IndexSemaphore.this;
        }
    }
}
