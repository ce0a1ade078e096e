package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.test.Patience;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * Nothing in {@code map}, {@code gatherFlux} and {@code gatherAsCompleted} blocks a thread that must not block, be it the source's, a
 * worker's or the subscriber's.
 */
@Tag("blockhound")
class StreamsBlockHoundTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private static final int SIZE = 20_000;

    private interface Way extends Function<Scatter<Integer, Integer>, Flux<Integer>> {}

    @BeforeAll
    static void arm() {
        BlockHound.install();
    }

    static Stream<Named<Way>> ways() {
        return Stream.of(
                Named.of(
                        "map",
                        function -> Flux.range(0, SIZE)
                                .publishOn(Schedulers.parallel())
                                .transform(function::map)),
                Named.of(
                        "map, far ahead",
                        function -> Flux.range(0, SIZE)
                                .publishOn(Schedulers.parallel())
                                .transform(source -> function.map(source, 64))),
                Named.of("gatherFlux", function -> scattered(function, Gatherer::gatherFlux)),
                Named.of("gatherAsCompleted", function -> scattered(function, Gatherer::gatherAsCompleted)));
    }

    /** On a thread that must not block from the first scatter on. */
    private static Flux<Integer> scattered(
            Scatter<Integer, Integer> function, Function<Scatter<Integer, Integer>, Flux<Integer>> gather) {
        return Flux.defer(() -> {
            for (int i = 0; i < SIZE; i++) {
                function.scatter(i);
            }
            return gather.apply(function);
        });
    }

    @Test
    void shouldBeArmed() {
        StepVerifier.create(Mono.fromRunnable(() -> LockSupport.parkNanos(1)).subscribeOn(Schedulers.parallel()))
                .expectErrorMatches(error ->
                        error instanceof BlockingOperationError || error.getCause() instanceof BlockingOperationError)
                .verify(LIMIT);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldFindATaskThatBlocksOnANonBlockingThread(Way way) {
        StepVerifier.create(way.apply(Lox.on(Schedulers.parallel(), 2, i -> {
                            if (i == 0) { // one failure, which the subscriber receives
                                LockSupport.parkNanos(1);
                            }
                            return i;
                        }))
                        .ignoreElements())
                .expectErrorMatches(error -> error instanceof BlockingOperationError)
                .verify(LIMIT);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNeverBlockTheSourcesOrTheSubscribersThread(Way way) {
        expect(way.apply(Lox.thread(3, i -> i + 1)).publishOn(Schedulers.parallel()));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNeverBlockANonBlockingThreadThatIsAWorker(Way way) {
        expect(way.apply(Lox.on(Schedulers.parallel(), 2, i -> i + 1)));
    }

    private static void expect(Flux<Integer> results) {
        List<Integer> received =
                results.subscribeOn(Schedulers.parallel()).collectList().block(LIMIT);
        assertThat(Objects.requireNonNull(received).stream().sorted())
                .isEqualTo(IntStream.rangeClosed(1, SIZE).boxed().toList());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNeverBlockWhoCancels(Way way) {
        Scatter<Integer, Integer> increment = Lox.thread(3, i -> i + 1);

        assertThat(Flux.range(0, 100)
                        .concatMap(i -> way.apply(increment).take(i % 7).subscribeOn(Schedulers.parallel()))
                        .count()
                        .block(LIMIT))
                .isEqualTo(IntStream.range(0, 100).mapToLong(i -> i % 7).sum());
    }
}
