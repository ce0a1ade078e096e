package lox.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Scatter;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Memory beyond what the user brings. Arguments and results are objects that exist already, so every byte is lox's own.
 * The time that JMH prints beside it means nothing.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class Footprint {
    /** 1,048,545 is one more than fifteen chunks hold: the worst case, a new chunk with one slot in use. */
    @Param({"200000", "1048545", "5000000"})
    public int tasks;

    private final Scatter<Object, Object> identity = Lox.thread(ScatterGather.WORKERS, x -> x);
    private Object[] arguments = {};

    /** What a run found, as JMH's secondary results. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Bytes {
        /** Heap that goes when the list of results goes. */
        public double keptPerTask;
        /** What the scattering thread allocates, up to the gather. */
        public double scatteredPerTask;
    }

    @Setup
    public void makeArguments() {
        arguments = new Object[tasks];
        Arrays.setAll(arguments, i -> new Object());
    }

    @Benchmark
    public void measure(Bytes bytes) throws InterruptedException {
        long before = allocatedByThisThread();
        for (Object argument : arguments) {
            identity.scatter(argument);
        }
        bytes.scatteredPerTask = (double) (allocatedByThisThread() - before) / tasks;
        long with = usedWith(identity.gather());
        bytes.keptPerTask = (double) (with - used()) / tasks;
    }

    private long usedWith(List<Object> results) throws InterruptedException {
        long used = used();
        if (results.size() != tasks || results.get(tasks - 1) != arguments[tasks - 1]) {
            throw new IllegalStateException("expected " + tasks + " results, but got " + results.size());
        }
        return used;
    }

    /**
     * Used heap after a full collection. Lanes have a moment to end, since a lane that has just finished a batch holds
     * it.
     */
    private static long used() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(50);
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long allocatedByThisThread() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
