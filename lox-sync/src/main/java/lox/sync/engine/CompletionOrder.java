package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The results of a sealed batch in the order in which their tasks have ended: a list of indices that only grows. Kept from the
 * moment somebody asks for it; what is complete by then comes first, in scatter order.
 *
 * <p><b>Invariant.</b> An index is listed by whoever moves its slot from DONE to LISTED, so it is listed once, although the lane
 * that runs a task and whoever sweeps over the slots may both find the result.
 */
final class CompletionOrder {
    private static final VarHandle INDEX = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle LISTED;

    static {
        try {
            LISTED = MethodHandles.lookup().findVarHandle(CompletionOrder.class, "listed", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Slots slots;
    private final int[] indices; // plus one, so that zero is a place nobody has written to

    @SuppressWarnings("unused") // through LISTED
    private volatile int listed;

    CompletionOrder(Slots slots, int size) {
        this.slots = slots;
        this.indices = new int[size];
    }

    /** Lists a task that may have ended. */
    void list(int index) {
        Slots.Chunk chunk = slots.chunk(index);
        if (chunk != null && chunk.state(index) == Slots.DONE && chunk.move(index, Slots.DONE, Slots.LISTED)) {
            INDEX.setRelease(indices, (int) LISTED.getAndAdd(this, 1), index + 1);
        }
    }

    /** Lists every task that has ended and is not listed. */
    void sweep() {
        for (int i = 0; i < indices.length && listed < indices.length; i++) {
            list(i);
        }
    }

    /** The index at a position of the list, or -1 if it is not as long yet. */
    int at(int position) {
        return (int) INDEX.getAcquire(indices, position) - 1;
    }
}
