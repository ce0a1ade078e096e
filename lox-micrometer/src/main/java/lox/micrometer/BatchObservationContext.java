package lox.micrometer;

import io.micrometer.observation.Observation;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.event.BatchEnd;
import lox.sync.event.BatchEvent;
import org.jspecify.annotations.Nullable;

/** What an observation of a batch knows. Its error is the first failure of a task, if the batch failed. */
public final class BatchObservationContext extends Observation.Context {
    private final long id;
    private final String workers;
    private final String function;
    private volatile long tasks = -1;
    private volatile @Nullable BatchEnd end;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    // Not the event itself: that one's life says how long the observation is kept.
    BatchObservationContext(BatchEvent batch) {
        id = batch.id();
        workers = batch.workers();
        function = batch.function();
    }

    /**
     * Tells batches apart.
     *
     * @return unique in this JVM
     */
    public long batchId() {
        return id;
    }

    /**
     * The workers' name.
     *
     * @return never empty
     */
    public String workers() {
        return workers;
    }

    /**
     * The function.
     *
     * @return its name
     */
    public String function() {
        return function;
    }

    /**
     * How many tasks the batch has.
     *
     * @return empty until it is gathered
     */
    public OptionalLong tasks() {
        return tasks < 0 ? OptionalLong.empty() : OptionalLong.of(tasks);
    }

    /**
     * How the batch ended.
     *
     * @return null while it goes on
     */
    public @Nullable BatchEnd end() {
        return end;
    }

    void taskFailed(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    @Nullable
    Throwable firstFailure() {
        return failure.get();
    }

    void sealed(long size) {
        tasks = size;
    }

    void ended(BatchEnd how) {
        end = how;
    }
}
