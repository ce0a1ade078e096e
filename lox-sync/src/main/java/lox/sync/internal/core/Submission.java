package lox.sync.internal.core;

import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * One submitted task: a batch of one slot, sealed from the beginning, that only the submitter gathers. Cancellation,
 * interruption, chains, remote workers and helping therefore treat it as any other batch, and it affects no other task.
 *
 * <p>It waits in the {@link Submissions} of its Scatter. It becomes garbage as soon as its task has ended and its
 * result is no longer referenced.
 */
final class Submission extends Batch {
    private final Submissions queue;
    private long turn; // both written before it can be found
    private long number;

    Submission(BatchOwner owner, Submissions queue) {
        super(owner);
        this.queue = queue;
    }

    /** Sets the place of this submission among the scatters and among the submits. */
    void lineUp(long position, long count) {
        turn = position;
        number = count;
    }

    /**
     * The {@linkplain BatchChain#position position} in the batches at which this submission is due: after the slots
     * before that position, and before all others.
     */
    long turn() {
        return turn;
    }

    @Override
    boolean isSingle() {
        return true;
    }

    @Override
    public String called(int index) {
        return "submit " + number;
    }

    @Override
    public long ordinal(int index) {
        return number;
    }

    @Override
    public boolean hasBacklog(int slotsBehind) {
        return queue.isLongerThan(slotsBehind);
    }

    @Override
    public void publish(@Nullable Throwable failure) {
        super.publish(failure);
        if (failure != null) {
            queue.cancelled();
        }
    }

    /** Whether the task has not been started and still will be. */
    boolean isWaitingForStart() {
        return slots().state(0) == Slots.FULL && !isEnded();
    }

    /** Drops the task if it has not been started. */
    @Override
    public void cancelUnstarted(String reason) {
        if (slots().state(0) == Slots.FULL && start(0)) {
            leaveQueue(null);
            SlotCleanup.drop(this, slots().filledChunk(0), 0, slots().value(0), observer(Slots.FULL));
            cancel(reason);
        }
    }
}
