package lox.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import lox.sync.event.BatchEnd;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * Observes batches: an observation for each, from its first scatter to its end, which a tracing handler of the registry
 * makes a span of. Its parent is the observation that was current in the thread that began the batch. Safe for use from
 * many threads, and for several {@code Workers}.
 *
 * <p>It does not change what is current in a task. With {@code io.micrometer:context-propagation} on the class path,
 * that is what was current at the task's scatter, so what a task observes is a sibling of the batch's observation. To
 * have all of them below one, scatter and gather inside an observation of your own.
 *
 * <pre>{@code
 * Workers network = Workers.threads(8).named("network")
 *         .listeners(BatchObservations.create(observations))
 *         .build();
 * }</pre>
 *
 * <p>A batch that is never gathered, and whose workers are not closed, never ends, and neither does its observation:
 * nothing is reported of it.
 */
public final class BatchObservations implements TaskListener {
    private static final BatchObservationConvention DEFAULT = new BatchObservationConvention() {};

    private final ObservationRegistry registry;
    private final @Nullable BatchObservationConvention convention;
    /** By their numbers: in a chain, each function has events of its own for a batch. */
    private final ConcurrentHashMap<Long, ObservedBatch> observed = new ConcurrentHashMap<>();

    private final ReferenceQueue<BatchEvent> forgotten = new ReferenceQueue<>();

    private BatchObservations(ObservationRegistry registry, @Nullable BatchObservationConvention convention) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.convention = convention;
    }

    /**
     * Observes batches by the default convention, or by one that is registered with the registry.
     *
     * @param registry is told of the observations
     * @return a listener
     * @throws NullPointerException if {@code registry} is null
     */
    public static BatchObservations create(ObservationRegistry registry) {
        return new BatchObservations(registry, null);
    }

    /**
     * Observes batches by a convention.
     *
     * @param registry is told of the observations
     * @param convention says how they are named
     * @return a listener
     * @throws NullPointerException if an argument is null
     */
    public static BatchObservations create(ObservationRegistry registry, BatchObservationConvention convention) {
        return new BatchObservations(registry, Objects.requireNonNull(convention, "convention"));
    }

    @Override
    public void batchOpened(BatchEvent batch) {
        if (!registry.isNoop()) {
            forget();
            ObservedBatch opened = observed(batch);
            if (opened.start(() -> Observation.start(convention, DEFAULT, opened::context, registry))) {
                observed.remove(batch.id());
            }
        }
    }

    private ObservedBatch observed(BatchEvent batch) {
        return observed.computeIfAbsent(batch.id(), id -> new ObservedBatch(batch, forgotten));
    }

    private void forget() {
        for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
            if (gone instanceof ObservedBatch batch) {
                observed.remove(batch.context().batchId());
            }
        }
    }

    @Override
    public void batchSealed(BatchEvent batch, long tasks) {
        ObservedBatch known = observed.get(batch.id());
        if (known != null) {
            known.context().sealed(tasks);
        }
    }

    @Override
    public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
        if (failure != null && end != TaskEnd.RETRIED) {
            ObservedBatch known = observed.get(task.batch().id());
            if (known != null) {
                known.context().taskFailed(failure);
            }
        }
    }

    @Override
    public void batchEnded(BatchEvent batch, BatchEnd end) {
        if (!registry.isNoop() && observed(batch).end(end)) {
            observed.remove(batch.id());
        }
    }
}
