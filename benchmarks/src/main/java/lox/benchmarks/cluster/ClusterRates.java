package lox.benchmarks.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.benchmarks.Medians;
import lox.cluster.Cluster;
import lox.cluster.LocalMembers;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Task;
import lox.sync.Workers;
import lox.test.DelayingProxy;

/**
 * Tasks a second on two workers of a member on this machine: tiny tasks, 1 MiB there and back, tasks that wait for
 * 5 ms. One row of the table for each argument; each takes some ten seconds, and wants two idle processors.
 */
public final class ClusterRates {
    private static final int WORKERS = 2;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 2;
    private static final int MIB = 1 << 20;
    private static final long TASK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private ClusterRates() {}

    /**
     * Measures.
     *
     * @param rows {@code local} for worker processes of this program, {@code cluster}, {@code tls}, or milliseconds
     *     that are added to the trip to the member; none, or full, for local, cluster, tls, 1 and 20
     * @throws Exception if a member cannot be started, or a task fails
     */
    public static void main(String[] rows) throws Exception {
        System.out.printf(
                "JDK %s, %d processors, %d workers, medians of %d rounds, tasks/s%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), WORKERS, ROUNDS);
        List<String> all = rows.length == 0 || rows[0].equals("full")
                ? List.of("local", "cluster", "tls", "1", "20")
                : List.of(rows);
        for (String row : all) {
            measure(row);
        }
    }

    private static void measure(String row) throws Exception {
        switch (row) {
            case "local" -> measure(row, Workers.processes(WORKERS).build());
            case "cluster" -> {
                try (LocalMembers members = LocalMembers.start(1, WORKERS);
                        Cluster cluster = members.join()) {
                    measure(row, Workers.processes(WORKERS).on(cluster).build());
                }
            }
            case "tls" -> {
                Path directory = Files.createTempDirectory("lox-cluster-rates");
                try (TlsMember member = TlsMember.start(directory, WORKERS);
                        Cluster cluster = member.join()) {
                    measure(row, Workers.processes(WORKERS).on(cluster).build());
                }
            }
            default -> {
                long trip = Math.round(Double.parseDouble(row) * 1e6);
                try (LocalMembers members = LocalMembers.start(1, WORKERS);
                        DelayingProxy network = DelayingProxy.start(trip, port -> true);
                        Cluster cluster = members.join()) {
                    measure(row + " ms", Workers.processes(WORKERS).on(cluster).build());
                    System.out.println(network.openSockets() / 2 + " connections were slowed down");
                }
            }
        }
    }

    private static void measure(String row, Workers opened) {
        try (Workers workers = opened) {
            double tiny = tasksPerSecond(
                    workers, i -> i + 1, IntStream.range(0, 200_000).boxed().toList());
            double waiting = tasksPerSecond(workers, ClusterRates::waitFiveMillis, Collections.nCopies(200, 1));
            double large = tasksPerSecond(workers, bytes -> bytes, Collections.nCopies(60, new byte[MIB]));
            System.out.printf(
                    Locale.ROOT,
                    "%-8s tiny %,10.0f   5 ms %,6.0f   1 MiB both ways %,6.0f%n",
                    row,
                    tiny,
                    waiting,
                    large);
        }
    }

    private static int waitFiveMillis(int argument) throws InterruptedException {
        long end = System.nanoTime() + TASK_NANOS;
        for (long left = TASK_NANOS; left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        return argument;
    }

    private static <T, R> double tasksPerSecond(Workers workers, Task<T, R> task, List<T> arguments) {
        Scatter<T, R> function = Lox.on(workers, task);
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            long begun = System.nanoTime();
            int results = function.gather(arguments).size();
            double nanos = System.nanoTime() - begun;
            if (results != arguments.size()) {
                throw new IllegalStateException("a result is missing");
            }
            if (round >= WARM_UP) {
                rates.add(results / nanos * 1e9);
            }
        }
        return Medians.of(rates);
    }
}
