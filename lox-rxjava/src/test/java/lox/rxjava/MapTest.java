package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableTransformer;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code map} among RxJava's operators. What all dialects promise is in the contract tests. */
class MapTest {
    private final Scatter<Integer, Integer> twice = Lox.thread(3, i -> 2 * i);

    @AfterEach
    void resetPlugins() {
        RxJavaPlugins.reset();
    }

    private static List<Integer> doubled(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> 2 * i).toList();
    }

    @Test
    void shouldReadAsItIsSpoken() {
        Flowable<Integer> results = Flowable.range(0, 100).compose(twice::map);
        FlowableTransformer<Integer, Integer> asTransformer = twice::map;
        FlowableTransformer<Integer, Integer> delayed = twice::mapDelayError;

        assertThat(results.toList().blockingGet()).isEqualTo(doubled(0, 100));
        assertThat(Flowable.range(0, 9)
                        .compose(asTransformer)
                        .compose(delayed)
                        .lastOrError()
                        .blockingGet())
                .isEqualTo(32);
    }

    @Test
    void shouldGiveExactlyWhatIsRequested() {
        PublishProcessor<Integer> source = PublishProcessor.create();
        TestSubscriber<Integer> subscriber = twice.map(source, 4).test(0);
        for (int i = 0; i < 4; i++) {
            assertThat(source.offer(i)).isTrue();
        }
        assertThat(source.offer(4)).as("no more than four").isFalse();
        subscriber.assertNoValues();
        subscriber.request(2);
        subscriber.awaitCount(2).assertValuesOnly(0, 2);
        subscriber.request(2);
        subscriber.awaitCount(4).assertValuesOnly(0, 2, 4, 6);
        source.onComplete();
        subscriber.awaitDone(Patience.SECONDS, TimeUnit.SECONDS).assertResult(0, 2, 4, 6);
    }

    @Test
    void shouldRunAfreshForEachSubscription() {
        assertThat(twice.map(Flowable.range(0, 3)).repeat(3).toList().blockingGet())
                .containsExactly(0, 2, 4, 0, 2, 4, 0, 2, 4);

        AtomicInteger failures = new AtomicInteger(3);
        Scatter<Integer, Integer> flaky = Lox.thread(3, i -> {
            if (i == 7 && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("planned");
            }
            return 2 * i;
        });
        assertThat(flaky.map(Flowable.range(0, 20)).retry(3).toList().blockingGet())
                .endsWith(doubled(0, 20).toArray(new Integer[0]));
    }

    @Test
    void shouldWorkInsideFlatMapAndWindow() {
        assertThat(Flowable.range(0, 1_000)
                        .window(7)
                        .flatMap(twice::map, 16)
                        .toList()
                        .blockingGet())
                .containsExactlyInAnyOrderElementsOf(doubled(0, 1_000));
        assertThat(Flowable.range(0, 1_000)
                        .buffer(7) // a window that is not subscribed to at once is abandoned
                        .concatMap(some -> Flowable.fromIterable(some).compose(twice::map))
                        .toList()
                        .blockingGet())
                .isEqualTo(doubled(0, 1_000));
    }

    @Test
    void shouldTakeASourceOnAnotherThreadAndGoOnAnother() {
        assertThat(Flowable.range(0, 10_000)
                        .observeOn(Schedulers.computation())
                        .compose(twice::map)
                        .observeOn(Schedulers.single())
                        .compose(twice::map)
                        .subscribeOn(Schedulers.io())
                        .toList()
                        .blockingGet())
                .isEqualTo(IntStream.range(0, 10_000).mapToObj(i -> 4 * i).toList());
    }

    @Test
    void shouldStopAtTakeAndAtATimeout() throws InterruptedException {
        AtomicInteger cancels = new AtomicInteger();
        assertThat(twice.map(Flowable.range(0, Integer.MAX_VALUE).doOnCancel(cancels::incrementAndGet))
                        .take(5)
                        .toList()
                        .blockingGet())
                .isEqualTo(doubled(0, 5));
        assertThat(cancels).hasValue(1);

        CountDownLatch started = new CountDownLatch(3);
        CountDownLatch interrupted = new CountDownLatch(3);
        Scatter<Integer, Integer> sleepy = Lox.thread(3, i -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
                return i;
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        Flowable<Integer> allUnderWay = Completable.fromAction(started::await)
                .subscribeOn(Schedulers.io())
                .toFlowable();
        sleepy.map(Flowable.range(0, 10))
                .timeout(allUnderWay, i -> Flowable.never())
                .test()
                .await()
                .assertError(java.util.concurrent.TimeoutException.class);
        interrupted.await();
    }

    @Test
    void shouldBeSeenByThePlugins() {
        AtomicInteger assembled = new AtomicInteger();
        RxJavaPlugins.setOnFlowableAssembly(flowable -> {
            if (flowable.getClass().getPackageName().equals("lox.rxjava")) {
                assembled.incrementAndGet();
            }
            return flowable;
        });
        Flowable<Integer> mapped = twice.map(Flowable.just(1));

        assertThat(assembled).hasValue(1);
        assertThat(mapped.blockingLast()).isEqualTo(2);
    }

    @Test
    @SuppressWarnings("NullAway") // null on purpose
    void shouldRefuseWhatCannotBeMapped() {
        assertThatNullPointerException().isThrownBy(() -> twice.map(null)).withMessage("source");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> twice.map(Flowable.just(1), -1))
                .withMessage("ahead must be 0 or more, but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> twice.mapDelayError(Flowable.just(1), -3))
                .withMessage("ahead must be 0 or more, but was -3");
    }
}
