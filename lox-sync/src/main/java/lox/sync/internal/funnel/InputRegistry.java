package lox.sync.internal.funnel;

import lox.sync.internal.funnel.FunnelSettings.Late;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a Funnel as they are made, complete, leave and end, and the failure of the Funnel. Changes are made
 * one at a time, under a lock in which no code of users runs. Reading takes no lock.
 *
 * <p>A change first writes the states of the inputs and then publishes a new {@link InputSnapshot}. An input that
 * leaves is removed from the snapshot first, so a snapshot never contains an input that has left.
 */
final class InputRegistry<K> {
    private final Object name;
    private final Late late;
    private final Object lock = new Object();
    private volatile InputSnapshot inputs = InputSnapshot.NONE; // written under the lock
    private volatile @Nullable Throwable failure; // written before the states and the snapshot of the end
    private volatile boolean begun;

    /**
     * Makes a registry without inputs.
     *
     * @param name of the Funnel, for messages
     */
    InputRegistry(Object name, Late late) {
        this.name = name;
        this.late = late;
    }

    InputSnapshot inputs() {
        return inputs;
    }

    /** The failure; null if the Funnel has not failed. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /**
     * Notes that a job begins. Called before the inputs are read: an input made meanwhile is refused, or the job
     * waits for it.
     */
    void begin() {
        if (!begun) {
            begun = true;
        }
    }

    /** Tells whether a job has the values it needs. The caller holds its monitor. */
    InputSnapshot.Completeness completeness(Job<K> job) {
        while (true) {
            InputSnapshot seen = inputs;
            InputSnapshot.Completeness completeness = seen.completeness(job, late);
            if (inputs == seen) {
                return completeness; // otherwise an input may have left meanwhile, and would count as completed
            }
        }
    }

    /**
     * Lets an input take part, unless it is too late. A put notes that it begins and then reads the inputs; an input
     * is added first and then reads whether a job has begun. So the input is refused, or every job waits for it.
     *
     * @return false if it is refused, after it has been among the inputs for a moment
     */
    boolean register(JoinInput<K, ?> input) {
        synchronized (lock) {
            InputSnapshot before = inputs;
            if (before.isEnded()) {
                throw new IllegalStateException(name + " has ended");
            }
            input.ordinal = before.inputCount;
            inputs = before.with(input);
            if (late == Late.REFUSE && begun) {
                inputs = before.changed();
                return false;
            }
            return true;
        }
    }

    /** Completes an input or takes it out. Returns false if that has been done before. */
    boolean close(JoinInput<K, ?> input, JoinInput.State state) {
        synchronized (lock) {
            JoinInput.State before = input.state();
            boolean leaves = state == JoinInput.State.LEFT;
            if (before != JoinInput.State.OPEN && !(leaves && before == JoinInput.State.COMPLETED)) {
                return false;
            }
            if (leaves) {
                inputs = inputs.without(input);
                input.state(state);
            } else {
                input.state(state);
                inputs = inputs.changed();
            }
            return true;
        }
    }

    /**
     * Ends all inputs.
     *
     * @param thrown the failure; null for completion
     * @return the inputs that this has ended; null if all had ended before
     */
    JoinInput<?, ?> @Nullable [] end(@Nullable Throwable thrown) {
        synchronized (lock) {
            if (inputs.isEnded()) {
                return null;
            }
            failure = thrown;
            JoinInput<?, ?>[] open = inputs.live;
            for (JoinInput<?, ?> input : open) {
                input.state(JoinInput.State.ENDED);
            }
            inputs = inputs.closed();
            return open;
        }
    }
}
