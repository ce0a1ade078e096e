package lox.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import lox.sync.Workers;
import lox.sync.event.TaskListener;

/**
 * Meters of {@code Workers}, of what runs there, and of their worker processes. Safe for use from many threads. One
 * {@code LoxMetrics} serves any number of {@code Workers} and of registries.
 *
 * <pre>{@code
 * LoxMetrics metrics = LoxMetrics.create();
 * Workers network = metrics.monitor(Workers.threads(8).named("network"));
 * metrics.bindTo(registry); // in Spring Boot a bean of type LoxMetrics is bound for you
 * }</pre>
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>type, unit</th><th>tags</th><th>what</th></tr>
 * <tr><td>{@code lox.task.duration}</td><td>timer</td><td>workers, function, outcome</td>
 *     <td>how long attempts of tasks ran</td></tr>
 * <tr><td>{@code lox.task.wait}</td><td>timer</td><td>workers, function</td>
 *     <td>how long tasks waited for a worker after their scatter</td></tr>
 * <tr><td>{@code lox.batch.duration}</td><td>timer</td><td>workers, function, outcome</td>
 *     <td>how long batches took, from begin to end</td></tr>
 * <tr><td>{@code lox.workers.queued}</td><td>gauge, tasks</td><td>workers</td>
 *     <td>tasks that wait for a worker</td></tr>
 * <tr><td>{@code lox.workers.active}</td><td>gauge, tasks</td><td>workers</td><td>tasks that run</td></tr>
 * <tr><td>{@code lox.workers.limit}</td><td>gauge, tasks</td><td>workers</td><td>the most tasks at once</td></tr>
 * <tr><td>{@code lox.processes.started}</td><td>counter</td><td>workers</td><td>worker processes started</td></tr>
 * <tr><td>{@code lox.processes.ended}</td><td>counter</td><td>workers, outcome</td>
 *     <td>worker processes ended, crashed or killed</td></tr>
 * <tr><td>{@code lox.processes.sent}, {@code .received}</td><td>counters, bytes</td><td>workers</td>
 *     <td>what was sent to worker processes, and what they sent</td></tr>
 * </table>
 *
 * <p>The tag {@code workers} is the name of the {@code Workers}: give them one. Those of the same name have their
 * meters in common; the gauges show their sum. The tag {@code function} is the name of the function as in
 * {@link lox.sync.event.BatchEvent#function()}, and {@code outcome} one of {@link lox.sync.event.TaskEnd},
 * {@link lox.sync.event.BatchEnd} or {@link lox.sync.event.WorkerEnd} in lower case. Since a registry keeps every value
 * of a tag for ever, there are at most a hundred names of {@code Workers}, and of functions of each: what comes later
 * is counted under {@code other}.
 *
 * <p>Meters are looked up once, not for each task. What happens before the first {@link #bindTo} is not measured. A
 * registry that has been closed, or throws, harms neither tasks nor other registries: a failure is logged, and that
 * registry goes without that meter. {@code Workers} are not kept alive because they are measured.
 */
public final class LoxMetrics implements MeterBinder {
    private final MeterBinding binding = new MeterBinding();
    private final BoundedNames<WorkersMeters> workers;

    private LoxMetrics(Tags tags) {
        workers = new BoundedNames<>(name -> new WorkersMeters(binding, tags.and("workers", name)));
    }

    /**
     * Creates metrics that no registry shows yet.
     *
     * @param tags further tags of each meter
     * @return the metrics
     * @throws NullPointerException if {@code tags} or one of them is null
     */
    public static LoxMetrics create(Tag... tags) {
        for (Tag tag : tags) {
            Objects.requireNonNull(tag, "tag");
        }
        return new LoxMetrics(Tags.of(tags));
    }

    /**
     * Builds {@code Workers} that are measured.
     *
     * @param builder has been given all that is to be set, but for listeners
     * @param listeners further listeners, told after this one
     * @return what the builder builds
     * @throws NullPointerException if {@code builder}, {@code listeners} or one of them is null
     * @throws IllegalStateException if the builder has been given listeners
     */
    public Workers monitor(Workers.Builder builder, TaskListener... listeners) {
        WorkersMonitor monitor = new WorkersMonitor(workers);
        TaskListener[] all = new TaskListener[listeners.length + 1];
        all[0] = monitor;
        System.arraycopy(listeners, 0, all, 1, listeners.length);
        Workers built = builder.listeners(all).build();
        monitor.attach(built);
        return built;
    }

    /**
     * Has a registry show the meters, from now on. A second registry shows the same; a second time does nothing.
     *
     * @param registry gets the meters
     * @throws NullPointerException if {@code registry} is null
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        binding.add(Objects.requireNonNull(registry, "registry"));
        workers.forEach(meters -> meters.bindTo(registry));
    }
}
