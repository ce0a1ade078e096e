package lox.benchmarks.async;

import com.sun.management.ThreadMXBean;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Many calls of a function that returns a publisher: 200,000 that end at once, as many that do so unseen, and 20,000
 * that end a millisecond later.
 * Lox and its peer run in turn, in one JVM in which all have run. Prints the medians and their ratio, and what all
 * threads allocate for an element.
 */
public final class Calls {
    private static final int AT_ONCE = 256;
    private static final int WARM_UP = 10;

    private static final List<Integer> MANY = numbers(200_000);
    private static final List<Integer> FEWER = numbers(20_000);

    private static final lox.reactor.Scatter<Integer, Integer> MONOS =
            lox.reactor.Lox.async(AT_ONCE, i -> Mono.just(i + 1));
    private static final lox.rxjava.Scatter<Integer, Integer> SINGLES =
            lox.rxjava.Lox.async(AT_ONCE, i -> Single.just(i + 1));
    private static final lox.reactor.Scatter<Integer, Integer> HIDDEN_MONOS =
            lox.reactor.Lox.async(AT_ONCE, Calls::hiddenMono);
    private static final lox.rxjava.Scatter<Integer, Integer> HIDDEN_SINGLES =
            lox.rxjava.Lox.async(AT_ONCE, Calls::hiddenSingle);
    private static final lox.reactor.Scatter<Integer, Integer> LATE_MONOS =
            lox.reactor.Lox.async(AT_ONCE, Calls::lateMono);
    private static final lox.rxjava.Scatter<Integer, Integer> LATE_SINGLES =
            lox.rxjava.Lox.async(AT_ONCE, Calls::lateSingle);

    /** One row: the same work by lox and by its peer. */
    private record Row(
            String what, List<Integer> elements, Supplier<@Nullable Number> ours, Supplier<@Nullable Number> theirs) {}

    private static final List<Row> ROWS = List.of(
            new Row(
                    "Reactor, map / flatMapSequential",
                    MANY,
                    () -> sum(MONOS.map(Flux.fromIterable(MANY))),
                    () -> sum(Flux.fromIterable(MANY).flatMapSequential(i -> Mono.just(i + 1), AT_ONCE))),
            new Row(
                    "Reactor, gather(list) / flatMapSequential",
                    MANY,
                    () -> size(MONOS.gather(MANY)),
                    () -> size(Flux.fromIterable(MANY)
                            .flatMapSequential(i -> Mono.just(i + 1), AT_ONCE)
                            .collectList())),
            new Row(
                    "Reactor, scatter and gather / flatMapSequential",
                    MANY,
                    Calls::scattered,
                    () -> size(Flux.fromIterable(MANY)
                            .flatMapSequential(i -> Mono.just(i + 1), AT_ONCE)
                            .collectList())),
            new Row(
                    "RxJava, map / concatMapEager",
                    MANY,
                    () -> sum(SINGLES.map(Flowable.fromIterable(MANY))),
                    () -> sum(Flowable.fromIterable(MANY)
                            .concatMapEager(i -> Single.just(i + 1).toFlowable(), AT_ONCE, 1))),
            new Row(
                    "RxJava, gather(list) / concatMapEager",
                    MANY,
                    () -> SINGLES.gather(MANY).map(List::size).blockingGet(),
                    () -> Flowable.fromIterable(MANY)
                            .concatMapEager(i -> Single.just(i + 1).toFlowable(), AT_ONCE, 1)
                            .toList()
                            .map(List::size)
                            .blockingGet()),
            new Row(
                    "Reactor, hidden, map / flatMapSequential",
                    MANY,
                    () -> sum(HIDDEN_MONOS.map(Flux.fromIterable(MANY))),
                    () -> sum(Flux.fromIterable(MANY).flatMapSequential(Calls::hiddenMono, AT_ONCE))),
            new Row(
                    "RxJava, hidden, map / concatMapEager",
                    MANY,
                    () -> sum(HIDDEN_SINGLES.map(Flowable.fromIterable(MANY))),
                    () -> sum(Flowable.fromIterable(MANY)
                            .concatMapEager(i -> hiddenSingle(i).toFlowable(), AT_ONCE, 1))),
            new Row(
                    "Reactor, 1 ms, map / flatMapSequential",
                    FEWER,
                    () -> sum(LATE_MONOS.map(Flux.fromIterable(FEWER))),
                    () -> sum(Flux.fromIterable(FEWER).flatMapSequential(Calls::lateMono, AT_ONCE))),
            new Row(
                    "Reactor, 1 ms, map 256 ahead / flatMapSequential",
                    FEWER,
                    () -> sum(LATE_MONOS.map(Flux.fromIterable(FEWER), AT_ONCE)),
                    () -> sum(Flux.fromIterable(FEWER).flatMapSequential(Calls::lateMono, AT_ONCE))),
            new Row(
                    "RxJava, 1 ms, map / concatMapEager",
                    FEWER,
                    () -> sum(LATE_SINGLES.map(Flowable.fromIterable(FEWER))),
                    () -> sum(Flowable.fromIterable(FEWER)
                            .concatMapEager(i -> lateSingle(i).toFlowable(), AT_ONCE, 1))));

