package lox.benchmarks.chains;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One batch of trivial tasks on four workers a function, each a little different. The time is that of one task. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Batches {
    static final int TASKS = 1_000_000;
    private static final int WORKERS = 4;

    private final Integer[] arguments = new Integer[TASKS];
    private final Scatter<Integer, Integer> plain = function(Workers.threads(WORKERS));
    private final Scatter<Integer, Integer> chain =
            function(Workers.threads(WORKERS)).andThen(function(Workers.threads(WORKERS)));
    private final Scatter<Integer, Integer> timed =
            function(Workers.threads(WORKERS).taskTimeout(Duration.ofSeconds(10)));
    private final Scatter<Integer, Integer> retried =
            function(Workers.threads(WORKERS).retry(3, failure -> true));

    /** Boxes the arguments once. */
    public Batches() {
        for (int i = 0; i < TASKS; i++) {
            arguments[i] = i;
        }
    }

    private static Scatter<Integer, Integer> function(Workers.Builder workers) {
        return Lox.on(workers.build(), i -> i);
    }

    private Object gather(Scatter<Integer, Integer> function) {
        for (Integer argument : arguments) {
            function.scatter(argument);
        }
        return function.gather();
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public Object plain() {
        return gather(plain);
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public Object chainOfTwo() {
        return gather(chain);
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public Object taskTimeout() {
        return gather(timed);
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public Object retry() {
        return gather(retried);
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long gatherStream() {
        return scattered().gatherStream().count();
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long gatherAsCompleted() {
        return scattered().gatherAsCompleted().count();
    }

    private Scatter<Integer, Integer> scattered() {
        for (Integer argument : arguments) {
            plain.scatter(argument);
        }
        return plain;
    }
}
