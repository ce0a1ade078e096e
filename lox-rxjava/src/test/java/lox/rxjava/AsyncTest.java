package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.MaybeSource;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.core.SingleObserver;
import io.reactivex.rxjava3.core.SingleSource;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.exceptions.UndeliverableException;
import io.reactivex.rxjava3.observers.TestObserver;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subjects.MaybeSubject;
import io.reactivex.rxjava3.subjects.SingleSubject;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import lox.sync.Outcome;
import lox.sync.Workers;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions that return a Single or a Maybe: a scheduler's virtual time, emptiness, disposal, and sources that break the rules. */
class AsyncTest {
    private final Queue<Throwable> undelivered = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listen() {
        RxJavaPlugins.setErrorHandler(undelivered::add);
    }

    @AfterEach
    void resetPlugins() {
        RxJavaPlugins.reset();
    }

    private static List<Integer> numbers(int to) {
        return IntStream.range(0, to).boxed().toList();
    }

    private static <V> V await(Single<V> single) {
        return single.timeout(Patience.SECONDS, TimeUnit.SECONDS).blockingGet();
    }

    @Test
    void shouldKeepToTheLimitAndTheOrderInVirtualTime() {
        TestScheduler time = new TestScheduler();
        AtomicInteger begun = new AtomicInteger();
        Scatter<Integer, Integer> function = Lox.async(2, i -> {
            begun.incrementAndGet();
            return Single.timer(4 - i, TimeUnit.HOURS, time).map(ended -> i);
        });

        TestSubscriber<Integer> results = function.map(Flowable.range(0, 4), 4).test();
        assertThat(begun).hasValue(2);
        time.advanceTimeBy(3, TimeUnit.HOURS); // the second has ended, and the third begun
        results.assertNoValues();
        assertThat(begun).hasValue(3);
        time.advanceTimeBy(1, TimeUnit.HOURS);
        results.assertValues(0, 1);
        assertThat(begun).hasValue(4);
        time.advanceTimeBy(1, TimeUnit.HOURS);
        results.assertResult(0, 1, 2, 3);
        assertThat(undelivered).isEmpty();
    }

    @Test
    void shouldTakeAnEmptyMaybeAsNullInAListAndRefuseItInAMap() {
        Scatter<Integer, @Nullable Integer> function =
                Lox.asyncMaybe(2, i -> i == 1 ? Maybe.empty() : Maybe.just(i).delay(1, TimeUnit.MILLISECONDS));
        numbers(3).forEach(function::scatter);

        assertThat(await(function.gather())).containsExactly(0, null, 2);
        function.map(Flowable.range(0, 3))
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertError(failure -> failure instanceof NullPointerException
                        && String.valueOf(failure.getMessage()).contains("1"));
    }

    @Test
    void shouldTakeEveryKindOfSource() {
        IOException failure = new IOException("on purpose");
        Scatter<Integer, Integer> singles = Lox.async(2, i -> switch (i) {
            case 0 -> Single.just(i);
            case 1 -> Single.error(failure);
            case 2 -> Single.fromCallable(() -> i);
            default -> Single.just(i).subscribeOn(Schedulers.single());
        });
        Scatter<Integer, Integer> maybes = Lox.asyncMaybe(2, i -> switch (i) {
            case 0 -> Maybe.just(i);
            case 1 -> Maybe.error(failure);
            case 2 -> Maybe.fromCallable(() -> i);
            default -> Maybe.just(i).subscribeOn(Schedulers.single());
        });
        for (Scatter<Integer, Integer> function : List.of(singles, maybes)) {
            numbers(4).forEach(function::scatter);
            assertThat(await(function.gatherSettled()))
                    .isEqualTo(List.of(
                            new Outcome.Success<>(0, 0),
                            new Outcome.Failure<>(1, failure),
                            new Outcome.Success<>(2, 2),
                            new Outcome.Success<>(3, 3)));
        }
    }

    @Test
    void shouldTakeTwoArguments() {
        assertThat(await(Lox.<Integer, Integer, Integer>biAsync(1, (a, b) -> Single.just(a + b))
                        .submit(1, 2)))
                .isEqualTo(3);
        assertThat(await(Lox.<Integer, Integer, Integer>biAsyncMaybe(1, (a, b) -> Maybe.just(a * b))
                        .submit(3, 2)))
                .isEqualTo(6);
    }

    @Test
    void shouldDisposeOfWhatIsUnderWay() {
        SingleSubject<Integer> single = SingleSubject.create();
        MaybeSubject<Integer> maybe = MaybeSubject.create();
        Scatter<Integer, Integer> singles = Lox.async(1, i -> single);
        Scatter<Integer, Integer> maybes = Lox.asyncMaybe(1, i -> maybe);

        Disposable gather = gathering(singles);
        assertThat(single.hasObservers()).isTrue();
        gather.dispose();
        assertThat(single.hasObservers()).isFalse();

        TestSubscriber<Integer> mapped = maybes.map(Flowable.range(0, 5)).test();
        assertThat(maybe.hasObservers()).isTrue();
        mapped.cancel();
        assertThat(maybe.hasObservers()).isFalse();
        assertThat(undelivered).isEmpty();
    }

