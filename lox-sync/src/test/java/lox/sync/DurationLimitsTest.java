package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lox.sync.lock.Permit;
import lox.sync.lock.PermitRequest;
import lox.sync.lock.QLock;
import lox.test.Patience;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Times so long that they do not fit a number of nanoseconds, or hardly, are for ever. */
class DurationLimitsTest {
    static Stream<Duration> longest() {
        return Stream.of(
                Duration.ofNanos(Long.MAX_VALUE),
                Duration.ofNanos(Long.MAX_VALUE - 1),
                Duration.ofDays(40_000),
                Duration.ofSeconds(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("longest")
    void shouldWaitForAPermitForEver(Duration time) throws Exception {
        QLock lock = new QLock();
        Permit first = lock.acquire(time);
        PermitRequest<? extends Permit> second = lock.request(time);
        assertThat(second.stage().toCompletableFuture()).isNotDone();
        first.close();
        second.stage()
                .toCompletableFuture()
                .get(Patience.SECONDS, TimeUnit.SECONDS)
                .close();
        lock.acquire(time).close();
    }

    @ParameterizedTest
    @MethodSource("longest")
    void shouldLetATaskTakeForEver(Duration time) {
        try (Workers workers = Workers.threads(1).taskTimeout(time).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            function.scatter(1);
            assertThat(function.gather()).isEqualTo(List.of(1));
        }
    }

    @ParameterizedTest
    @MethodSource("longest")
    void shouldPutIntoAFullBufferAndTakeFromAnEmptyOneForEver(Duration time) throws Exception {
        Announcement<Integer> announcement = Announcement.create();
        try (Announcement.Subscription<Integer> items = announcement.subscribe(Buffer.blocking(1, time))) {
            announcement.put(1);
            Thread putter = new Thread(() -> announcement.put(2));
            putter.start();
            assertThat(items.poll(time)).contains(1);
            assertThat(items.poll(time)).contains(2);
            putter.join();
        }
        Funnel<String> funnel = Funnel.create();
        Funnel.Input<String, Integer> input = funnel.input("one");
        input.put("job", 1);
        assertThat(funnel.poll(time)).isPresent();
    }
}
