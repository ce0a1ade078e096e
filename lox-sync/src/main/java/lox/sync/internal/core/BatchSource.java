package lox.sync.internal.core;

/** A producer other than a scatter, which puts tasks into its own batches through the {@link Submitter}. */
public interface BatchSource {
    /** The batches that the tasks go into. */
    BatchChain batches();

    /** Whether the tasks count against the queue limit of the function. */
    boolean isCounted();

    /** Called when a task has been stored in its slot. Must not throw: the caller has handed the task over. */
    void placed(Batch batch, int index);
}
