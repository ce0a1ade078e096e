package lox.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.function.ToDoubleFunction;
import lox.sync.event.WorkerEnd;

/** The meters of all {@code Workers} of one name. Safe for use from many threads. */
final class WorkersMeters {
    private final MeterBinding binding;
    private final Tags tags;
    private final MonitoredWorkers monitored = new MonitoredWorkers();
    private final BoundedNames<FunctionMeters> functions;
    private final BoundCounter processesStarted;
    private final Outcomes<WorkerEnd, BoundCounter> processesEnded;
    private volatile boolean hasProcesses;

    /** @param tags those of the workers */
    WorkersMeters(MeterBinding binding, Tags tags) {
        this.binding = binding;
        this.tags = tags;
        functions = new BoundedNames<>(name -> new FunctionMeters(binding, tags.and("function", name)));
        processesStarted =
                new BoundCounter(binding, "lox.processes.started", "Worker processes that have been started", tags);
        processesEnded = new Outcomes<>(
                WorkerEnd.class,
                tags,
                all -> new BoundCounter(binding, "lox.processes.ended", "Worker processes that have ended", all));
        binding.registries().forEach(this::bindTo);
    }

    FunctionMeters function(String name) {
        return functions.get(name);
    }

    void add(WorkersMonitor monitor) {
        monitored.add(monitor);
    }

    void processStarted() {
        if (!hasProcesses) {
            hasProcesses = true;
            processesEnded.all().forEach(BoundCounter::register); // a first crash is then an increase, from zero
            binding.registries().forEach(this::bindBytesTo);
        }
        processesStarted.add(1);
    }

    void processEnded(WorkerEnd end) {
        processesEnded.of(end).add(1);
    }

    /** Registers what is read when it is asked for. */
    void bindTo(MeterRegistry registry) {
        gauge(registry, "lox.workers.queued", "Tasks that wait for a worker", MonitoredWorkers::queued);
        gauge(registry, "lox.workers.active", "Tasks that run", MonitoredWorkers::active);
        gauge(registry, "lox.workers.limit", "The most tasks that run at once", MonitoredWorkers::limit);
        if (hasProcesses) {
            bindBytesTo(registry);
        }
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<MonitoredWorkers> value) {
        MeterBinding.attempt(
                registry,
                name,
                to -> Gauge.builder(name, monitored, value)
                        .description(description)
                        .baseUnit(BaseUnits.TASKS)
                        .tags(tags)
                        .register(to));
    }

    private void bindBytesTo(MeterRegistry registry) {
        bytes(registry, "lox.processes.sent", "What was sent to worker processes", MonitoredWorkers::sentBytes);
        bytes(registry, "lox.processes.received", "What worker processes sent", MonitoredWorkers::receivedBytes);
    }

    private void bytes(
            MeterRegistry registry, String name, String description, ToDoubleFunction<MonitoredWorkers> value) {
        MeterBinding.attempt(
                registry,
                name,
                to -> FunctionCounter.builder(name, monitored, value)
                        .description(description)
                        .baseUnit(BaseUnits.BYTES)
                        .tags(tags)
                        .register(to));
    }
}
