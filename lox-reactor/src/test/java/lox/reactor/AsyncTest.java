package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Outcome;
import lox.sync.Workers;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** Functions that return a publisher, with all that Reactor has: its Context, virtual time, hooks, and publishers that break the rules. */
class AsyncTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private static final String KEY = "lox-async-test";

    private final Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();
    private final Queue<Object> droppedValues = new ConcurrentLinkedQueue<>();

    private void listen() {
        Hooks.onErrorDropped(dropped::add);
        Hooks.onNextDropped(droppedValues::add);
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnNextDropped();
        Hooks.resetOnOperatorDebug();
        Hooks.resetOnEachOperator(KEY);
    }

    private static List<Integer> numbers(int to) {
        return IntStream.range(0, to).boxed().toList();
    }

    // ---- the subscriber's Context ----------------------------------------------------------------------------------

    private interface Way extends BiFunction<Scatter<Integer, String>, Flux<Integer>, Flux<?>> {}

    private static Map<String, Way> maps() {
        Map<String, Way> maps = new LinkedHashMap<>();
        maps.put("map", Scatter::map);
        maps.put("map, ahead", (function, source) -> function.map(source, 3));
        maps.put("mapDelayError", Scatter::mapDelayError);
        maps.put("mapUnordered", Scatter::mapUnordered);
        maps.put(
                "mapSettled",
                (function, source) ->
                        function.mapSettled(source).map(outcome -> ((Outcome.Success<String>) outcome).value()));
        maps.put("mapByKey", (function, source) -> function.mapByKey(source, i -> i % 2));
        return maps;
    }

    static Stream<String> waysToMap() {
        return maps().keySet().stream();
    }

    private static Mono<String> who(Object what) {
        return Mono.deferContextual(context -> Mono.just(what + ":" + context.getOrDefault(KEY, "nobody")));
    }

    @ParameterizedTest
    @MethodSource("waysToMap")
    void shouldGiveTheContextOfAMapsSubscriberToWhatTheFunctionReturns(String way) {
        Scatter<Integer, String> function = Lox.async(
                2, i -> i % 2 == 0 ? who(i) : Mono.delay(Duration.ofMillis(1)).then(who(i)));
        Flux<?> mapped = Objects.requireNonNull(maps().get(way)).apply(function, Flux.range(0, 6));

        for (String user : List.of("bob", "eve")) {
            List<?> seen =
                    mapped.contextWrite(Context.of(KEY, user)).collectList().block(LIMIT);
            assertThat(Objects.requireNonNull(seen).stream().map(String::valueOf))
                    .containsExactlyInAnyOrderElementsOf(
                            numbers(6).stream().map(i -> i + ":" + user).toList());
        }
        assertThat(Objects.requireNonNull(mapped.collectList().block(LIMIT)).stream()
                        .map(String::valueOf))
                .allMatch(seen -> seen.endsWith("nobody"));
    }

    @Test
    void shouldGiveTheContextToEachFunctionOfAChain() {
        Scatter<Integer, String> chain = Lox.<Integer, String>async(2, AsyncTest::who)
                .andThen(Lox.<String, String>thread(2, so -> so))
                .andThen(Lox.async(2, AsyncTest::who));

        StepVerifier.create(chain.map(Flux.just(1, 2, 3)).contextWrite(Context.of(KEY, "bob")))
                .expectNext("1:bob:bob", "2:bob:bob", "3:bob:bob")
                .expectComplete()
                .verify(LIMIT);
    }

    // ---- virtual time ----------------------------------------------------------------------------------------------

    @Test
    void shouldKeepToTheLimitAndTheOrderInVirtualTime() {
        AtomicInteger begun = new AtomicInteger();
        StepVerifier.withVirtualTime(() -> Lox.<Integer, Integer>async(2, i -> {
                            begun.incrementAndGet();
                            return Mono.delay(Duration.ofHours(4 - i)).thenReturn(i);
                        })
                        .map(Flux.range(0, 4), 4))
                .expectSubscription()
                .then(() -> assertThat(begun).hasValue(2))
                .expectNoEvent(Duration.ofHours(3)) // the second has ended, and the third begun
                .then(() -> assertThat(begun).hasValue(3))
                .thenAwait(Duration.ofHours(1))
                .expectNext(0, 1)
                .then(() -> assertThat(begun).hasValue(4))
                .thenAwait(Duration.ofHours(1))
                .expectNext(2, 3)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldGatherInVirtualTime() {
        StepVerifier.withVirtualTime(() -> {
                    Scatter<Integer, Integer> function =
                            Lox.async(1, i -> Mono.delay(Duration.ofDays(1)).thenReturn(i));
                    numbers(5).forEach(function::scatter);
                    return function.gather();
                })
                .expectSubscription()
                .expectNoEvent(Duration.ofDays(4))
                .thenAwait(Duration.ofDays(1))
                .expectNext(numbers(5))
                .expectComplete()
                .verify(LIMIT);
    }

    // ---- kinds of publishers ---------------------------------------------------------------------------------------

    @Test
    void shouldTakeScalars() {
        IOException failure = new IOException("on purpose");
        Scatter<Integer, Integer> function = Lox.async(1, i -> switch (i) {
            case 0 -> Mono.just(i);
            case 1 -> Mono.error(failure);
            case 2 -> Mono.empty();
            case 3 -> Mono.fromCallable(() -> i);
            case 4 -> Flux.just(i);
            case 5 -> Flux.empty();
            case 6 -> Flux.error(failure);
            default -> Mono.<Integer>justOrEmpty(Optional.empty());
        });
        numbers(8).forEach(function::scatter);

        List<Outcome<Integer>> outcomes =
                Objects.requireNonNull(function.gatherSettled().block(LIMIT));

        List<@Nullable Object> seen = new ArrayList<>();
        for (Outcome<Integer> outcome : outcomes) {
            seen.add(
                    outcome instanceof Outcome.Success<Integer> success
                            ? success.value()
                            : ((Outcome.Failure<Integer>) outcome).error());
        }
        assertThat(seen).containsExactly(0, failure, null, 3, 4, null, failure, null);
    }

    @Test
    void shouldTakeTheFirstValueOfAFluxAndCancelTheRest() {
        listen();
        TestPublisher<Integer> hot = TestPublisher.create();
        AtomicInteger requested = new AtomicInteger();
        Scatter<Integer, Integer> function =
                Lox.async(1, i -> hot.flux().doOnRequest(n -> requested.addAndGet((int) n)));

        Mono<Integer> first = function.submit(0);
        Mono<Integer> second = function.submit(0);
        hot.next(7);
        assertThat(first.block(LIMIT)).isEqualTo(7);
        hot.assertWasCancelled();
        assertThat(requested).hasValue(2); // one for each call: the second has begun
        hot.next(8);
        assertThat(second.block(LIMIT)).isEqualTo(8);
        hot.assertNoSubscribers();
        assertThat(dropped).isEmpty();
        assertThat(droppedValues).isEmpty();
    }

    @Test
    void shouldTakeTheOnlyValueOfAMonoWhenItEnds() {
        Sinks.One<Integer> sink = Sinks.one();
        AtomicBoolean cancelled = new AtomicBoolean();
        Scatter<Integer, Integer> function =
                Lox.async(1, i -> sink.asMono().hide().doOnCancel(() -> cancelled.set(true)));

        Mono<Integer> result = function.submit(0);
        sink.tryEmitValue(5).orThrow();

        assertThat(result.block(LIMIT)).isEqualTo(5);
        assertThat(cancelled).isFalse();
    }

    @Test
    void shouldTakeTheFirstValueOfAMonoOfMany() {
        listen();
        Scatter<Integer, Integer> function = Lox.async(1, i -> Mono.fromDirect(Flux.range(i, 3)));

        assertThat(function.submit(5).block(LIMIT)).isEqualTo(5);

        assertThat(droppedValues).containsExactly(6, 7);
    }

    @Test
    void shouldDiscardTheValueOfAMonoThatFailsAfterIt() {
        List<Object> discarded = new CopyOnWriteArrayList<>();
        Scatter<Integer, Integer> function =
                Lox.async(1, i -> Mono.fromDirect(Flux.concat(Flux.just(i), Mono.error(new IOException("late")))));

        StepVerifier.create(function.map(Flux.just(5)).doOnDiscard(Integer.class, discarded::add))
                .expectErrorMessage("late")
                .verify(LIMIT);

        assertThat(discarded).containsExactly(5);
    }

    /** Also where the cancel signals the end, which comes too late: the value is told once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDiscardTheValueOfAMonoThatIsCancelledBeforeItsEnd(boolean echoes) {
        List<Object> discarded = new CopyOnWriteArrayList<>();
        AtomicBoolean isSent = new AtomicBoolean();
        Scatter<Integer, String> function = Lox.async(
                1,
                i -> Mono.fromDirect(Flux.from(raw((subscriber, cancelled) -> {
                            if (echoes) {
                                cancelled.set(subscriber::onComplete);
                            }
                            subscriber.onNext(i);
                            isSent.set(true);
                        }))
                        .map(value -> "value " + value)));

        StepVerifier.create(function.map(Flux.just(5)).doOnDiscard(String.class, discarded::add))
                .then(() -> Patience.until("there is a value", isSent::get))
                .thenCancel()
                .verify(LIMIT);

        Patience.until("it is told", () -> !discarded.isEmpty());
        assertThat(discarded).containsExactly("value 5");
    }

    /** A publisher may signal its end from inside of the cancel, too: the value has come before. */
    @Test
    void shouldKeepTheFirstValueWhereTheCancelSignalsAnEnd() {
        listen();
        for (boolean failing : new boolean[] {false, true}) {
            Scatter<Integer, Integer> function = Lox.async(
                    1,
                    i -> raw((subscriber, cancelled) -> {
                        cancelled.set(() -> {
                            if (failing) {
                                subscriber.onError(new IOException("the cancel's echo"));
                            } else {
                                subscriber.onComplete();
                            }
                        });
                        subscriber.onNext(i);
                    }));

            assertThat(function.submit(5).block(LIMIT)).isEqualTo(5);
        }
    }

    @Test
    void shouldRefuseAnEmptyOneInAMap() {
        Scatter<Integer, Integer> function = Lox.async(1, i -> i == 2 ? Mono.empty() : Mono.just(i));

        StepVerifier.create(function.map(Flux.range(0, 4)))
                .expectNext(0, 1)
                .expectErrorMatches(failure -> failure instanceof NullPointerException
                        && String.valueOf(failure.getMessage()).contains("2"))
                .verify(LIMIT);
    }

    @Test
    void shouldDeferWhatItsFunctionReturnsToItsOwnResults() {
        AtomicReference<@Nullable Scatter<Integer, Integer>> self = new AtomicReference<>();
        Scatter<Integer, Integer> fibonacci = Lox.async(500, i -> {
            Scatter<Integer, Integer> own = Objects.requireNonNull(self.get());
            return i < 2
                    ? Mono.just(i)
                    : own.gather(List.of(i - 1, i - 2))
                            .map(two -> two.stream().mapToInt(Integer::intValue).sum());
        });
        self.set(fibonacci);

        assertThat(fibonacci.submit(10).block(LIMIT)).isEqualTo(55);
    }

    // ---- late and broken signals -----------------------------------------------------------------------------------

    @Test
    void shouldTellOnErrorDroppedOfALateFailure() {
        listen();
        TestPublisher<Integer> late = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        Scatter<Integer, Integer> function = Lox.async(1, i -> late.mono());
        IOException failure = new IOException("too late");

        Disposable subscription = function.submit(0).subscribe();
        subscription.dispose();
        late.error(failure);

        assertThat(dropped).containsExactly(failure);
        assertThat(Lox.<Integer, Integer>async(1, Mono::just).submit(1).block(LIMIT))
                .isEqualTo(1);
    }

    private interface Signals {
        void to(Subscriber<? super Integer> subscriber, AtomicReference<Runnable> onCancel);
    }

    /** Signals as it is told after a subscription. */
    private static Publisher<Integer> raw(Signals signals) {
        return subscriber -> {
            AtomicReference<Runnable> onCancel = new AtomicReference<>(() -> {});
            subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {
                    Objects.requireNonNull(onCancel.get()).run();
                }
            });
            signals.to(subscriber, onCancel);
        };
    }

    private static final Subscription NONE = new Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    @Test
    void shouldEndOnceForAPublisherThatBreaksTheRules() {
        listen();
        IOException failure = new IOException("against the rules");
        List<Publisher<Integer>> broken = List.of(
                raw((to, cancel) -> {
                    to.onSubscribe(NONE);
                    to.onNext(0);
                }),
                raw((to, cancel) -> {
                    to.onNext(1);
                    to.onNext(17);
                    to.onComplete();
                    to.onComplete();
                }),
                raw((to, cancel) -> {
                    to.onNext(2);
                    to.onComplete();
                    to.onNext(17);
                    to.onError(failure);
                }),
                subscriber -> { // no onSubscribe
                    subscriber.onNext(3);
                    subscriber.onComplete();
                },
                subscriber -> {
                    throw new IllegalStateException("4");
                },
                raw((to, cancel) -> {
                    to.onNext(5);
                    throw new IllegalStateException("after the value");
                }),
                Mono.from(raw((to, cancel) -> {
                    to.onNext(6);
                    to.onNext(17);
                    to.onComplete();
                    to.onError(failure);
                })),
                Mono.just(7));
        Scatter<Integer, Integer> function = Lox.async(1, broken::get);
        numbers(8).forEach(function::scatter);

        List<Outcome<Integer>> outcomes =
                Objects.requireNonNull(function.gatherSettled().block(LIMIT));

        for (int i = 0; i < 8; i++) {
            if (i == 4) {
                assertThat(outcomes.get(i)).isInstanceOf(Outcome.Failure.class);
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i));
            }
        }
        assertThat(dropped).isNotEmpty();
    }

    /** It neither signals nor can be cancelled; a cancel frees its place nevertheless. */
    @Test
    void shouldFreeThePlaceOfAPublisherThatNeverSignals() {
        Scatter<Integer, Integer> function = Lox.async(1, i -> i == 0 ? subscriber -> {} : Mono.just(i));

        Disposable silent = function.submit(0).subscribe();
        Mono<Integer> next = function.submit(1);
        silent.dispose();

        assertThat(next.block(LIMIT)).isEqualTo(1);
    }

    // ---- subscribers and hooks -------------------------------------------------------------------------------------

    @Test
    void shouldStopWhereTheSubscriberCancelsInsideOfOnNext() {
        AtomicInteger cancelled = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        Scatter<Integer, Integer> function = Lox.async(3, i -> {
            begun.incrementAndGet();
            return i < 2 ? Mono.just(i) : Mono.<Integer>never().doOnCancel(cancelled::incrementAndGet);
        });

        assertThat(function.map(Flux.range(0, 100)).take(2).collectList().block(LIMIT))
                .containsExactly(0, 1);
        Patience.until("what is under way is cancelled", () -> cancelled.get() == Math.max(0, begun.get() - 2));
        begun.set(0);
        numbers(2).forEach(function::scatter);
        assertThat(function.gather().block(LIMIT)).containsExactly(0, 1);
    }

    @Test
    void shouldLeaveNothingOfAMapThatIsCancelledAtAnyPoint() {
        Scatter<Integer, Integer> function = Lox.async(
                3,
                i -> i % 3 == 0
                        ? Mono.just(i)
                        : Mono.just(i).publishOn(i % 3 == 1 ? Schedulers.parallel() : Schedulers.single()));

        for (int round = 0; round < 200; round++) {
            int taken = round % 10;
            assertThat(function.map(Flux.range(0, 20)).take(taken).collectList().block(LIMIT))
                    .isEqualTo(numbers(taken));
        }
        assertThat(function.map(Flux.range(0, 1_000)).collectList().block(LIMIT))
                .isEqualTo(numbers(1_000));
    }

    @Test
    void shouldWorkWithTheDebugHooks() {
        List<Object> assembled = Collections.synchronizedList(new ArrayList<>());
        Hooks.onOperatorDebug();
        Hooks.onEachOperator(KEY, publisher -> {
            assembled.add(publisher);
            return publisher;
        });
        IOException failure = new IOException("on purpose");
        Scatter<Integer, Integer> function = Lox.async(2, i -> switch (i % 4) {
            case 0 -> Mono.just(i);
            case 1 -> Mono.delay(Duration.ofMillis(1)).thenReturn(i);
            case 2 -> Flux.just(i, -1);
            default -> Mono.fromCallable(() -> i);
        });
        Scatter<Integer, Integer> failing = Lox.async(1, i -> Mono.error(failure));

        assertThat(function.map(Flux.range(0, 100)).collectList().block(LIMIT)).isEqualTo(numbers(100));
        StepVerifier.create(failing.submit(1))
                .expectErrorMatches(thrown -> thrown == failure)
                .verify(LIMIT);
        assertThat(assembled).isNotEmpty();
    }

    @Test
    void shouldShowWhatItIsToAScan() {
        AtomicReference<@Nullable Scannable> seen = new AtomicReference<>();
        Scatter<Integer, Integer> function = Lox.async(
                1,
                i -> raw((to, cancel) -> {
                    seen.set(Scannable.from(to));
                    to.onNext(i);
                }));

        assertThat(function.submit(1).block(LIMIT)).isEqualTo(1);
        Scannable call = Objects.requireNonNull(seen.get());
        assertThat(call.isScanAvailable()).isTrue();
        assertThat(call.scan(Scannable.Attr.TERMINATED)).isTrue();
    }

    // ---- other ways to use the workers -----------------------------------------------------------------------------

    @Test
    void shouldRunJobsOnItsScheduler() {
        try (Workers workers = Workers.async(1).build()) {
            Scatter<Integer, Integer> function = Lox.async(workers, Mono::just);
            Scheduler scheduler = function.scheduler();
            List<Long> ticks = Flux.interval(Duration.ofMillis(1), scheduler)
                    .take(3)
                    .collectList()
                    .block(LIMIT);

            assertThat(ticks).containsExactly(0L, 1L, 2L);
            assertThat(Mono.fromCallable(() -> 5).subscribeOn(scheduler).block(LIMIT))
                    .isEqualTo(5);
            assertThat(Flux.range(0, 100).publishOn(scheduler).collectList().block(LIMIT))
                    .isEqualTo(numbers(100));
            assertThat(function.submit(1).block(LIMIT)).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseACallInANonBlockingThread() {
        Scatter<Integer, Integer> function = Lox.async(1, Mono::just);

        assertThatIllegalStateException()
                .isThrownBy(() -> Mono.fromCallable(() -> function.call(1))
                        .subscribeOn(Schedulers.parallel())
                        .block(LIMIT));
        assertThat(function.call(1)).isEqualTo(1);
    }
}
