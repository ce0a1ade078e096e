package lox.benchmarks.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.micrometer.LoxMetrics;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The trivial task, 200,000 times on four workers: without a listener, with one that does nothing, with one that records
 * two timers it has at hand, and with {@link LoxMetrics}. The last minus the third is what lox's metrics add to
 * Micrometer's own price. One operation is one task.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(3)
public class MeasuredTasks {
    private static final int TASKS = 200_000;
    private static final int WORKERS = 4;

    private static Scatter<Integer, Integer> increment(Workers workers) {
        return Lox.on(workers, x -> x + 1);
    }

    private static List<Integer> run(Scatter<Integer, Integer> increment) {
        for (int i = 0; i < TASKS; i++) {
            increment.scatter(i);
        }
        return increment.gather();
    }

    /** Nobody listens. */
    @State(Scope.Benchmark)
    public static class Plain {
        final Scatter<Integer, Integer> increment =
                increment(Workers.threads(WORKERS).build());
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Integer> plain(Plain plain) {
        return run(plain.increment);
    }

    /** The price of being listened to. */
    @State(Scope.Benchmark)
    public static class Listened {
        final Scatter<Integer, Integer> increment = increment(
                Workers.threads(WORKERS).listeners(new TaskListener() {}).build());
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Integer> idleListener(Listened listened) {
        return run(listened.increment);
    }

    /** The price of Micrometer. */
    @State(Scope.Benchmark)
    public static class HandWritten {
        final MeterRegistry registry = new SimpleMeterRegistry();
        final Timer duration = registry.timer("duration");
        final Timer wait = registry.timer("wait");
        final Scatter<Integer, Integer> increment = increment(Workers.threads(WORKERS)
                .listeners(new TaskListener() {
                    @Override
                    public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
                        duration.record(ranNanos, TimeUnit.NANOSECONDS);
                        wait.record(task.waitedNanos(), TimeUnit.NANOSECONDS);
                    }
                })
                .build());
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Integer> twoTimers(HandWritten handWritten) {
        return run(handWritten.increment);
    }

    /** The price of lox's metrics. */
    @State(Scope.Benchmark)
    public static class Measured {
        final Scatter<Integer, Integer> increment;

        public Measured() {
            LoxMetrics metrics = LoxMetrics.create();
            metrics.bindTo(new SimpleMeterRegistry());
            increment = increment(metrics.monitor(Workers.threads(WORKERS)));
        }
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Integer> loxMetrics(Measured measured) {
        return run(measured.increment);
    }
}
