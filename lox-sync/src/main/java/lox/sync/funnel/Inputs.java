package lox.sync.funnel;

import java.util.ArrayList;
import java.util.List;

/** The inputs a Funnel has at one time: those that have not left. Immutable; each change makes a new one. */
final class Inputs {
    static final Inputs NONE = new Inputs(List.of(), 0, false);

    enum Verdict {
        WAITING,
        FULL,
        NEVER
    }

    /** In the order they were made. */
    final JobInput<?, ?>[] live;

    /** The ordinal of the next input. */
    final int horizon;

    private final boolean closed;

    private Inputs(List<JobInput<?, ?>> live, int horizon, boolean closed) {
        this.live = live.toArray(JobInput<?, ?>[]::new);
        this.horizon = horizon;
        this.closed = closed;
    }

    Inputs with(JobInput<?, ?> input) {
        List<JobInput<?, ?>> inputs = new ArrayList<>(List.of(live));
        inputs.add(input);
        return new Inputs(inputs, horizon + 1, closed);
    }

    Inputs without(JobInput<?, ?> input) {
        List<JobInput<?, ?>> inputs = new ArrayList<>(List.of(live));
        inputs.remove(input);
        return new Inputs(inputs, horizon, closed);
    }

    /** The same inputs, one of which is in another state now. */
    Inputs changed() {
        return new Inputs(List.of(live), horizon, closed);
    }

    /** The end. The inputs stay, since a put under way may yet fill a job that lacked but this value. */
    Inputs closed() {
        return new Inputs(List.of(live), horizon, true);
    }

    /** Whether nothing can be put any more, ever. */
    boolean isOver() {
        if (closed) {
            return true;
        }
        for (JobInput<?, ?> input : live) {
            if (input.state() == JobInput.State.OPEN) {
                return false;
            }
        }
        return horizon > 0;
    }

    /** Whether a job that has just begun may not have to wait for others' values: the rare case. */
    boolean mayDecideAtOnce() {
        return live.length < 2 || someHaveCompleted();
    }

    boolean someHaveCompleted() {
        for (JobInput<?, ?> input : live) {
            if (input.state() != JobInput.State.OPEN) {
                return true;
            }
        }
        return false;
    }

    /** What is to become of a job, whose monitor the caller holds. */
    <K> Verdict verdict(Job<K> job, LateInputs late) {
        if (live.length == 0) {
            return Verdict.NEVER;
        }
        Verdict verdict = Verdict.FULL;
        for (JobInput<?, ?> input : live) {
            boolean needed = input.ordinal < job.horizon || late != LateInputs.NEW_JOBS_ONLY;
            if (needed && !job.has(input)) {
                if (input.state() != JobInput.State.OPEN) {
                    return Verdict.NEVER;
                }
                verdict = Verdict.WAITING;
            }
        }
        return verdict;
    }
}
