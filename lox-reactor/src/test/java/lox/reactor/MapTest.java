package lox.reactor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** {@code map} among Reactor's operators. What all dialects promise is in the contract tests. */
class MapTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private final Scatter<Integer, Integer> twice = Lox.thread(3, i -> 2 * i);

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnNextDropped();
        Hooks.resetOnOperatorDebug();
        Hooks.resetOnEachOperator();
    }

    private static List<Integer> doubled(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> 2 * i).toList();
    }

    @Test
    void shouldReadAsItIsSpoken() {
        Flux<Integer> numbers = Flux.range(0, 100);
        Flux<Integer> results = numbers.transform(twice::map);

        StepVerifier.create(results.collectList()).expectNext(doubled(0, 100)).verifyComplete();
        StepVerifier.create(numbers.transformDeferred(twice::mapDelayError).collectList())
                .expectNext(doubled(0, 100))
                .verifyComplete();
    }

    @Test
    void shouldGiveExactlyWhatIsRequested() {
        TestPublisher<Integer> source = TestPublisher.create();
        StepVerifier.create(twice.map(source, 4), 0)
                .expectSubscription()
                .then(() -> source.assertMinRequested(4))
                .then(() -> source.next(0, 1, 2, 3))
                .thenRequest(2)
                .expectNext(0, 2)
                .expectNoEvent(Duration.ofMillis(30))
                .thenRequest(1)
                .expectNext(4)
                .then(() -> source.next(4, 5, 6))
                .thenRequest(Long.MAX_VALUE)
                .expectNext(6, 8, 10, 12)
                .then(source::complete)
                .expectComplete()
                .verify(LIMIT);
        source.assertNotCancelled();
        source.assertNoRequestOverflow();
    }

    @Test
    void shouldRunAfreshForEachSubscription() {
        AtomicInteger runs = new AtomicInteger();
        Flux<Integer> flux = twice.map(Flux.range(0, 5).doOnSubscribe(s -> runs.incrementAndGet()));

        assertThat(flux.repeat(2).collectList().block(LIMIT))
                .containsExactly(0, 2, 4, 6, 8, 0, 2, 4, 6, 8, 0, 2, 4, 6, 8);
        assertThat(runs).hasValue(3);
    }

    @Test
    void shouldRetry() {
        AtomicInteger failures = new AtomicInteger(3);
        Scatter<Integer, Integer> flaky = Lox.thread(3, i -> {
            if (i == 7 && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("planned");
            }
            return 2 * i;
        });

        List<Integer> received =
                flaky.map(Flux.range(0, 20)).retry(3).collectList().block(LIMIT);

        assertThat(received).isNotNull().endsWith(doubled(0, 20).toArray(new Integer[0]));
    }

    @Test
    void shouldWorkInsideFlatMapAndWindow() {
        assertThat(Flux.range(0, 1_000)
                        .window(7)
                        .flatMap(window -> window.transform(twice::map), 16)
                        .collectList()
                        .block(LIMIT))
                .containsExactlyInAnyOrderElementsOf(doubled(0, 1_000));
        assertThat(Flux.range(0, 1_000)
                        .window(7)
                        .concatMap(twice::map)
                        .collectList()
                        .block(LIMIT))
                .isEqualTo(doubled(0, 1_000));
    }

    @Test
    void shouldTakeASourceOnAnotherThreadAndGoOnAnother() {
        assertThat(Flux.range(0, 10_000)
                        .publishOn(Schedulers.parallel())
                        .transform(twice::map)
                        .publishOn(Schedulers.single())
                        .transform(twice::map)
                        .subscribeOn(Schedulers.boundedElastic())
                        .collectList()
                        .block(LIMIT))
                .isEqualTo(IntStream.range(0, 10_000).mapToObj(i -> 4 * i).toList());
    }

    @Test
    void shouldStopAtTakeAndAtATimeout() throws InterruptedException {
        AtomicInteger cancels = new AtomicInteger();
        assertThat(twice.map(Flux.range(0, Integer.MAX_VALUE).doOnCancel(cancels::incrementAndGet))
                        .take(5)
                        .collectList()
                        .block(LIMIT))
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
        Mono<Void> allUnderWay = Mono.<Void>fromCallable(() -> {
                    started.await();
                    return null;
                })
                .subscribeOn(Schedulers.boundedElastic());
        StepVerifier.create(sleepy.map(Flux.range(0, 10)).timeout(allUnderWay))
                .expectErrorMatches(failure -> failure instanceof java.util.concurrent.TimeoutException)
                .verify(LIMIT);
        interrupted.await();
    }

    @Test
    void shouldPassTheContextToTheSource() {
        assertThat(twice.map(Flux.deferContextual(context -> Flux.just(context.<Integer>get("n"))))
                        .contextWrite(context -> context.put("n", 21))
                        .blockLast(LIMIT))
                .isEqualTo(42);
    }

    @Test
    void shouldDiscardWhatIsNotGivenOn() throws InterruptedException {
        Queue<Object> discarded = new ConcurrentLinkedQueue<>();
        CountDownLatch started = new CountDownLatch(3);
        CountDownLatch opened = new CountDownLatch(1);
        Scatter<Integer, String> function = Lox.thread(3, i -> {
            started.countDown();
            while (i == 0 && opened.getCount() > 0) {
                Thread.onSpinWait();
            }
            return "r" + i;
        });
        Disposable subscription = function.map(Flux.range(0, 100), 5)
                .doOnDiscard(Object.class, discarded::add)
                .subscribe();
        started.await();
        while (function.pending() > 0) {
            Thread.onSpinWait();
        }
        subscription.dispose();
        opened.countDown();

        long start = System.nanoTime();
        while (discarded.size() < 5 && System.nanoTime() - start < LIMIT.toNanos()) {
            Thread.onSpinWait();
        }
        // a lane that was suspended before its task discards the argument, the others their results
        assertThat(discarded)
                .extracting(each -> each.toString().replace("r", ""))
                .containsExactlyInAnyOrder("0", "1", "2", "3", "4");
    }

    @Test
    void shouldUseTheHooksOfTheSubscriber() throws InterruptedException {
        Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch opened = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            started.countDown();
            while (opened.getCount() > 0) {
                Thread.onSpinWait();
            }
            throw new IllegalStateException("late");
        });
        Disposable subscription = function.map(Flux.just(1))
                .contextWrite(context -> context.put(
                        "reactor.onErrorDropped.local", (java.util.function.Consumer<Throwable>) dropped::add))
                .subscribe();
        started.await();
        subscription.dispose();
        opened.countDown();

        long start = System.nanoTime();
        while (dropped.isEmpty() && System.nanoTime() - start < LIMIT.toNanos()) {
            Thread.onSpinWait();
        }
        assertThat(dropped)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("late"));
    }

    @Test
    void shouldDropWhatComesAfterTheEnd() {
        Queue<Object> dropped = new ConcurrentLinkedQueue<>();
        Hooks.onNextDropped(dropped::add);
        TestPublisher<Integer> source = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(twice.map(source))
                .then(() -> source.next(1).complete().next(2))
                .expectNext(2)
                .expectComplete()
                .verify(LIMIT);

        assertThat(dropped).containsExactly(2);
    }

    @Test
    void shouldBeSeenByHooksAndScans() {
        Queue<String> assembled = new ConcurrentLinkedQueue<>();
        Hooks.onEachOperator(publisher -> {
            assembled.add(publisher.toString());
            return publisher;
        });
        Flux<Integer> source = Flux.range(0, 10).hide();
        Flux<Integer> flux = twice.map(source, 6);
        Hooks.resetOnEachOperator();
        assertThat(assembled).anyMatch(name -> name.startsWith("lox(") && name.endsWith(".map)"));

        Scannable operator = Scannable.from(flux);
        assertThat(operator.scan(Scannable.Attr.PREFETCH)).isEqualTo(6);
        assertThat(operator.scan(Scannable.Attr.PARENT)).isSameAs(source);
        assertThat(operator.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.ASYNC);
        assertThat(flux.getPrefetch()).isEqualTo(6);

        AtomicReference<@Nullable Scannable> seen = new AtomicReference<>();
        RecordingSubscriber<Integer> subscriber = new RecordingSubscriber<>();
        flux.doOnSubscribe(subscription -> seen.set(Scannable.from(subscription)))
                .subscribe(subscriber);
        Scannable inner = requireNonNull(seen.get());
        assertThat(inner.scan(Scannable.Attr.PREFETCH)).isEqualTo(6);
        assertThat(inner.scan(Scannable.Attr.BUFFERED)).isEqualTo(6);
        assertThat(inner.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM)).isZero();
        assertThat(inner.scan(Scannable.Attr.TERMINATED)).isFalse();
        assertThat(inner.scan(Scannable.Attr.CANCELLED)).isFalse();
        assertThat(Scannable.from(inner.scan(Scannable.Attr.PARENT)).isScanAvailable())
                .isTrue();
        subscriber.subscription().cancel();
        assertThat(inner.scan(Scannable.Attr.CANCELLED)).isTrue();
    }

    @Test
    void shouldNameItselfInADebuggedStackTrace() {
        Hooks.onOperatorDebug();
        Scatter<Integer, Integer> failing = Lox.thread(1, i -> {
            throw new IllegalStateException("planned");
        });
        StepVerifier.create(failing.map(Flux.just(1)))
                .expectErrorSatisfies(failure -> assertThat(failure.getSuppressed())
                        .anySatisfy(trace -> assertThat(trace.toString() + trace.getMessage())
                                .contains("producer [lox.reactor.FluxMap]")))
                .verify(LIMIT);
    }

    @Test
    void shouldRunOnASchedulerOfTheUsers() {
        Scatter<Integer, String> function =
                Lox.on(Schedulers.parallel(), 2, i -> Thread.currentThread().getName());

        List<String> names = function.map(Flux.range(0, 50)).collectList().block(LIMIT);

        assertThat(names).hasSize(50).allMatch(name -> name.startsWith("parallel-"));
    }

    @Test
    void shouldRunInTheSourcesThreadWithoutWorkers() {
        Scatter<Integer, String> function =
                Lox.thread(0, i -> Thread.currentThread().getName());

        List<String> names = Flux.range(0, 100_000)
                .publishOn(Schedulers.newSingle("source", true))
                .transform(function::map)
                .distinct()
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();

        assertThat(names).hasSize(1);
        assertThat(names.get(0)).startsWith("source");
    }

    @Test
    void shouldTakeAnyPublisher() {
        assertThat(twice.map(Mono.just(4)).blockLast(LIMIT)).isEqualTo(8);
        assertThat(twice.map(Mono.<Integer>empty()).blockLast(LIMIT)).isNull();
    }

    @Test
    @SuppressWarnings("NullAway") // null on purpose
    void shouldRefuseWhatCannotBeMapped() {
        assertThatNullPointerException().isThrownBy(() -> twice.map(null)).withMessage("source");
        assertThatNullPointerException()
                .isThrownBy(() -> twice.mapDelayError(null, 4))
                .withMessage("source");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> twice.map(Flux.just(1), -1))
                .withMessage("ahead must be 0 or more, but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> twice.mapDelayError(Flux.just(1), -3))
                .withMessage("ahead must be 0 or more, but was -3");
    }
}
