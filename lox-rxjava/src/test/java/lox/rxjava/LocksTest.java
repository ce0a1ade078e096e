package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import lox.sync.lock.Acquirable;
import lox.sync.lock.KeyedLock;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.sync.lock.WeightedSemaphore;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LocksTest {
    private final QLock lock = new QLock();

    /** One of the four methods, its body given and its result taken as a Flowable. */
    record Using(String name, Opened opened) {
        Flowable<Integer> over(Acquirable<Permit> lock, Function<Permit, Flowable<Integer>> body) {
            return opened.over(lock, body);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    interface Opened {
        Flowable<Integer> over(Acquirable<Permit> lock, Function<Permit, Flowable<Integer>> body);
    }

    static Stream<Using> all() {
        return Stream.of(
                new Using(
                        "usingSingle",
                        (lock, body) -> Locks.usingSingle(
                                        lock, permit -> body.apply(permit).firstOrError())
                                .toFlowable()),
                new Using(
                        "usingMaybe",
                        (lock, body) -> Locks.usingMaybe(
                                        lock, permit -> body.apply(permit).firstElement())
                                .toFlowable()),
                new Using(
                        "usingCompletable",
                        (lock, body) -> Locks.usingCompletable(
                                        lock, permit -> body.apply(permit).ignoreElements())
                                .toFlowable()),
                new Using("usingFlowable", (lock, body) -> Locks.usingFlowable(lock, body)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldAcquirePerSubscriptionAndReleaseBeforeTheEnd(Using using) {
        AtomicInteger called = new AtomicInteger();
        Flowable<Integer> counting = using.over(lock, permit -> {
            assertThat(lock.held()).isEqualTo(1);
            return Flowable.just(called.incrementAndGet());
        });
        assertThat(lock.held()).isZero();
        List<Integer> heldAtTheEnd = new ArrayList<>();
        counting.doOnComplete(() -> heldAtTheEnd.add(lock.held())).test().assertComplete();
        counting.repeat(2).test().assertComplete();
        assertThat(called).hasValue(3);
        assertThat(heldAtTheEnd).containsExactly(0);
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldReleaseBeforeTheErrorWhereverItComesFrom(Using using) {
        IllegalStateException boom = new IllegalStateException("boom");
        using.over(lock, permit -> Flowable.error(boom))
                .doOnError(error -> assertThat(lock.held()).isZero())
                .test()
                .assertError(boom);
        using.over(lock, permit -> {
                    throw boom;
                })
                .test()
                .assertError(boom);
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldWithdrawTheRequestOnDispose(Using using) {
        Permit held = lock.tryAcquire().orElseThrow();
        AtomicInteger called = new AtomicInteger();
        TestSubscriber<Integer> waiting = using.over(lock, permit -> Flowable.just(called.incrementAndGet()))
                .test();
        assertThat(lock.waiting()).isEqualTo(1);
        waiting.cancel();
        assertThat(lock.waiting()).isZero();
        held.close();
        assertThat(called).hasValue(0);
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldReleaseThePermitOnDispose(Using using) {
        PublishProcessor<Integer> source = PublishProcessor.create();
        TestSubscriber<Integer> running = using.over(lock, permit -> source).test();
        assertThat(lock.held()).isEqualTo(1);
        running.cancel();
        assertThat(source.hasSubscribers()).isFalse();
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldWaitWithoutAThreadAndRunInOrder(Using using) {
        Permit held = lock.tryAcquire().orElseThrow();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            using.over(lock, permit -> {
                        order.add(number);
                        return Flowable.just(number);
                    })
                    .test()
                    .assertNotComplete();
        }
        assertThat(lock.waiting()).isEqualTo(1_000);
        held.close();
        assertThat(order).isSorted().hasSize(1_000);
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldAskAgainOnRetry(Using using) {
        AtomicInteger tries = new AtomicInteger();
        using.over(
                        lock,
                        permit -> tries.incrementAndGet() < 3
                                ? Flowable.error(new IllegalStateException("try " + tries))
                                : Flowable.just(1))
                .retry(5)
                .test()
                .assertComplete();
        assertThat(tries).hasValue(3);
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldNeitherLeakNorDoubleUnderDisposesAtAnyInstant(Using using) {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger collisions = new AtomicInteger();
        Flowable.range(0, 3_000)
                .flatMap(
                        i -> {
                            Flowable<Integer> work = using.over(
                                            lock,
                                            permit -> Flowable.fromCallable(() -> {
                                                if (inside.incrementAndGet() != 1) {
                                                    collisions.incrementAndGet();
                                                }
                                                inside.decrementAndGet();
                                                return 1;
                                            }))
                                    .subscribeOn(Schedulers.computation());
                            return i % 3 == 0 ? work.takeUntil(Flowable.timer(i * 20L, TimeUnit.NANOSECONDS)) : work;
                        },
                        64)
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertComplete();
        until(() -> lock.held() == 0 && lock.waiting() == 0);
        assertThat(collisions).hasValue(0);
        lock.tryAcquire().orElseThrow().close();
    }

    @Test
    void shouldHandOnValuesAfterTheReleaseButThoseOfManyWhileHolding() {
        List<Integer> held = new ArrayList<>();
        Locks.usingSingle(lock, permit -> Single.just("x"))
                .doOnSuccess(value -> held.add(lock.held()))
                .test()
                .assertValue("x");
        Locks.usingMaybe(lock, permit -> Maybe.just("x"))
                .doOnSuccess(value -> held.add(lock.held()))
                .test()
                .assertValue("x");
        Locks.usingMaybe(lock, permit -> Maybe.<String>empty()).test().assertResult();
        Locks.usingCompletable(lock, permit -> Completable.complete()).test().assertComplete();
        Locks.usingFlowable(lock, permit -> Flowable.range(1, 2))
                .doOnNext(value -> held.add(lock.held()))
                .test()
                .assertResult(1, 2);
        assertThat(held).containsExactly(0, 0, 1, 1);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldKeepWhatWasRequestedWhileItWaited() {
        Permit held = lock.tryAcquire().orElseThrow();
        TestSubscriber<Integer> three =
                Locks.usingFlowable(lock, permit -> Flowable.range(0, 10)).test(2);
        three.request(1);
        held.close();
        three.assertValues(0, 1, 2).assertNotComplete();
        three.request(Long.MAX_VALUE);
        three.assertValueCount(10).assertComplete();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldKeepThePermitUntilABlockingBodyHasEnded() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Disposable subscription = Locks.usingCompletable(
                        lock,
                        permit -> Completable.fromAction(() -> {
                            inside.countDown();
                            while (goOn.getCount() > 0) { // deaf to the interrupt of the dispose
                                LockSupport.parkNanos(100_000);
                                if (Thread.interrupted()) {
                                    assertThat(lock.held()).isEqualTo(1);
                                }
                            }
                        }))
                .subscribeOn(Schedulers.io())
                .subscribe();
        assertThat(inside.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        subscription.dispose();
        assertThat(lock.held()).isEqualTo(1);
        goOn.countDown();
        until(() -> lock.held() == 0);
    }

    /** The same, on a scheduler of the body's own. */
    static Stream<Using> onAScheduler() {
        return Stream.of(
                new Using(
                        "usingSingle",
                        (lock, body) -> Locks.usingSingle(
                                        lock,
                                        Schedulers.io(),
                                        permit -> body.apply(permit).firstOrError())
                                .toFlowable()),
                new Using(
                        "usingMaybe",
                        (lock, body) -> Locks.usingMaybe(
                                        lock,
                                        Schedulers.io(),
                                        permit -> body.apply(permit).firstElement())
                                .toFlowable()),
                new Using(
                        "usingCompletable",
                        (lock, body) -> Locks.usingCompletable(
                                        lock,
                                        Schedulers.io(),
                                        permit -> body.apply(permit).ignoreElements())
                                .toFlowable()),
                new Using("usingFlowable", (lock, body) -> Locks.usingFlowable(lock, Schedulers.io(), body)));
    }

    @ParameterizedTest
    @MethodSource("onAScheduler")
    void shouldKeepThePermitUntilABlockingBodyOnASchedulerHasEnded(Using using) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Permit held = lock.tryAcquire().orElseThrow();
        TestSubscriber<Integer> running = using.over(
                        lock,
                        permit -> Flowable.fromCallable(() -> {
                            inside.countDown();
                            while (goOn.getCount() > 0) { // deaf to the interrupt of the dispose
                                LockSupport.parkNanos(100_000);
                                if (Thread.interrupted()) {
                                    interrupted.countDown();
                                }
                            }
                            return 1;
                        }))
                .test();
        held.close(); // returns although the body blocks
        assertThat(inside.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        running.cancel();
        assertThat(interrupted.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(lock.held()).isEqualTo(1);
        goOn.countDown();
        until(() -> lock.held() == 0);
        running.assertEmpty();
    }

    @ParameterizedTest
    @MethodSource("onAScheduler")
    void shouldRunTheBodyOnTheScheduler(Using using) {
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        using.over(
                        lock,
                        permit -> Flowable.fromCallable(
                                () -> threads.add(Thread.currentThread().getName()) ? 1 : 0))
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertComplete();
        assertThat(threads).singleElement().asString().startsWith("RxCachedThreadScheduler");
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("onAScheduler")
    void shouldReleaseWhatTheSchedulerHasNotBegun(Using using) {
        Using never = new Using(
                "on a scheduler that never comes to it",
                (lock, body) -> Locks.usingFlowable(lock, new TestScheduler(), body));
        TestSubscriber<Integer> waiting =
                never.over(lock, permit -> Flowable.just(1)).test();
        assertThat(lock.held()).isEqualTo(1);
        waiting.cancel();
        assertThat(lock.held()).isZero();
        using.over(lock, permit -> Flowable.just(1))
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertComplete();
    }

    @ParameterizedTest
    @MethodSource("onAScheduler")
    void shouldNeitherLeakNorDoubleOnASchedulerUnderDisposesAtAnyInstant(Using using) {
        shouldNeitherLeakNorDoubleUnderDisposesAtAnyInstant(using);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldHoldAWeightAndGoOnWhenTheSemaphoreGrows(Using using) {
        WeightedSemaphore megabytes = new WeightedSemaphore(3);
        List<Integer> heldSeen = new ArrayList<>();
        Flowable<Integer> heavy = using.over(megabytes.weighing(2), permit -> {
            heldSeen.add(megabytes.held());
            return Flowable.just(1);
        });
        heavy.test().assertComplete();
        Permit two = megabytes.tryAcquire(2).orElseThrow();
        TestSubscriber<Integer> waitsFirst = heavy.test();
        TestSubscriber<Integer> behind =
                using.over(megabytes, permit -> Flowable.just(1)).test();
        waitsFirst.assertNotComplete();
        behind.assertNotComplete();
        assertThat(megabytes.waiting()).isEqualTo(2);
        megabytes.resize(4);
        waitsFirst.assertComplete();
        behind.assertComplete();
        assertThat(heldSeen).containsExactly(2, 4);
        two.close();
        megabytes.resize(1);
        heavy.test().assertError(IllegalArgumentException.class);
        assertThat(megabytes.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldKeepNoKeyAfterTheLastPipeline(Using using) {
        KeyedLock<String> accounts = new KeyedLock<>();
        List<Set<String>> keysSeen = new ArrayList<>();
        Flowable<Integer> transfer = using.over(accounts.forKey("a"), permit -> {
            keysSeen.add(accounts.keys());
            return Flowable.just(1);
        });
        assertThat(accounts.keys()).isEmpty();
        transfer.test().assertComplete();
        Permit held = accounts.forKey("a").tryAcquire().orElseThrow();
        TestSubscriber<Integer> cancelled = transfer.test();
        TestSubscriber<Integer> waiting = transfer.test();
        assertThat(accounts.waiting()).isEqualTo(2);
        cancelled.cancel();
        held.close();
        waiting.assertComplete();
        assertThat(keysSeen).containsExactly(Set.of("a"), Set.of("a"));
        assertThat(accounts.keys()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNull() {
        assertThatNullPointerException().isThrownBy(() -> Locks.usingSingle(null, permit -> Single.just(1)));
        assertThatNullPointerException().isThrownBy(() -> Locks.usingSingle(lock, null));
        assertThatNullPointerException().isThrownBy(() -> Locks.usingMaybe(lock, null));
        assertThatNullPointerException().isThrownBy(() -> Locks.usingCompletable(lock, null));
        assertThatNullPointerException().isThrownBy(() -> Locks.usingFlowable(lock, null));
        assertThatNullPointerException().isThrownBy(() -> Locks.usingFlowable(lock, null, permit -> Flowable.just(1)));
        Locks.usingFlowable(lock, permit -> null).test().assertError(NullPointerException.class);
        assertThat(lock.held()).isZero();
    }

    private static void until(BooleanSupplier state) {
        Patience.until("the state", state);
    }
}
