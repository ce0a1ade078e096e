package lox.sync.internal.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The results of a sealed batch in the order in which their tasks ended: a list of indices that only grows. It is kept
 * from the moment a consumer asks for it; results that are complete by then come first, in scatter order.
 *
 * <p><b>Invariant.</b> The thread that moves a slot from DONE to LISTED, or from FAILED to REPORTED if failures are
 * listed, too, lists its index. So an index is listed once, although both the lane that runs the task and a thread that
 * sweeps over the slots may find the outcome.
 */
public final class CompletionOrder {
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
    private final int[] indices; // plus one, so that zero marks an unwritten position
    private final boolean failuresToo;

    @SuppressWarnings("unused") // through LISTED
    private volatile int listed;

    /**
     * Makes an empty list.
     *
     * @param failuresToo whether tasks that have failed are listed
     */
    public CompletionOrder(Slots slots, int size, boolean failuresToo) {
        this.slots = slots;
        this.indices = new int[size];
        this.failuresToo = failuresToo;
    }

    /** Lists a task if it has ended and is not listed. */
    public void list(int index) {
        Slots.Chunk chunk = slots.chunk(index);
        if (chunk != null && isToBeListed(chunk, index)) {
            INDEX.setRelease(indices, (int) LISTED.getAndAdd(this, 1), index + 1);
        }
    }

    private boolean isToBeListed(Slots.Chunk chunk, int index) {
        byte state = chunk.state(index);
        return state == Slots.DONE
                ? chunk.move(index, Slots.DONE, Slots.LISTED)
                : failuresToo && state == Slots.FAILED && chunk.move(index, Slots.FAILED, Slots.REPORTED);
    }

    /** Lists every task that has ended and is not listed. */
    public void sweep() {
        for (int i = 0; i < indices.length && listed < indices.length; i++) {
            list(i);
        }
    }

    /** The index at a position of the list, or -1 if the list is shorter. */
    public int at(int position) {
        return (int) INDEX.getAcquire(indices, position) - 1;
    }
}
