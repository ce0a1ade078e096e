package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.blockhound.BlockingOperationError;

/** Nothing in {@code map}, {@code gatherFlowable} and {@code gatherAsCompleted} blocks a thread that must not block. */
@Tag("blockhound")
class StreamsBlockHoundTest {
    private static final int SIZE = 20_000;

    private interface Way extends Function<Scatter<Integer, Integer>, Flowable<Integer>> {}

    private final Queue<Throwable> undelivered = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void arm() {
        NonBlockingThreads.watch();
    }

    @BeforeEach
    void collect() {
        RxJavaPlugins.setErrorHandler(undelivered::add);
    }

    @AfterEach
    void shouldLeaveNoFailureUndelivered() {
        RxJavaPlugins.setErrorHandler(null);
        assertThat(undelivered).isEmpty();
    }

    static Stream<Named<Way>> ways() {
        return Stream.of(
                Named.of(
                        "map",
                        function -> Flowable.range(0, SIZE)
                                .observeOn(Schedulers.computation())
                                .compose(function::map)),
                Named.of(
                        "map, far ahead",
                        function -> Flowable.range(0, SIZE)
                                .observeOn(Schedulers.computation())
                                .compose(source -> function.map(source, 64))),
                Named.of("gatherFlowable", function -> scattered(function, Gatherer::gatherFlowable)),
                Named.of("gatherAsCompleted", function -> scattered(function, Gatherer::gatherAsCompleted)));
    }

    /** On a thread that must not block from the first scatter on. */
    private static Flowable<Integer> scattered(
            Scatter<Integer, Integer> function, Function<Scatter<Integer, Integer>, Flowable<Integer>> gather) {
        return Flowable.defer(() -> {
            for (int i = 0; i < SIZE; i++) {
                function.scatter(i);
            }
            return gather.apply(function);
        });
    }

    @Test
    void shouldBeArmed() {
        Single.fromCallable(() -> {
                    LockSupport.parkNanos(1);
                    return 1;
                })
                .subscribeOn(Schedulers.computation())
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertError(BlockingOperationError.class);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldFindATaskThatBlocksOnANonBlockingThread(Way way) {
        way.apply(Lox.on(Schedulers.computation(), 2, i -> {
                    if (i == 0) { // one failure, which the subscriber receives
                        LockSupport.parkNanos(1);
                    }
                    return i;
                }))
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertError(BlockingOperationError.class);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNeverBlockTheSourcesOrTheSubscribersThread(Way way) {
        expect(way.apply(Lox.thread(3, i -> i + 1)).observeOn(Schedulers.computation()));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNeverBlockANonBlockingThreadThatIsAWorker(Way way) {
        expect(way.apply(Lox.on(Schedulers.computation(), 2, i -> i + 1)));
    }

    private static void expect(Flowable<Integer> results) {
        List<Integer> received = results.subscribeOn(Schedulers.computation())
                .toList()
                .timeout(Patience.SECONDS, TimeUnit.SECONDS)
                .blockingGet();
        assertThat(received.stream().sorted())
                .isEqualTo(IntStream.rangeClosed(1, SIZE).boxed().toList());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNeverBlockWhoCancels(Way way) {
        Scatter<Integer, Integer> increment = Lox.thread(3, i -> i + 1);
        for (int round = 0; round < 100; round++) {
            way.apply(increment)
                    .take(round % 7)
                    .subscribeOn(Schedulers.computation())
                    .test()
                    .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                    .assertComplete()
                    .assertValueCount(round % 7);
        }
    }
}
