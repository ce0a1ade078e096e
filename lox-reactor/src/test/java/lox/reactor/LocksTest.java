package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import lox.sync.lock.IndexPermit;
import lox.sync.lock.IndexSemaphore;
import lox.sync.lock.KeyedLock;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.sync.lock.RWLock;
import lox.sync.lock.WeightedSemaphore;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

class LocksTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private final QLock lock = new QLock();

    @Test
    void shouldAcquireNothingBeforeSubscription() {
        AtomicInteger called = new AtomicInteger();
        Mono<Integer> counting = Locks.usingMono(lock, permit -> {
            assertThat(lock.held()).isEqualTo(1);
            return Mono.just(called.incrementAndGet());
        });
        assertThat(lock.held()).isZero();
        assertThat(called).hasValue(0);
        StepVerifier.create(counting).expectNext(1).verifyComplete();
        StepVerifier.create(counting.repeat(2)).expectNext(2, 3, 4).verifyComplete();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldReleaseBeforeTheValueIsHandedOn() {
        List<Integer> heldSeen = new ArrayList<>();
        StepVerifier.create(
                        Locks.usingMono(lock, permit -> Mono.just("x")).doOnNext(value -> heldSeen.add(lock.held())))
                .expectNext("x")
                .verifyComplete();
        StepVerifier.create(
                        Locks.usingMono(lock, permit -> Mono.empty()).doOnSuccess(value -> heldSeen.add(lock.held())))
                .verifyComplete();
        assertThat(heldSeen).containsExactly(0, 0);
    }

    @Test
    void shouldHoldWhileManyAreEmittedAndReleaseBeforeCompletion() {
        List<Integer> heldSeen = new ArrayList<>();
        StepVerifier.create(Locks.usingFlux(lock, permit -> Flux.range(0, 3))
                        .doOnNext(value -> heldSeen.add(lock.held()))
                        .doOnComplete(() -> heldSeen.add(lock.held())))
                .expectNext(0, 1, 2)
                .verifyComplete();
        assertThat(heldSeen).containsExactly(1, 1, 1, 0);
    }

    @Test
    void shouldReleaseBeforeTheErrorWhereverItComesFrom() {
        IllegalStateException boom = new IllegalStateException("boom");
        StepVerifier.create(Locks.usingMono(lock, permit -> Mono.error(boom))).verifyErrorSatisfies(error -> {
            assertThat(error).isSameAs(boom);
            assertThat(lock.held()).isZero();
        });
        StepVerifier.create(Locks.usingMono(lock, permit -> {
                    throw boom;
                }))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(boom));
        StepVerifier.create(Locks.usingFlux(lock, permit -> Flux.just(1).concatWith(Mono.error(boom))))
                .expectNext(1)
                .verifyErrorSatisfies(error -> assertThat(lock.held()).isZero());
        assertThat(lock.held()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNull() {
        assertThatNullPointerException().isThrownBy(() -> Locks.usingMono(null, permit -> Mono.empty()));
        assertThatNullPointerException().isThrownBy(() -> Locks.usingFlux(lock, null));
        assertThatNullPointerException().isThrownBy(() -> Locks.usingMono(lock, null, permit -> Mono.empty()));
        StepVerifier.create(Locks.usingMono(lock, permit -> null)).verifyError(NullPointerException.class);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldWaitWithoutAThreadAndRunInOrder() {
        Permit held = lock.tryAcquire().orElseThrow();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            Locks.usingMono(lock, permit -> Mono.fromRunnable(() -> order.add(number)))
                    .subscribe();
        }
        assertThat(lock.waiting()).isEqualTo(5);
        assertThat(order).isEmpty();
        held.close();
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldResumeTenThousandPipelinesOnAFlatStack() {
        Permit held = lock.tryAcquire().orElseThrow();
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            Locks.usingMono(lock, permit -> Mono.just(1)).subscribe(value -> done.incrementAndGet());
        }
        held.close();
        assertThat(done).hasValue(10_000);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldWithdrawTheRequestOnCancel() {
        Permit held = lock.tryAcquire().orElseThrow();
        AtomicInteger called = new AtomicInteger();
        Disposable waiting = Locks.usingMono(lock, permit -> Mono.just(called.incrementAndGet()))
                .subscribe();
        assertThat(lock.waiting()).isEqualTo(1);
        waiting.dispose();
        assertThat(lock.waiting()).isZero();
        held.close();
        assertThat(called).hasValue(0);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldReleaseThePermitOnCancel() {
        TestPublisher<Integer> source = TestPublisher.create();
        StepVerifier.create(Locks.usingFlux(lock, permit -> source.flux()))
                .then(() -> assertThat(lock.held()).isEqualTo(1))
                .then(() -> source.next(1))
                .expectNext(1)
                .thenCancel()
                .verify(LIMIT);
        source.assertCancelled();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldReleaseThePermitWhenTheDownstreamTimesOutOrTakesEnough() {
        StepVerifier.create(Locks.usingMono(lock, permit -> Mono.never()).timeout(Duration.ofMillis(5)))
                .expectError(java.util.concurrent.TimeoutException.class)
                .verify(LIMIT);
        until(() -> lock.held() == 0);
        StepVerifier.create(
                        Locks.usingFlux(lock, permit -> Flux.range(0, 1_000)).take(3))
                .expectNext(0, 1, 2)
                .verifyComplete();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldAskAgainOnRetryAndRepeat() {
        AtomicInteger tries = new AtomicInteger();
        StepVerifier.create(Locks.usingMono(
                                lock,
                                permit -> tries.incrementAndGet() < 3
                                        ? Mono.error(new IllegalStateException("try " + tries))
                                        : Mono.just(tries.get()))
                        .retry(5))
                .expectNext(3)
                .verifyComplete();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldPassBackPressureOnToTheBody() {
        StepVerifier.create(Locks.usingFlux(lock, permit -> Flux.range(0, 10)), 0)
                .expectSubscription()
                .thenRequest(2)
                .expectNext(0, 1)
                .then(() -> assertThat(lock.held()).isEqualTo(1))
                .thenRequest(8)
                .expectNextCount(8)
                .verifyComplete();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldKeepWhatWasRequestedWhileItWaited() {
        Permit held = lock.tryAcquire().orElseThrow();
        StepVerifier.create(Locks.usingFlux(lock, permit -> Flux.range(0, 10)), 3)
                .expectSubscription()
                .then(held::close)
                .expectNext(0, 1, 2)
                .thenRequest(1)
                .expectNext(3)
                .thenCancel()
                .verify(LIMIT);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldShowTheSubscribersContextToTheBody() {
        StepVerifier.create(Locks.usingMono(
                                lock, permit -> Mono.deferContextual(context -> Mono.just(context.<String>get("user"))))
                        .contextWrite(Context.of("user", "ada")))
                .expectNext("ada")
                .verifyComplete();
    }

    @Test
    void shouldKeepThePermitUntilABlockingBodyHasEnded() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Disposable subscription = Locks.usingMono(
                        lock,
                        permit -> Mono.fromCallable(() -> {
                            inside.countDown();
                            boolean interrupted = false;
                            while (goOn.getCount() > 0) { // deaf to the interrupt of the cancel
                                LockSupport.parkNanos(100_000);
                                interrupted |= Thread.interrupted();
                            }
                            return interrupted;
                        }))
                .subscribeOn(Schedulers.boundedElastic())
                .subscribe();
        assertThat(inside.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        subscription.dispose();
        assertThat(lock.held()).isEqualTo(1);
        goOn.countDown();
        until(() -> lock.held() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepThePermitUntilABlockingBodyOnASchedulerHasEnded(boolean many) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Mono<Integer> body = Mono.fromCallable(() -> {
            inside.countDown();
            while (goOn.getCount() > 0) { // deaf to the interrupt of the cancel
                LockSupport.parkNanos(100_000);
                if (Thread.interrupted()) {
                    interrupted.countDown();
                }
            }
            return 1;
        });
        Permit held = lock.tryAcquire().orElseThrow();
        Disposable subscription = many
                ? Locks.usingFlux(lock, Schedulers.boundedElastic(), permit -> body)
                        .subscribe()
                : Locks.usingMono(lock, Schedulers.boundedElastic(), permit -> body)
                        .subscribe();
        held.close(); // returns although the body blocks
        assertThat(inside.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        subscription.dispose();
        assertThat(interrupted.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(lock.held()).isEqualTo(1);
        goOn.countDown();
        until(() -> lock.held() == 0);
    }

    @Test
    void shouldRunTheBodyOnTheScheduler() {
        StepVerifier.create(Locks.usingMono(
                        lock,
                        Schedulers.boundedElastic(),
                        permit -> Mono.fromCallable(() -> Thread.currentThread().getName())))
                .assertNext(name -> assertThat(name).startsWith("boundedElastic"))
                .verifyComplete();
        StepVerifier.create(
                        Locks.usingFlux(
                                lock,
                                Schedulers.boundedElastic(),
                                permit -> Flux.generate(
                                        sink -> sink.next(Thread.currentThread().getName()))),
                        2)
                .assertNext(name -> assertThat(name.toString()).startsWith("boundedElastic"))
                .assertNext(name -> assertThat(lock.held()).isEqualTo(1))
                .thenRequest(1)
                .assertNext(name -> assertThat(name.toString()).startsWith("boundedElastic"))
                .thenCancel()
                .verify(LIMIT);
        until(() -> lock.held() == 0);
    }

    @Test
    void shouldReleaseWhatTheSchedulerHasNotBegunOrRefuses() {
        Scheduler idle = Schedulers.fromExecutor(task -> {}); // never comes to it
        Disposable waiting = Locks.usingMono(lock, idle, permit -> Mono.just(1)).subscribe();
        assertThat(lock.held()).isEqualTo(1);
        waiting.dispose();
        assertThat(lock.held()).isZero();
        Scheduler closed = Schedulers.newSingle("closed");
        closed.dispose();
        StepVerifier.create(Locks.usingMono(lock, closed, permit -> Mono.just(1)))
                .verifyError(RejectedExecutionException.class);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldLetTheBodyReleaseEarlier() {
        StepVerifier.create(Locks.usingMono(
                        lock,
                        permit -> Mono.fromCallable(() -> {
                            permit.close();
                            return lock.held();
                        })))
                .expectNext(0)
                .verifyComplete();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldGiveEachPipelineAResourceOfItsOwn() {
        IndexSemaphore cards = new IndexSemaphore(2);
        List<Integer> indices = new ArrayList<>();
        Mono<Integer> both = Locks.<IndexPermit, Integer>usingMono(cards, first -> {
            indices.add(first.index());
            return Locks.usingMono(cards, second -> Mono.just(second.index()).doOnNext(indices::add));
        });
        StepVerifier.create(both).expectNext(1).verifyComplete();
        assertThat(indices).containsExactly(0, 1);
        assertThat(cards.held()).isZero();
    }

    @Test
    void shouldHoldAWeightAndGoOnWhenTheSemaphoreGrows() {
        WeightedSemaphore megabytes = new WeightedSemaphore(3);
        List<Integer> heldSeen = new ArrayList<>();
        Mono<Integer> heavy = Locks.usingMono(megabytes.weighing(2), permit -> {
            heldSeen.add(megabytes.held());
            return Mono.just(2);
        });
        Flux<Integer> light = Locks.usingFlux(megabytes, permit -> Flux.just(1, 1));
        StepVerifier.create(heavy.concatWith(light)).expectNext(2, 1, 1).verifyComplete();
        Permit two = megabytes.tryAcquire(2).orElseThrow();
        List<String> order = new ArrayList<>();
        heavy.subscribe(value -> order.add("heavy"));
        light.subscribe(value -> order.add("light"));
        assertThat(order).isEmpty();
        assertThat(megabytes.waiting()).isEqualTo(2);
        megabytes.resize(4);
        assertThat(order).containsExactly("heavy", "light", "light");
        assertThat(heldSeen).containsExactly(2, 4);
        two.close();
        megabytes.resize(1);
        StepVerifier.create(heavy).verifyError(IllegalArgumentException.class);
        assertThat(megabytes.held()).isZero();
    }

    @Test
    void shouldKeepNoKeyAfterTheLastPipeline() {
        KeyedLock<String> accounts = new KeyedLock<>();
        List<Set<String>> keysSeen = new ArrayList<>();
        Mono<Integer> transfer = Locks.usingMono(accounts.forKey("a"), permit -> {
            keysSeen.add(accounts.keys());
            return Mono.just(1);
        });
        assertThat(accounts.keys()).isEmpty();
        StepVerifier.create(transfer).expectNext(1).verifyComplete();
        Permit held = accounts.forKey("a").tryAcquire().orElseThrow();
        Disposable cancelled = transfer.subscribe();
        transfer.subscribe();
        assertThat(accounts.waiting()).isEqualTo(2);
        cancelled.dispose();
        held.close();
        assertThat(keysSeen).containsExactly(Set.of("a"), Set.of("a"));
        assertThat(accounts.keys()).isEmpty();
    }

    @Test
    void shouldNeitherLeakNorDoubleUnderCancelsAtAnyInstant() {
        RWLock both = new RWLock();
        AtomicInteger writing = new AtomicInteger();
        AtomicInteger collisions = new AtomicInteger();
        Flux.range(0, 4_000)
                .flatMap(
                        i -> {
                            Mono<Integer> work = Locks.usingMono(
                                    i % 3 == 0 ? both.write() : both.read(),
                                    permit -> Mono.just(i).doOnNext(value -> {
                                        if (value % 3 == 0) {
                                            if (writing.incrementAndGet() != 1) {
                                                collisions.incrementAndGet();
                                            }
                                            writing.decrementAndGet();
                                        } else if (writing.get() != 0) {
                                            collisions.incrementAndGet();
                                        }
                                    }));
                            Mono<Integer> there = work.subscribeOn(Schedulers.parallel());
                            return i % 4 == 0 ? there.takeUntilOther(Mono.delay(Duration.ofNanos(i * 10L))) : there;
                        },
                        64)
                .blockLast(LIMIT);
        until(() -> both.held() == 0 && both.waiting() == 0);
        assertThat(collisions).hasValue(0);
        assertThat(both.write().tryAcquire()).isPresent();
    }

    private static void until(BooleanSupplier state) {
        Patience.until("the state", state);
    }
}
