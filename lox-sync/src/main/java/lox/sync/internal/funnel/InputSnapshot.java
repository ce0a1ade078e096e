package lox.sync.internal.funnel;

import java.util.ArrayList;
import java.util.List;
import lox.sync.internal.funnel.FunnelSettings.Late;

/** The inputs of a Funnel at one moment, without those that have left. Immutable: each change makes a new snapshot. */
final class InputSnapshot {
    static final InputSnapshot NONE = new InputSnapshot(List.of(), 0, false);

    enum Completeness {
        /** The job lacks a value that may still come. */
        WAITING,
        /** The job has all values. */
        COMPLETE,
        /** The job lacks values of optional inputs alone, and these have completed, or have ended with the Funnel. */
        WITHOUT_OPTIONAL,
        /** The job lacks a value that cannot come any more. */
        IMPOSSIBLE
    }

    /** The inputs in the order in which they were made. */
    final JoinInput<?, ?>[] live;

    /** How many inputs have been made, those that have left included; the ordinal of the next one. */
    final int inputCount;

    private final boolean closed;

    private InputSnapshot(List<JoinInput<?, ?>> live, int inputCount, boolean closed) {
        this.live = live.toArray(JoinInput<?, ?>[]::new);
        this.inputCount = inputCount;
        this.closed = closed;
    }

    InputSnapshot with(JoinInput<?, ?> input) {
        List<JoinInput<?, ?>> inputs = new ArrayList<>(List.of(live));
        inputs.add(input);
        return new InputSnapshot(inputs, inputCount + 1, closed);
    }

    InputSnapshot without(JoinInput<?, ?> input) {
        List<JoinInput<?, ?>> inputs = new ArrayList<>(List.of(live));
        inputs.remove(input);
        return new InputSnapshot(inputs, inputCount, closed);
    }

    /** The same inputs after the state of one has changed. */
    InputSnapshot changed() {
        return new InputSnapshot(List.of(live), inputCount, closed);
    }

    /**
     * The same inputs after the end. They stay, since a put under way may still complete a job that lacks only its
     * value.
     */
    InputSnapshot closed() {
        return new InputSnapshot(List.of(live), inputCount, true);
    }

    /** Whether nothing can be put any more. */
    boolean isEnded() {
        if (closed) {
            return true;
        }
        for (JoinInput<?, ?> input : live) {
            if (input.state() == JoinInput.State.OPEN) {
                return false;
            }
        }
        return inputCount > 0;
    }

    /** Whether a job that has just begun may not have to wait for other inputs' values, which is rare. */
    boolean mayDecideAtOnce() {
        return live.length < 2 || someHaveCompleted();
    }

    private boolean someHaveCompleted() {
        for (JoinInput<?, ?> input : live) {
            if (input.state() != JoinInput.State.OPEN) {
                return true;
            }
        }
        return false;
    }

    /** Whether no job that begins now can be joined, since an input that is not optional has completed. */
    boolean refusesNewJobs() {
        for (JoinInput<?, ?> input : live) {
            if (!input.optional && input.state() != JoinInput.State.OPEN) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether a job has the values it needs. The caller holds its monitor. */
    <K> Completeness completeness(Job<K> job, Late late) {
        Completeness completeness = Completeness.COMPLETE; // also after the last input has left
        for (JoinInput<?, ?> input : live) {
            boolean needed = input.ordinal < job.inputCount || late != Late.NEW_JOBS_ONLY;
            if (needed && !job.has(input)) {
                if (input.state() == JoinInput.State.OPEN) {
                    completeness = Completeness.WAITING;
                } else if (!input.optional) {
                    return Completeness.IMPOSSIBLE;
                } else if (completeness == Completeness.COMPLETE) {
                    completeness = Completeness.WITHOUT_OPTIONAL;
                }
            }
        }
        return completeness;
    }
}
