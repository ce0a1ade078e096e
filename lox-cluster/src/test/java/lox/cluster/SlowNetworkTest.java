package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.DelayingProxy;
import lox.test.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that are far away compute the same. */
class SlowNetworkTest {
    private static final int TASKS = 5_000;
    private static final long TRIP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long TASK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // before the first test
    private static LocalMembers members;

    @BeforeAll
    static void start() {
        members = LocalMembers.start(2, 1);
    }

    @AfterAll
    static void end() {
        members.close();
    }

    /** Puts members far away from what joins them later. */
    static DelayingProxy moveAway(LocalMembers members, long tripNanos) {
        List<Integer> ports = new ArrayList<>(members.dataPorts());
        for (String seed : members.seeds().split(",", -1)) {
            ports.add(Integer.valueOf(seed.substring(seed.indexOf(':') + 1)));
        }
        return DelayingProxy.start(tripNanos, ports::contains);
    }

    @ParameterizedTest
    @ValueSource(longs = {500, 5_000, 20_000})
    void shouldGatherInOrderFromFarAway(long tripMicros) {
        try (DelayingProxy network = moveAway(members, TimeUnit.MICROSECONDS.toNanos(tripMicros));
                Cluster cluster = members.join();
                Workers workers = Workers.processes(2).on(cluster).build()) {
            List<Integer> numbers = IntStream.range(0, TASKS).boxed().toList();
            Scatter<Integer, Integer> square = Lox.on(workers, i -> i * i);
            for (int round = 0; round < 3; round++) {
                assertThat(square.gather(numbers))
                        .isEqualTo(numbers.stream().map(i -> i * i).toList());
            }
            Scatter<byte[], byte[]> echo = Lox.on(workers, bytes -> bytes);
            byte[] large = new byte[3 << 20];
            large[large.length - 1] = 42;
            assertThat(echo.gather(List.of(large, new byte[0], large))).containsExactly(large, new byte[0], large);
            assertThat(network.openSockets()).isGreaterThanOrEqualTo(4); // it did go through it
        }
    }

    /** Counts how often values of it have been sent. */
    private record Counted(int number, String go) implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger TIMES = new AtomicInteger();

        /** Instead of writeObject, which a record has not. */
        private Object writeReplace() {
            TIMES.incrementAndGet();
            return this;
        }

        /** Takes 5 ms; but those after the first wait until they may go on, and say so. */
        static int run(Counted argument) throws IOException {
            LockSupport.parkNanos(TASK_NANOS);
            if (argument.number > 0 && !Files.exists(Path.of(argument.go))) {
                TestFiles.add(argument.go + "-waits", argument.number);
                TestFiles.await(argument.go);
            }
            return argument.number;
        }
    }

    /**
     * A new function begins with a run of one task, and the next have two or eight. So while the second task keeps the
     * worker, three or nine tasks have been sent if one run is under way, five or seventeen if two are. On a
     * machine that is so slow that the first task passes for a long one, or that the watch recalls the first run before
     * the lane comes to send the second, there is no second run; that is tried again.
     */
    @Test
    void shouldHaveTwoRunsUnderWayOnALongWay() throws Exception {
        try (DelayingProxy network = moveAway(members, TRIP_NANOS);
                Cluster cluster = members.join();
                Workers workers = Workers.processes(1).on(cluster).build()) {
            int round = 0;
            while (!hasTwoRunsUnderWay(workers, directory.resolve("go-" + round))) {
                assertThat(++round).isLessThan(20);
            }
            assertThat(network.openSockets()).isPositive();
        }
    }

    private static boolean hasTwoRunsUnderWay(Workers workers, Path go) throws Exception {
        Scatter<Counted, Integer> function = Lox.on(workers, Counted::run);
        Counted.TIMES.set(0);
        List<Counted> arguments = IntStream.range(0, 50)
                .mapToObj(i -> new Counted(i, go.toString()))
                .toList();
        CompletableFuture<List<Integer>> results = CompletableFuture.supplyAsync(() -> function.gather(arguments));
        Path waits = Path.of(go + "-waits");
        Patience.until("the second task waits", () -> !TestFiles.lines(waits).isEmpty());
        boolean second = Counted.TIMES.get() > 2; // the first was short
        for (long begun = System.nanoTime(); second && !Set.of(5, 17).contains(Counted.TIMES.get()); ) {
            LockSupport.parkNanos(TASK_NANOS);
            second = System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(2);
        }
        assertThat(results).isNotDone();
        Files.createFile(go);
        assertThat(results.get(Patience.SECONDS, TimeUnit.SECONDS))
                .isEqualTo(IntStream.range(0, 50).boxed().toList());
        return second;
    }
}
