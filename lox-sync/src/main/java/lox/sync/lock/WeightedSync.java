package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/*
 * The synchronizer of a WeightedSemaphore. The count inside is not the weight held but
 *
 *     MOST - available = MOST - capacity + held
 *
 * so a request of weight w is admitted if the count plus w is MOST or less, and a resize by d is one addition of -d. So
 * every admission is decided by the one compare-and-set that all locks have, on a word that knows of every resize: none
 * is decided with a capacity that is out of date. A count above MOST means that less than nothing is available, since
 * the capacity has shrunk under its holders; it is 2 * MOST at most, which is positive.
 *
 * What the drainer sees as free can be taken away before it grants it, by a resize. Then its compare-and-set fails, and
 * it looks again.
 *
 * A resize sets an absolute capacity, so it has to know the one before. The thread that has raised "resizes" from 0
 * applies its own and those that come meanwhile; the other threads return. Only a resize during a resize is affected by
 * that.
 */
final class WeightedSync extends FairSync {
    /** The greatest capacity. */
    static final int MOST = (1 << 30) - 1;

    private static final VarHandle RESIZES;

    static {
        try {
            RESIZES = MethodHandles.lookup().findVarHandle(WeightedSync.class, "resizes", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** As asked for last. */
    private volatile int capacity;

    /** As the count inside has it; written by the resizing thread. */
    private volatile int applied;

    /** Calls of {@link #resize} that have not been answered; 0 if no thread resizes. */
    @SuppressWarnings("UnusedVariable") // through RESIZES
    private volatile int resizes;

    WeightedSync(int capacity) {
        super(MOST - capacity);
        this.capacity = capacity;
        this.applied = capacity;
    }

    static int withOneMore(int inside, int weight) {
        return weight <= MOST - inside ? inside + weight : CLOSED;
    }

    int capacity() {
        return capacity;
    }

    static int available(long state) {
        return MOST - inside(state);
    }

    /** The combined weight of the holders; exact unless a resize is under way. */
    int held(long state) {
        return Math.max(0, applied - available(state));
    }

    /** Changes the capacity and grants what fits now. Does so, or throws and has changed nothing. */
    void resize(int to) {
        DeferredActions prepared = prepareToDrain();
        capacity = to;
        if ((int) RESIZES.getAndAdd(this, 1) != 0) {
            return;
        }
        int calls = 1;
        do {
            int next = capacity;
            add(applied - next);
            applied = next;
            calls = (int) RESIZES.getAndAdd(this, -calls) - calls;
        } while (calls != 0);
        if (waiting(state()) != 0) {
            drain(prepared);
        }
    }
}
