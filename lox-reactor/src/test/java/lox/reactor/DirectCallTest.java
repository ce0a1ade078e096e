package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import lox.sync.Outcome;
import lox.sync.Workers;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Maps of functions whose results are there at once, or soon, or later: what needs no slot goes the same way as what has one. */
class DirectCallTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private final long seed = ThreadLocalRandom.current().nextLong();

    /** Requests a few at a time, from whatever thread. */
    private static class Asking<T> extends BaseSubscriber<T> {
        final Queue<T> items = new ConcurrentLinkedQueue<>();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        final CountDownLatch over = new CountDownLatch(1);
        private final AtomicInteger inside = new AtomicInteger();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // the test asks
        }

        @Override
        protected void hookOnNext(T value) {
            assertThat(inside.getAndIncrement()).as("threads in onNext").isZero();
            items.add(value);
            inside.decrementAndGet();
        }

        @Override
        protected void hookOnError(Throwable thrown) {
            failure.set(thrown);
            over.countDown();
        }

        @Override
        protected void hookOnComplete() {
            over.countDown();
        }

        void await() throws InterruptedException {
            assertThat(over.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnNextDropped();
        Hooks.resetOnErrorDropped();
    }

    private static Mono<Integer> any(int i) {
        return switch (i % 11) {
            case 3 -> Mono.fromCallable(() -> -i);
            case 4 -> Mono.just(-i).hide();
            case 5 -> Mono.just(-i).publishOn(Schedulers.parallel());
            case 8 -> Mono.defer(() -> Mono.just(-i));
            default -> Mono.just(-i);
        };
    }

    @Test
    void shouldCallOnceAndKeepTheOrderWhateverTheDemand() throws InterruptedException {
        Random random = new Random(seed);
        int elements = 3_000;
        for (int round = 0; round < 20; round++) {
            AtomicIntegerArray calls = new AtomicIntegerArray(elements);
            Scatter<Integer, Integer> function = Lox.async(1 + random.nextInt(4), i -> {
                if (i % 11 == 3) {
                    return Mono.fromCallable(() -> {
                        calls.incrementAndGet(i);
                        return -i;
                    });
                }
                calls.incrementAndGet(i);
                return any(i);
            });
            Asking<Integer> subscriber = new Asking<>();
            Flux<Integer> source = Flux.range(0, elements).hide();
            Flux<Integer> mapped = function.map(
                    random.nextBoolean() ? source : source.publishOn(Schedulers.parallel()), 1 + random.nextInt(30));
            mapped.subscribe(subscriber);
            for (int asked = 0; asked < elements; ) {
                int more = 1 + random.nextInt(random.nextInt(20) == 0 ? 400 : 4);
                subscriber.request(more);
                asked += more;
            }
            subscriber.await();
            assertThat(subscriber.failure).as("seed %d", seed).hasNullValue();
            assertThat(subscriber.items)
                    .as("seed %d, round %d", seed, round)
                    .containsExactlyElementsOf(
                            IntStream.range(0, elements).mapToObj(i -> -i).toList());
            for (int i = 0; i < elements; i++) {
                assertThat(calls.get(i)).as("calls of %d, seed %d", i, seed).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldNumberElementsOverThoseThatNeededNoSlot() {
        Scatter<Integer, Integer> function =
                Lox.async(2, i -> i == 7 ? Mono.error(new IllegalStateException("seven")) : any(i));
        StepVerifier.create(function.map(Flux.range(0, 100), 2))
                .expectNextCount(7)
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasStackTraceContaining("element 7"))
                .verify(LIMIT);

        List<Outcome<Integer>> outcomes = Objects.requireNonNull(
                function.mapSettled(Flux.range(0, 100)).collectList().block(LIMIT));
        assertThat(outcomes).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(outcomes.get(i).index()).isEqualTo(i);
            assertThat(outcomes.get(i) instanceof Outcome.Failure<Integer>).isEqualTo(i == 7);
        }
    }

    @Test
    void shouldRefuseNullAndSayWhichElementGaveIt() {
        Scatter<Integer, Integer> function = Lox.async(1, i -> i == 2 ? Mono.empty() : Mono.just(i));
        StepVerifier.create(function.map(Flux.range(0, 100)))
                .expectNext(0, 1)
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(NullPointerException.class)
                        .hasMessageContaining("element 2"))
                .verify(LIMIT);
    }

    /** Knows its own round: the source may be at one more element when the round is over. */
    private record Item(int number, AtomicIntegerArray fates) {
        void end() {
            fates.incrementAndGet(number);
        }
    }

    @Test
    void shouldLoseNothingWhenItIsCancelled() throws InterruptedException {
        Random random = new Random(seed);
        Hooks.onNextDropped(item -> ((Item) item).end()); // once, since they add up: by the source, after the cancel
        for (int round = 0; round < 300; round++) {
            AtomicIntegerArray fates = new AtomicIntegerArray(2_000);
            AtomicInteger taken = new AtomicInteger();
            Scatter<Item, Item> function = Lox.async(2, Mono::just); // no call is under way when it is cancelled
            Asking<Item> subscriber = new Asking<>() {
                @Override
                protected void hookOnNext(Item item) {
                    item.end();
                }
            };
            CountDownLatch sourceOver = new CountDownLatch(1);
            Flux<Item> source = Flux.range(0, 2_000)
                    .map(number -> new Item(number, fates))
                    .doOnNext(item -> taken.set(item.number() + 1))
                    .subscribeOn(Schedulers.parallel())
                    .doFinally(how -> sourceOver.countDown());
            function.map(source).doOnDiscard(Item.class, Item::end).subscribe(subscriber);
            subscriber.request(1 + random.nextInt(3_000));
            for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            subscriber.cancel();
            assertThat(sourceOver.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            Patience.until(
                    "an end of each element, seed " + seed + ", round " + round,
                    () -> IntStream.range(0, taken.get()).allMatch(i -> fates.get(i) == 1));
        }
    }

    /** What has been subscribed to by the time of the cancel is cancelled, or gives what somebody receives or discards. */
    @Test
    void shouldLeaveNoPublisherSubscribedToWhenItIsCancelled() throws InterruptedException {
        Random random = new Random(seed);
        Hooks.onNextDropped(item -> {}); // by the source, after the cancel
        for (int round = 0; round < 300; round++) {
            AtomicIntegerArray fates = new AtomicIntegerArray(2_000);
            AtomicIntegerArray subscribed = new AtomicIntegerArray(2_000);
            int late = 2 + random.nextInt(20);
            Scatter<Item, Item> function = Lox.async(2, item -> {
                Mono<Item> one = Mono.just(item).hide();
                return (item.number() % late == 0 ? one.publishOn(Schedulers.parallel()) : one)
                        .doOnSubscribe(begun -> subscribed.incrementAndGet(item.number()))
                        .doOnCancel(item::end);
            });
            Asking<Item> subscriber = new Asking<>() {
                @Override
                protected void hookOnNext(Item item) {
                    item.end();
                }
            };
            CountDownLatch sourceOver = new CountDownLatch(1);
            Flux<Item> source = Flux.range(0, 2_000)
                    .map(number -> new Item(number, fates))
                    .subscribeOn(Schedulers.parallel())
                    .doFinally(how -> sourceOver.countDown());
            function.map(source).doOnDiscard(Item.class, Item::end).subscribe(subscriber);
            subscriber.request(1 + random.nextInt(3_000));
            for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            subscriber.cancel();
            assertThat(sourceOver.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            Patience.until(
                    "an end of each publisher, seed " + seed + ", round " + round,
                    () -> IntStream.range(0, 2_000)
                            .allMatch(i -> subscribed.get(i) == 0 || (subscribed.get(i) == 1 && fates.get(i) >= 1)));
        }
    }

    /** What the source signals inside of the subscription to a result comes after that result's element. */
    @Test
    void shouldTakeWhatTheSourceSignalsInsideOfACallAfterwards() {
        for (Duration later : List.of(Duration.ZERO, Duration.ofMillis(5))) {
            Sinks.Many<Integer> source = Sinks.many().multicast().directBestEffort();
            Scatter<Integer, Integer> function = Lox.async(
                    8,
                    i -> Mono.defer(() -> {
                        if (i < 3) {
                            source.tryEmitNext(i + 1);
                        } else {
                            source.tryEmitComplete();
                        }
                        return later.isZero() ? Mono.just(-i) : Mono.just(-i).delayElement(later);
                    }));
            StepVerifier.create(function.map(source.asFlux()))
                    .then(() -> source.tryEmitNext(0))
                    .expectNext(0, -1, -2, -3)
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    @Test
    void shouldWaitForACallInsideOfWhichTheSourceEnds() {
        Sinks.Many<Integer> source = Sinks.many().multicast().directBestEffort();
        AtomicInteger cancelled = new AtomicInteger();
        try (Workers workers = Workers.async(1).build()) {
            Scatter<Integer, Integer> function = Lox.async(
                    workers,
                    i -> i == 0
                            ? Mono.<Integer>never()
                                    .doOnSubscribe(begun -> source.tryEmitComplete())
                                    .doOnCancel(cancelled::incrementAndGet)
                            : Mono.just(i));
            StepVerifier.create(function.map(source.asFlux()))
                    .then(() -> source.tryEmitNext(0))
                    .thenCancel()
                    .verify(LIMIT);
            assertThat(cancelled).hasValue(1);
            StepVerifier.create(function.map(Flux.just(1))) // the place is free
                    .expectNext(1)
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    /** The map ends after the subscription to a publisher, and before its element has a slot. */
    @Test
    void shouldEndWhatHasBegunWhenItIsCancelledMeanwhile() {
        List<Object> ends = new CopyOnWriteArrayList<>();
        Hooks.onErrorDropped(ends::add);
        Throwable failure = new IllegalStateException("planned");
        List<Mono<Integer>> publishers = List.of(
                Mono.<Integer>never().doOnCancel(() -> ends.add("cancelled")),
                Mono.just(1).hide(),
                Mono.fromCallable(() -> 2),
                Mono.<Integer>error(failure).hide());
        for (boolean closes : new boolean[] {false, true}) {
            ends.clear();
            for (Mono<Integer> publisher : publishers) {
                Workers workers = Workers.async(2).build();
                Asking<Integer> subscriber = new Asking<>();
                Runnable end = closes ? workers::close : subscriber::cancel;
                Scatter<Integer, Integer> function = Lox.async(workers, i -> {
                    if (publisher instanceof Callable) {
                        end.run();
                        return publisher;
                    }
                    return publisher.doOnSubscribe(subscription -> end.run());
                });
                function.map(Flux.range(0, 10))
                        .doOnDiscard(Integer.class, ends::add)
                        .subscribe(subscriber);
                subscriber.requestUnbounded();
                workers.close();
            }
            assertThat(ends).as("closes: %s", closes).contains("cancelled", 1, 2, failure);
        }
    }

    @Test
    void shouldKeepToTheLimitOverTwoMaps() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Workers workers = Workers.async(1).build()) {
            Scatter<Integer, Integer> function = Lox.async(workers, i -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                for (int spin = 0; spin < 20; spin++) {
                    Thread.onSpinWait();
                }
                inside.decrementAndGet();
                return any(i);
            });
            List<Asking<Integer>> subscribers = List.of(new Asking<>(), new Asking<>());
            for (Asking<Integer> subscriber : subscribers) {
                function.map(Flux.range(0, 20_000).subscribeOn(Schedulers.parallel()))
                        .subscribe(subscriber);
                subscriber.requestUnbounded();
            }
            for (Asking<Integer> subscriber : subscribers) {
                subscriber.await();
                assertThat(subscriber.items).hasSize(20_000);
            }
        }
        assertThat(most).hasValue(1);
    }
}
