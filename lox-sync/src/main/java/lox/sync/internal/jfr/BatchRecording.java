package lox.sync.internal.jfr;

/** Records one batch, which begins now. */
public final class BatchRecording {
    private final JfrBatch batch = new JfrBatch();

    BatchRecording() {
        batch.begin();
    }

    /** Records the batch, which has ended. */
    public void commit(String workers, String function, long number, long tasks, String end) {
        batch.end();
        if (batch.shouldCommit()) {
            batch.workers = workers;
            batch.function = function;
            batch.batch = number;
            batch.tasks = tasks;
            batch.end = end;
            batch.commit();
        }
    }
}
