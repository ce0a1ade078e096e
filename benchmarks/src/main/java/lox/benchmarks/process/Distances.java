package lox.benchmarks.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.benchmarks.Medians;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.QueueLimit;
import lox.sync.internal.pool.TaskPolicy;
import lox.sync.internal.process.DistantPool;
import lox.sync.internal.process.WorkerOptions;
import lox.sync.internal.time.WorkerThreads;
import lox.sync.process.Codec;
import lox.sync.spi.Dialect;
import lox.sync.spi.Work;

/**
 * Tasks a second on two worker processes that are so far away that a byte takes a given time there and back: tiny
 * tasks, and tasks that wait for 5 ms. About a minute; two idle processors are wanted.
 */
public final class Distances {
    private static final int WORKERS = 2;
    private static final int ROUNDS = 5;
    private static final long TASK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Distances() {}

    /**
     * Measures.
     *
     * @param args trips in milliseconds; none, or full, for 0, 0.5, 1, 5 and 20
     * @throws Throwable if a task fails
     */
    public static void main(String[] args) throws Throwable {
        double[] trips = args.length == 0 || args[0].equals("full")
                ? new double[] {0, 0.5, 1, 5, 20}
                : Arrays.stream(args).mapToDouble(Double::parseDouble).toArray();
        System.out.printf(
                "JDK %s, %d processors, %d workers, medians of %d rounds%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), WORKERS, ROUNDS);
        for (double trip : trips) {
            long nanos = Math.round(trip * 1e6);
            double tiny = tasksPerSecond(nanos, 50_000, i -> i + 1);
            double long5 = tasksPerSecond(nanos, 400, Distances::waitFiveMillis);
            System.out.printf(
                    Locale.ROOT, "trip %4.1f ms: %,10.0f tiny tasks/s  %,6.0f tasks of 5 ms/s%n", trip, tiny, long5);
        }
    }

    private static int waitFiveMillis(int argument) throws InterruptedException {
        long end = System.nanoTime() + TASK_NANOS;
        for (long left = TASK_NANOS; left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        return argument + 1;
    }

    private static double tasksPerSecond(long tripNanos, int tasks, Work<Integer, Integer> work) throws Throwable {
        PoolObserver observer = new PoolObserver("distances", List.of());
        LanePool pool = new LanePool(
                observer,
                WORKERS,
                QueueLimit.NONE,
                TaskPolicy.NONE,
                WorkerThreads.platform("distances"),
                DistantPool.of(observer, options(), tripNanos));
        try {
            Dispatcher<Integer, Integer> next = Dispatchers.of(work, pool, new Failing());
            List<Integer> expected = IntStream.rangeClosed(1, tasks).boxed().toList();
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round <= ROUNDS; round++) { // the first warms up
                long begun = System.nanoTime();
                for (int i = 0; i < tasks; i++) {
                    next.scatter(i);
                }
                List<Integer> results = next.await(next.gather(null));
                double nanos = System.nanoTime() - begun;
                if (!results.equals(expected)) {
                    throw new IllegalStateException("a result is wrong");
                }
                if (round > 0) {
                    rates.add(tasks / nanos * 1e9);
                }
            }
            return Medians.of(rates);
        } finally {
            pool.close();
        }
    }

    private static WorkerOptions options() {
        return new WorkerOptions(
                List.of(),
                null,
                Map.of(),
                Set.of(),
                null,
                0,
                null,
                Integer.MAX_VALUE,
                Duration.ofMinutes(1),
                null,
                0,
                0,
                null,
                Codec.javaSerialization(),
                null,
                null);
    }

    /** A dialect without a library: no task is expected to fail. */
    private static final class Failing implements Dialect {
        @Override
        public void dropped(Throwable failure) {
            failure.printStackTrace();
        }

        @Override
        public Throwable combine(List<Throwable> failures, int total) {
            return failures.get(0);
        }

        @Override
        public boolean carriesNull() {
            return true;
        }
    }
}