    private static Disposable gathering(Scatter<Integer, Integer> function) {
        function.scatter(0);
        return function.gather().subscribe();
    }

    @Test
    void shouldGiveALateFailureToOnError() {
        AtomicReference<@Nullable SingleObserver<? super Integer>> observer = new AtomicReference<>();
        IOException failure = new IOException("too late");
        Scatter<Integer, Integer> function = Lox.async(1, i -> to -> {
            to.onSubscribe(Disposable.empty());
            observer.set(to);
        });

        Disposable gather = gathering(function);
        gather.dispose();
        Objects.requireNonNull(observer.get()).onError(failure);

        assertThat(undelivered).hasSize(1);
        assertThat(undelivered.peek())
                .isInstanceOf(UndeliverableException.class)
                .hasCause(failure);
    }

    @Test
    void shouldEndOnceForASourceThatBreaksTheRules() {
        IOException failure = new IOException("against the rules");
        AtomicInteger disposed = new AtomicInteger();
        List<SingleSource<Integer>> broken = List.of(
                to -> {
                    to.onSubscribe(Disposable.empty());
                    to.onSubscribe(Disposable.fromRunnable(disposed::incrementAndGet));
                    to.onSuccess(0);
                },
                to -> {
                    to.onSubscribe(Disposable.empty());
                    to.onSuccess(1);
                    to.onSuccess(17);
                    to.onError(failure);
                },
                to -> to.onSuccess(2), // no onSubscribe
                to -> {
                    throw new IllegalStateException("3");
                },
                to -> {
                    to.onSuccess(4);
                    throw new IllegalStateException("after the value");
                },
                Single.just(5));
        Scatter<Integer, Integer> function = Lox.async(1, broken::get);
        numbers(6).forEach(function::scatter);

        List<Outcome<Integer>> outcomes = await(function.gatherSettled());

        for (int i = 0; i < 6; i++) {
            if (i == 3) {
                assertThat(outcomes.get(i)).isInstanceOf(Outcome.Failure.class);
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i));
            }
        }
        assertThat(disposed).hasValue(1);
        assertThat(undelivered).isNotEmpty();
    }

    @Test
    void shouldTellOfWhatASourceThrowsAfterItsEnd() {
        SingleSubject<Integer> first = SingleSubject.create();
        Scatter<Integer, Integer> function = Lox.async(
                1,
                i -> i == 0
                        ? first
                        : to -> {
                            to.onSuccess(i);
                            throw new IllegalStateException("after " + i);
                        });
        function.scatter(1); // called by the thread that scatters
        function.scatter(0);
        function.scatter(2); // by the one that ends the call before
        first.onSuccess(0);

        assertThat(await(function.gather())).containsExactly(1, 0, 2);
        assertThat(undelivered).extracting(Throwable::getMessage).containsExactly("after 1", "after 2");
    }

    @Test
    void shouldFreeThePlaceOfASourceThatNeverSignals() {
        Scatter<Integer, Integer> function =
                Lox.asyncMaybe(1, i -> i == 0 ? (MaybeSource<Integer>) observer -> {} : Maybe.just(i));

        TestObserver<Integer> silent = function.submit(0).test();
        Single<Integer> next = function.submit(1);
        silent.dispose();

        assertThat(await(next)).isEqualTo(1);
    }

    @Test
    void shouldLeaveNothingOfAMapThatIsCancelledInsideOfOnNext() {
        Scatter<Integer, Integer> function =
                Lox.async(3, i -> i % 2 == 0 ? Single.just(i) : Single.just(i).observeOn(Schedulers.computation()));

        for (int round = 0; round < 200; round++) {
            int taken = round % 10;
            function.map(Flowable.range(0, 20))
                    .take(taken)
                    .test()
                    .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                    .assertValueSequence(numbers(taken))
                    .assertComplete();
        }
        assertThat(await(function.map(Flowable.range(0, 1_000)).toList())).isEqualTo(numbers(1_000));
        assertThat(undelivered).isEmpty();
    }

    @Test
    void shouldRunJobsOnItsScheduler() {
        try (Workers workers = Workers.async(1).build()) {
            Scatter<Integer, Integer> function = Lox.async(workers, Single::just);
            Scheduler scheduler = function.scheduler();

            assertThat(await(Flowable.interval(1, TimeUnit.MILLISECONDS, scheduler)
                            .take(3)
                            .toList()))
                    .containsExactly(0L, 1L, 2L);
            assertThat(await(Single.fromCallable(() -> 5).subscribeOn(scheduler)))
                    .isEqualTo(5);
            assertThat(await(Flowable.range(0, 100).observeOn(scheduler).toList()))
                    .isEqualTo(numbers(100));
            assertThat(await(function.submit(1))).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseACallInANonBlockingThread() {
        Scatter<Integer, Integer> function = Lox.async(1, Single::just);

        assertThatIllegalStateException()
                .isThrownBy(
                        () -> await(Single.fromCallable(() -> function.call(1)).subscribeOn(Schedulers.computation())));
        assertThat(function.call(1)).isEqualTo(1);
    }
}
