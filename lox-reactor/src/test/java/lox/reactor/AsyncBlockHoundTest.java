package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.RetryPolicy;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A function that does not block can be scattered to, mapped and gathered on threads that must not block, and be called there. */
@Tag("blockhound")
class AsyncBlockHoundTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private static final int SIZE = 200;

    @BeforeAll
    static void arm() {
        BlockHound.install();
    }

    private static Mono<Integer> later(Integer i) {
        return Mono.delay(Duration.ofMillis(i % 3), Schedulers.parallel()).thenReturn(i);
    }

    private static void expect(Mono<List<Integer>> results) {
        List<Integer> received = results.subscribeOn(Schedulers.parallel()).block(LIMIT);
        assertThat(Objects.requireNonNull(received).stream().sorted())
                .isEqualTo(IntStream.range(0, SIZE).boxed().toList());
    }

    @Test
    void shouldBeArmed() {
        StepVerifier.create(Lox.<Integer, Integer>async(1, i -> {
                            LockSupport.parkNanos(1);
                            return Mono.just(i);
                        })
                        .map(Flux.just(1).publishOn(Schedulers.parallel())))
                .expectErrorMatches(BlockingOperationError.class::isInstance)
                .verify(LIMIT);
    }

    @Test
    void shouldGatherWithoutBlocking() {
        Scatter<Integer, Integer> function = Lox.async(5, AsyncBlockHoundTest::later);
        expect(Mono.defer(() -> {
            for (int i = 0; i < SIZE; i++) {
                function.scatter(i);
            }
            return function.gather();
        }));
        expect(Flux.range(0, SIZE).flatMap(function::submit).collectList());
    }

    @Test
    void shouldMapWithoutBlocking() {
        Scatter<Integer, Integer> function = Lox.async(5, AsyncBlockHoundTest::later);
        Flux<Integer> source = Flux.range(0, SIZE).publishOn(Schedulers.parallel());
        expect(function.map(source).collectList());
        expect(function.mapUnordered(source).collectList());
        expect(function.mapByKey(source, i -> i % 7).collectList());
    }

    @Test
    void shouldChainWithoutBlocking() {
        Scatter<Integer, Integer> chain = Lox.async(5, AsyncBlockHoundTest::later)
                .andThen(Lox.<Integer, Integer>thread(2, i -> i))
                .andThen(Lox.async(3, AsyncBlockHoundTest::later));
        expect(chain.map(Flux.range(0, SIZE).publishOn(Schedulers.parallel())).collectList());
    }

    @Test
    void shouldTryAgainAndTimeOutWithoutBlocking() {
        try (Workers workers = Workers.async(3)
                .taskTimeout(Duration.ofMillis(20))
                .retry(RetryPolicy.times(1).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
                .build()) {
            Scatter<Integer, Integer> function = Lox.async(workers, i -> i % 5 == 0 ? Mono.never() : later(i));
            StepVerifier.create(function.mapSettled(Flux.range(0, 20).publishOn(Schedulers.parallel())))
                    .expectNextCount(20)
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    @Test
    void shouldCancelWithoutBlocking() {
        Scatter<Integer, Integer> function = Lox.async(3, AsyncBlockHoundTest::later);
        assertThat(Flux.range(0, 50)
                        .concatMap(i ->
                                function.map(Flux.range(0, SIZE)).take(i % 7).subscribeOn(Schedulers.parallel()))
                        .count()
                        .block(LIMIT))
                .isEqualTo(IntStream.range(0, 50).mapToLong(i -> i % 7).sum());
    }
}
