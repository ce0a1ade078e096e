package lox.sync.internal.core;

/** A producer other than a function's own scatter, which puts tasks into its own batches through the {@link Submitter}. */
public interface BatchSource {
    /** The batches that the tasks go into. */
    BatchChain batches();

    /** Whether the tasks count against the queue limit of the function. */
    boolean isCounted();

    /**
     * Whether the tasks are scattered one by one, so that each is refused after a shutdown and its producer learns of a
     * failure to store it; or belong to something that has been accepted as a whole.
     */
    default boolean isScattered() {
        return false;
    }

    /**
     * Called when a task has been stored in its slot. Must not throw, since the caller has handed the task over; where
     * there is no stack left even to do nothing, the batch becomes {@linkplain Batch#broken broken}.
     */
    void placed(Batch batch, int index);
}