    private Calls() {}

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /** Nobody can see that it ends at once: it has to be subscribed to. */
    private static Mono<Integer> hiddenMono(int i) {
        return Mono.just(i + 1).hide();
    }

    private static Single<Integer> hiddenSingle(int i) {
        return Single.just(i + 1).hide();
    }

    private static Mono<Integer> lateMono(int i) {
        return Mono.delay(Duration.ofMillis(1)).map(tick -> i + 1);
    }

    private static Single<Integer> lateSingle(int i) {
        return Single.timer(1, TimeUnit.MILLISECONDS).map(tick -> i + 1);
    }

    private static @Nullable Number sum(Flux<Integer> results) {
        return results.reduce(0L, Long::sum).block();
    }

    private static Number sum(Flowable<Integer> results) {
        return results.reduce(0L, Long::sum).blockingGet();
    }

    private static Number size(Mono<List<Integer>> results) {
        List<Integer> all = results.block();
        return all == null ? -1 : all.size();
    }

    private static Number scattered() {
        MANY.forEach(MONOS::scatter);
        return size(MONOS.gather());
    }

    /**
     * Runs all rows.
     *
     * @param args how often each is measured; 15 if absent
     */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        System.out.printf(
                "JDK %s, %d cores; nanoseconds, and bytes of all threads, an element%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        for (Row row : ROWS) { // all have run before any is measured
            measure(row, WARM_UP);
        }
        for (Row row : ROWS) {
            System.out.println(measure(row, rounds));
        }
    }

    private static String measure(Row row, int rounds) {
        List<double[]> ours = new ArrayList<>();
        List<double[]> theirs = new ArrayList<>();
        for (int i = 0; i < rounds; i++) { // in turn, so that both see the same weather
            ours.add(run(row.ours, row.elements.size()));
            theirs.add(run(row.theirs, row.elements.size()));
        }
        double mine = median(ours, 0);
        double other = median(theirs, 0);
        return String.format(
                Locale.ROOT,
                "%-48s %6.0f / %6.0f ns = %.2f; %4.0f / %4.0f B",
                row.what,
                mine,
                other,
                mine / other,
                median(ours, 1),
                median(theirs, 1));
    }

    /** Time and allocation of one element. */
    private static double[] run(Supplier<@Nullable Number> work, int elements) {
        long allocated = allocated();
        long begun = System.nanoTime();
        Number result = work.get();
        long nanos = System.nanoTime() - begun;
        long bytes = allocated() - allocated;
        if (result == null || result.longValue() < elements) {
            throw new IllegalStateException("wrong result " + result);
        }
        return new double[] {(double) nanos / elements, (double) bytes / elements};
    }

    /** What all threads have allocated; those that end calls live as long as this JVM. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0) // -1: it has ended meanwhile
                .sum();
    }

    private static double median(List<double[]> values, int of) {
        double[] sorted =
                values.stream().mapToDouble(value -> value[of]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
