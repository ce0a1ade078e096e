package lox.sync.internal.core;

/** A source of tasks beside the function's batches, which the lanes serve in turn: a map in progress, for example. */
public interface WorkSource extends BatchSource {
    /** Whether lanes look here. Changed by {@link WorkSources}. */
    boolean isIn();

    void setIn(boolean now);

    /** Whether a task has its place and is not there yet, so that lanes have to go on looking here. */
    default boolean isIncomplete() {
        return false;
    }

    /** How many elements have been taken in and not started. */
    long unstarted();

    /** Stops the source early. Returns false if it has been stopped before. */
    boolean stop(Throwable reason);
}
