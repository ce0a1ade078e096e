package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that are far away compute the same. */
class SlowNetworkTest {
    private static final int TASKS = 5_000;
    private static final long TRIP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long TASK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

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

    private static DelayingProxy moveAway(long tripNanos) {
        List<Integer> ports = new ArrayList<>(members.dataPorts());
        for (String seed : members.seeds().split(",", -1)) {
            ports.add(Integer.valueOf(seed.substring(seed.indexOf(':') + 1)));
        }
        return DelayingProxy.start(tripNanos, ports::contains);
    }

    @ParameterizedTest
    @ValueSource(longs = {500, 5_000, 20_000})
    void shouldGatherInOrderFromFarAway(long tripMicros) {
        try (DelayingProxy network = moveAway(TimeUnit.MICROSECONDS.toNanos(tripMicros));
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
    private static final class Sent implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger TIMES = new AtomicInteger();

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            TIMES.incrementAndGet();
        }
    }

    /** A new function begins with runs of one task. So a second that is sent before any answer is a second run. */
    @Test
    void shouldHaveTwoRunsUnderWayOnALongWay() throws Exception {
        try (DelayingProxy network = moveAway(TRIP_NANOS);
                Cluster cluster = members.join();
                Workers workers = Workers.processes(1).on(cluster).build()) {
            List<Sent> arguments = IntStream.range(0, 50).mapToObj(i -> new Sent()).toList();
            lox.sync.Task<Sent, Boolean> task = argument -> {
                LockSupport.parkNanos(TASK_NANOS);
                return true;
            };
            assertThat(Lox.on(workers, task).gather(arguments)).hasSize(50).containsOnly(true); // classes are there
            Scatter<Sent, Boolean> other = Lox.on(workers, task);
            Sent.TIMES.set(0);
            network.holdAnswers();
            CompletableFuture<List<Boolean>> results = CompletableFuture.supplyAsync(() -> other.gather(arguments));
            Patience.until("a second run is under way", () -> Sent.TIMES.get() == 2);
            assertThat(results).isNotDone();
            network.release();
            assertThat(results.get(Patience.SECONDS, TimeUnit.SECONDS)).hasSize(50).containsOnly(true);
        }
    }
}
