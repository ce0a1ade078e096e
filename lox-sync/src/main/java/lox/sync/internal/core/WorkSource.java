package lox.sync.internal.core;

/** A source of tasks other than scatters, which the lanes serve in turn: a map in progress. */
public interface WorkSource extends BatchSource {
    /** Whether lanes look here. Changed by {@link WorkSources}. */
    boolean isIn();

    void setIn(boolean now);

    /** How many elements have been taken in and not started. */
    long unstarted();

    /** Stops the source early. Returns false if it has been stopped before. */
    boolean stop(Throwable reason);
}
