package lox.benchmarks.maps;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.benchmarks.Medians;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import lox.sync.Workers;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * An ordered map whose tasks take unequal times, by how far its source may run ahead: a result that is held back by a
 * slow one before it takes a place, so workers are idle unless there are more places than workers. Beside it {@code
 * flatMapSequential}, and a gather of the same tasks, which holds nothing back.
 */
public final class UnequalTimes {
    private static final int AT_ONCE = 8;
    private static final int TASKS = 2_000;
    private static final double MEAN_NANOS = 2e6;

    private UnequalTimes() {}

    /**
     * Runs all of them in turns.
     *
     * @param args how often each is measured; 3 if absent
     */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        System.out.printf(
                "JDK %s; %,d tasks of 2 ms on average, %d at once; milliseconds, and beside a gather%n",
                Runtime.version(), TASKS, AT_ONCE);
        Random random = new Random(1);
        report("1 to 3 ms", random.doubles(TASKS, 0.5, 1.5).toArray(), rounds);
        report("exponential", random.doubles(TASKS).map(x -> -Math.log(1 - x)).toArray(), rounds);
    }

    private static void report(String what, double[] times, int rounds) {
        List<Integer> tasks = IntStream.range(0, TASKS).boxed().toList();
        Scheduler scheduler = Schedulers.newBoundedElastic(AT_ONCE, Integer.MAX_VALUE, "peer", 60, true);
        try (Workers workers = Workers.threads(AT_ONCE).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> waitFor(times[i], i));
            Map<String, Mono<?>> rows = new LinkedHashMap<>();
            rows.put("gather(list)", Mono.defer(() -> function.gather(tasks)));
            for (int ahead : new int[] {AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE, 4 * AT_ONCE, 8 * AT_ONCE}) {
                rows.put(
                        "map, " + ahead + " ahead",
                        function.map(Flux.fromIterable(tasks), ahead).count());
            }
            rows.put("map", function.map(Flux.fromIterable(tasks)).count());
            rows.put(
                    "flatMapSequential(fn, " + AT_ONCE + ")",
                    Flux.fromIterable(tasks)
                            .flatMapSequential(
                                    i -> Mono.fromCallable(() -> waitFor(times[i], i))
                                            .subscribeOn(scheduler),
                                    AT_ONCE)
                            .count());
            Map<String, List<Double>> measured = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                rows.forEach((row, work) ->
                        measured.computeIfAbsent(row, none -> new ArrayList<>()).add(millis(work)));
            }
            double base = Medians.of(measured.getOrDefault("gather(list)", List.of()));
            measured.forEach((row, all) -> System.out.printf(
                    Locale.ROOT, "%-12s %-26s %6.0f %.2f%n", what, row, Medians.of(all), Medians.of(all) / base));
        } finally {
            scheduler.dispose();
        }
    }

    private static double millis(Mono<?> work) {
        long begun = System.nanoTime();
        if (work.block() == null) {
            throw new IllegalStateException("no result");
        }
        return (System.nanoTime() - begun) / 1e6;
    }

    private static int waitFor(double time, int result) {
        long end = System.nanoTime() + (long) (time * MEAN_NANOS);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return result;
    }
}
