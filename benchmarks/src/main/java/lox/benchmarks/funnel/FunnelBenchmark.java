package lox.benchmarks.funnel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import lox.reactor.Funnel;
import lox.reactor.Joins;
import lox.sync.Joined;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Flux;

/**
 * Two values of one job become one, a thousand jobs at a time, one thread. The second value of a job comes 64 jobs
 * after the first, so as many are pending. The time is for one join.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FunnelBenchmark {
    private static final int JOBS = 1_000;
    private static final int DISTANCE = 64;

    /**
     * With any less than the number of events, this way to join hangs: groupBy asks for no more when a group has had
     * its two. And this much gives each group a queue of 256 places only, where 2,000, say, would give it one of 2,000.
     */
    private static final int GROUP_PREFETCH = Integer.MAX_VALUE;

    private record Event(Integer id, boolean left, String value) {}

    private final List<Event> events = new ArrayList<>();
    private final List<Event> lefts = new ArrayList<>();
    private final List<Event> rights = new ArrayList<>();

    private final lox.sync.Funnel<Integer> polled = lox.sync.Funnel.create();
    private final lox.sync.Funnel.Input<Integer, String> polledLeft = polled.input("left");
    private final lox.sync.Funnel.Input<Integer, String> polledRight = polled.input("right");

    private final Funnel<Integer> funnel = Funnel.create();
    private final Funnel.Input<Integer, String> left = funnel.input("left");
    private final Funnel.Input<Integer, String> right = funnel.input("right");

    private final ConcurrentHashMap<Integer, String> map = new ConcurrentHashMap<>();

    @Setup
    public void prepare(Blackhole hole) {
        for (int i = 0; i < JOBS + DISTANCE; i++) {
            if (i < JOBS) {
                lefts.add(new Event(i, true, "left"));
                events.add(lefts.get(i));
            }
            if (i >= DISTANCE) {
                rights.add(new Event(i - DISTANCE, false, "right"));
                events.add(rights.get(i - DISTANCE));
            }
        }
        funnel.asFlux().subscribe(hole::consume);
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void funnel() {
        for (Event event : events) {
            (event.left() ? left : right).put(event.id(), event.value());
        }
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void funnelTaken(Blackhole hole) throws InterruptedException {
        for (Event event : events) {
            if (event.left()) {
                polledLeft.put(event.id(), event.value());
            } else {
                polledRight.put(event.id(), event.value());
                Joined<Integer> joined = polled.take();
                hole.consume(joined);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void funnelJoin(Blackhole hole) {
        Joins.join(
                        Flux.fromIterable(lefts),
                        Event::id,
                        Flux.fromIterable(rights),
                        Event::id,
                        (id, one, other) -> List.of(one, other))
                .subscribe(hole::consume);
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void groupBy(Blackhole hole) {
        int[] joined = {0};
        Flux.fromIterable(events)
                .groupBy(Event::id, GROUP_PREFETCH)
                .flatMap(group -> group.take(2).collectList(), 2 * JOBS)
                .subscribe(list -> {
                    hole.consume(list);
                    joined[0]++;
                });
        if (joined[0] != JOBS) {
            throw new IllegalStateException("joined " + joined[0] + " of " + JOBS);
        }
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void concurrentHashMap(Blackhole hole) {
        for (Event event : events) {
            if (event.left()) {
                map.put(event.id(), event.value());
            } else {
                hole.consume(map.remove(event.id()));
            }
        }
    }
}
