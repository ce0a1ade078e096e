package lox.sync.internal.observe;

/**
 * What is told of a batch of the engine's: the batch as listeners know it, which the segments of a map share, and since
 * when its tasks wait.
 *
 * @param batch what listeners are told of
 * @param times of the tasks in the slots
 */
public record BatchObservation(ObservedBatch batch, ScatterTimes times) {
    /**
     * Tells that a task has been dropped before a worker took it up.
     *
     * @param slot where the task is
     * @param place the same in the batch that listeners are told of
     */
    public void dropped(FunctionObserver function, int slot, long place, int attempt) {
        LaneObserver.dropped(function, batch, place, attempt, times.of(slot));
    }

    /** Tells that a task has failed because no worker can take it up. There are so many tasks by now. */
    public void refused(FunctionObserver function, int slot, long place, int attempt, Throwable reason, long tasks) {
        batch.scattered(tasks);
        LaneObserver.refused(function, batch, place, attempt, times.of(slot), reason);
    }
}
