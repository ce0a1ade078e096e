package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.core.SingleObserver;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Maps of functions whose results are there at once, or soon, or later. */
class DirectCallTest {
    private static final int ELEMENTS = 3_000;

    private final long seed = ThreadLocalRandom.current().nextLong();

    @AfterEach
    void resetHooks() {
        RxJavaPlugins.setOnSingleSubscribe(null);
        RxJavaPlugins.setOnSingleAssembly(null);
        RxJavaPlugins.setErrorHandler(null);
    }

    /** What a hook of an agent may make of a source. */
    private static final class Wrapped<T> extends Single<T> {
        private final Single<T> source;

        Wrapped(Single<T> source) {
            this.source = source;
        }

        @Override
        protected void subscribeActual(SingleObserver<? super T> observer) {
            source.subscribe(observer);
        }
    }

    private static Single<Integer> any(int i) {
        return switch (i % 11) {
            case 3 -> Single.fromCallable(() -> -i);
            case 5 -> Single.just(-i).observeOn(Schedulers.computation());
            case 8 -> Single.defer(() -> Single.just(-i));
            default -> Single.just(-i);
        };
    }

    private static void assertNegated(Flowable<Integer> mapped, int demand) {
        mapped.rebatchRequests(demand)
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertNoErrors()
                .assertComplete()
                .assertValueSequence(
                        IntStream.range(0, ELEMENTS).mapToObj(i -> -i).toList());
    }

    @Test
    void shouldCallOnceAndKeepTheOrder() {
        for (int demand : new int[] {1, 7, 128}) {
            AtomicIntegerArray calls = new AtomicIntegerArray(ELEMENTS);
            Scatter<Integer, Integer> function = Lox.async(3, i -> {
                calls.incrementAndGet(i);
                return any(i);
            });
            assertNegated(function.map(Flowable.range(0, ELEMENTS)), demand);
            for (int i = 0; i < ELEMENTS; i++) {
                assertThat(calls.get(i)).as("calls of %d", i).isEqualTo(1);
            }
        }
    }

    /** The map ends after the subscription to a source, and before its element has a slot. */
    @Test
    void shouldEndWhatHasBegunWhenItIsCancelledMeanwhile() {
        List<Object> ends = new CopyOnWriteArrayList<>();
        RxJavaPlugins.setErrorHandler(failure -> ends.add(failure.getCause()));
        Throwable failure = new RuntimeException("planned");
        List<Single<Integer>> sources = List.of(
                Single.<Integer>never().doOnDispose(() -> ends.add("disposed")),
                Single.just(1).hide(),
                Single.<Integer>error(failure).hide());
        for (boolean closes : new boolean[] {false, true}) {
            ends.clear();
            for (Single<Integer> source : sources) {
                AtomicInteger subscriptions = new AtomicInteger();
                Workers workers = Workers.async(2).build();
                TestSubscriber<Integer> subscriber = new TestSubscriber<>(0);
                Runnable end = closes ? workers::close : subscriber::cancel;
                Scatter<Integer, Integer> function = Lox.async(
                        workers,
                        i -> source.doOnSubscribe(begun -> {
                            subscriptions.incrementAndGet();
                            end.run();
                        }));
                function.map(Flowable.range(0, 10)).subscribe(subscriber);
                subscriber.request(Long.MAX_VALUE);
                workers.close();
                subscriber.assertNoValues();
                assertThat(subscriptions).hasValue(1);
            }
            assertThat(ends).as("closes: %s", closes).containsExactlyInAnyOrder("disposed", failure);
        }
    }

    /** What has been subscribed to by the time of the cancel ends, or is disposed of. */
    @Test
    void shouldLeaveNoSourceSubscribedToWhenItIsCancelled() throws InterruptedException {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            AtomicInteger subscribed = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            int late = 2 + random.nextInt(20);
            Scatter<Integer, Integer> function = Lox.async(2, i -> {
                Single<Integer> one = Single.just(i).hide();
                return (i % late == 0 ? one.observeOn(Schedulers.computation()) : one)
                        .doOnSubscribe(begun -> subscribed.incrementAndGet())
                        .doFinally(ended::incrementAndGet);
            });
            CountDownLatch sourceOver = new CountDownLatch(1);
            Flowable<Integer> source = Flowable.range(0, ELEMENTS)
                    .subscribeOn(Schedulers.computation())
                    .doFinally(sourceOver::countDown);
            TestSubscriber<Integer> subscriber = function.map(source).test(1 + random.nextInt(ELEMENTS));
            for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            subscriber.cancel();
            assertThat(sourceOver.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            Patience.until(
                    "an end of each source, seed " + seed + ", round " + round, () -> subscribed.get() == ended.get());
            subscriber.assertNoErrors();
        }
    }

    @Test
    void shouldReadMaybes() {
        Scatter<Integer, Integer> function =
                Lox.asyncMaybe(3, i -> i % 5 == 3 ? Maybe.fromCallable(() -> -i) : Maybe.just(-i));
        assertNegated(function.map(Flowable.range(0, ELEMENTS)), 7);
        Lox.<Integer, Integer>asyncMaybe(3, i -> i == 2 ? Maybe.empty() : Maybe.just(i))
                .map(Flowable.range(0, 100))
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertValues(0, 1)
                .assertError(failure -> failure instanceof NullPointerException
                        && String.valueOf(failure.getMessage()).contains("element 2"));
    }

    @Test
    @SuppressWarnings("unchecked") // hooks have raw types
    void shouldRunThroughTheHooksOfRxJava() {
        AtomicInteger subscriptions = new AtomicInteger();
        RxJavaPlugins.setOnSingleSubscribe((single, observer) -> {
            subscriptions.incrementAndGet();
            return observer;
        });
        assertNegated(Lox.<Integer, Integer>async(3, i -> Single.just(-i)).map(Flowable.range(0, ELEMENTS)), 128);
        assertThat(subscriptions).hasValue(ELEMENTS);

        RxJavaPlugins.setOnSingleSubscribe(null);
        RxJavaPlugins.setOnSingleAssembly(single -> new Wrapped<>(single));
        assertNegated(Lox.<Integer, Integer>async(3, i -> Single.just(-i)).map(Flowable.range(0, ELEMENTS)), 128);
    }
}
