package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Nothing in {@code map} blocks a thread that must not block, be it the source's, a worker's or the subscriber's. */
class MapBlockHoundTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @BeforeAll
    static void arm() {
        BlockHound.install();
    }

    @Test
    void shouldBeArmed() {
        StepVerifier.create(Mono.fromRunnable(() -> LockSupport.parkNanos(1)).subscribeOn(Schedulers.parallel()))
                .expectErrorMatches(error ->
                        error instanceof BlockingOperationError || error.getCause() instanceof BlockingOperationError)
                .verify(LIMIT);
    }

    @Test
    void shouldFindATaskThatBlocksOnANonBlockingThread() {
        Scatter<Integer, Integer> blocking = Lox.on(Schedulers.parallel(), 2, i -> {
            LockSupport.parkNanos(1);
            return i;
        });
        StepVerifier.create(blocking.map(Flux.range(0, 3)))
                .expectErrorMatches(error -> error instanceof BlockingOperationError)
                .verify(LIMIT);
    }

    @Test
    void shouldNeverBlockTheSourcesOrTheSubscribersThread() {
        Scatter<Integer, Integer> increment = Lox.thread(3, i -> i + 1);

        assertThat(Flux.range(0, 20_000)
                        .publishOn(Schedulers.parallel())
                        .transform(increment::map)
                        .publishOn(Schedulers.parallel())
                        .transform(source -> increment.map(source, 64))
                        .subscribeOn(Schedulers.parallel())
                        .collectList()
                        .block(LIMIT))
                .isEqualTo(IntStream.range(2, 20_002).boxed().toList());
    }

    @Test
    void shouldNeverBlockANonBlockingThreadThatIsAWorker() {
        Scatter<Integer, Integer> increment = Lox.on(Schedulers.parallel(), 2, i -> i + 1);

        assertThat(increment.map(Flux.range(0, 20_000), 16).collectList().block(LIMIT))
                .isEqualTo(IntStream.range(1, 20_001).boxed().toList());
    }

    @Test
    void shouldNeverBlockWhoCancels() {
        Scatter<Integer, Integer> increment = Lox.thread(3, i -> i + 1);

        assertThat(Flux.range(0, 2_000)
                        .flatMap(
                                i -> increment
                                        .map(Flux.range(0, 100))
                                        .take(i % 7)
                                        .subscribeOn(Schedulers.parallel()),
                                8)
                        .count()
                        .block(LIMIT))
                .isEqualTo(IntStream.range(0, 2_000).mapToLong(i -> i % 7).sum());
    }
}
