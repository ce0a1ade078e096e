package lox.sync.internal.jfr;

/** Records the tasks of one lane, one after the other. Used by one thread at a time. */
public final class TaskRecording {
    /** What the recorder takes for an unknown time. */
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final JfrTask task = new JfrTask();

    /** A task begins now. */
    public void begin() {
        task.begin();
    }

    /** It ends now. Returns whether the recorder wants to have it: it may have been too short. */
    public boolean end() {
        task.end();
        return task.shouldCommit();
    }

    /**
     * Records the task that has ended.
     *
     * @param waitedNanos how long it has waited; -1 if that is not known
     * @param tasks how many short tasks it stands for
     */
    public void commit(
            String workers,
            String function,
            long batch,
            long index,
            int attempt,
            String worker,
            String end,
            long waitedNanos,
            int tasks) {
        task.workers = workers;
        task.function = function;
        task.batch = batch;
        task.index = index;
        task.attempt = attempt;
        task.worker = worker;
        task.end = end;
        task.waited = waitedNanos < 0 ? UNKNOWN : waitedNanos;
        task.tasks = tasks;
        task.commit();
    }
}
