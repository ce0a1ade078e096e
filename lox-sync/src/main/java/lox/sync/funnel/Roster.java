package lox.sync.funnel;

import org.jspecify.annotations.Nullable;

/**
 * Which inputs a Funnel has, as they come, complete, leave and end; and why it failed. Changes are made one at a time, under a lock
 * in which no user's code runs; readers take none.
 *
 * <p>A change writes the states of the inputs and then publishes new {@link Inputs}; save that an input that leaves is taken out of
 * them first, so that among the inputs there is never one that has left.
 */
final class Roster<K> {
    private final Object name;
    private final LateInputs late;
    private final Object lock = new Object();
    private volatile Inputs inputs = Inputs.NONE; // written under the lock
    private volatile @Nullable Throwable failure; // written before the Inputs that are closed
    private volatile boolean begun;

    /**
     * Without inputs.
     *
     * @param name of the Funnel, for messages
     */
    Roster(Object name, LateInputs late) {
        this.name = name;
        this.late = late;
    }

    Inputs inputs() {
        return inputs;
    }

    /** Null if it has not failed. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** A job begins. To be called before the inputs are read: an input that is made meanwhile is refused, or else the job waits for it. */
    void begin() {
        if (!begun) {
            begun = true;
        }
    }

    /** What is to become of a job, whose monitor the caller holds. */
    Inputs.Verdict verdict(Job<K> job) {
        while (true) {
            Inputs seen = inputs;
            Inputs.Verdict verdict = seen.verdict(job, late);
            if (inputs == seen) {
                return verdict; // or else one of those may have left meanwhile, and would count as completed
            }
        }
    }

    /**
     * Makes an input take part, if it does not come too late. A put begins and then reads the inputs; an input is among them
     * first and then looks whether something has begun. So it is refused, or every job waits for it.
     *
     * @return false if it is refused, after it has been among the inputs for a moment
     */
    boolean register(JobInput<K, ?> input) {
        synchronized (lock) {
            Inputs before = inputs;
            if (before.isOver()) {
                throw new IllegalStateException(name + " has ended");
            }
            input.ordinal = before.horizon;
            inputs = before.with(input);
            if (late == LateInputs.REFUSE && begun) {
                inputs = before.changed();
                return false;
            }
            return true;
        }
    }

    /** Completes an input, or lets it leave. Returns false if that has been done. */
    boolean close(JobInput<K, ?> input, JobInput.State state) {
        synchronized (lock) {
            JobInput.State before = input.state();
            boolean leaves = state == JobInput.State.LEFT;
            if (before != JobInput.State.OPEN && !(leaves && before == JobInput.State.COMPLETED)) {
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
     * Ends all of them.
     *
     * @param thrown why; null if nothing has failed
     * @return the inputs that have ended with this; null if it was over already
     */
    JobInput<?, ?> @Nullable [] end(@Nullable Throwable thrown) {
        synchronized (lock) {
            if (inputs.isOver()) {
                return null;
            }
            failure = thrown;
            JobInput<?, ?>[] open = inputs.live;
            for (JobInput<?, ?> input : open) {
                input.state(JobInput.State.ENDED);
            }
            inputs = inputs.closed();
            return open;
        }
    }
}
