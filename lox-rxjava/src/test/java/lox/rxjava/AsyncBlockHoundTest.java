package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Outcome;
import lox.sync.RetryPolicy;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;

/** A function that does not block can be scattered to, mapped and gathered on threads that must not block, and be called there. */
@Tag("blockhound")
class AsyncBlockHoundTest {
    private static final int SIZE = 200;

    @BeforeAll
    static void arm() {
        NonBlockingThreads.watch();
    }

    private static Single<Integer> later(Integer i) {
        return Single.timer(i % 3, TimeUnit.MILLISECONDS, Schedulers.computation())
                .map(tick -> i);
    }

    /** Computation threads, which must not block. */
    private static Flowable<Integer> source() {
        return Flowable.range(0, SIZE).observeOn(Schedulers.computation());
    }

    private static void expect(Flowable<Integer> results) {
        List<Integer> received = results.subscribeOn(Schedulers.computation())
                .toList()
                .timeout(Patience.SECONDS, TimeUnit.SECONDS)
                .blockingGet();
        assertThat(received.stream().sorted())
                .isEqualTo(IntStream.range(0, SIZE).boxed().toList());
    }

    @Test
    void shouldBeArmed() {
        Lox.<Integer, Integer>async(1, i -> {
                    LockSupport.parkNanos(1);
                    return Single.just(i);
                })
                .map(Flowable.just(1).observeOn(Schedulers.computation()))
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertError(BlockingOperationError.class);
    }

    @Test
    void shouldGatherWithoutBlocking() {
        Scatter<Integer, Integer> function = Lox.async(5, AsyncBlockHoundTest::later);
        expect(Flowable.defer(() -> {
            for (int i = 0; i < SIZE; i++) {
                function.scatter(i);
            }
            return function.gatherFlowable();
        }));
        List<Integer> all = IntStream.range(0, SIZE).boxed().toList();
        expect(Single.defer(() -> function.gather(all)).flattenAsFlowable(results -> results));
        expect(Flowable.range(0, SIZE).flatMapSingle(function::submit));
    }

    @Test
    void shouldMapWithoutBlocking() {
        Scatter<Integer, Integer> function = Lox.async(5, AsyncBlockHoundTest::later);
        expect(source().compose(function::map));
        expect(source().compose(function::mapUnordered));
        expect(source().compose(all -> function.mapByKey(all, i -> i % 7)));
    }

    @Test
    void shouldChainWithoutBlocking() {
        Scatter<Integer, Integer> chain = Lox.async(5, AsyncBlockHoundTest::later)
                .andThen(Lox.<Integer, Integer>thread(2, i -> i))
                .andThen(Lox.async(3, AsyncBlockHoundTest::later));
        expect(source().compose(chain::map));
    }

    @Test
    void shouldTryAgainAndTimeOutWithoutBlocking() {
        try (Workers workers = Workers.async(3)
                .taskTimeout(Duration.ofMillis(20))
                .retry(RetryPolicy.times(1).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
                .build()) {
            Scatter<Integer, Integer> function = Lox.async(workers, i -> i % 5 == 0 ? Single.never() : later(i));
            Flowable<Outcome<Integer>> outcomes =
                    source().take(20).compose(function::mapSettled).subscribeOn(Schedulers.computation());
            assertThat(outcomes.count()
                            .timeout(Patience.SECONDS, TimeUnit.SECONDS)
                            .blockingGet())
                    .isEqualTo(20);
        }
    }

    @Test
    void shouldCancelWithoutBlocking() {
        Scatter<Integer, Integer> function = Lox.async(3, AsyncBlockHoundTest::later);
        for (int round = 0; round < 50; round++) {
            source().compose(function::map)
                    .take(round % 7)
                    .subscribeOn(Schedulers.computation())
                    .test()
                    .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                    .assertComplete()
                    .assertValueCount(round % 7);
        }
    }
}
