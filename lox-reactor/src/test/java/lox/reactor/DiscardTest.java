package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.Outcome;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Results of a batch that nobody receives go to the discard hook, each once. */
class DiscardTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private final Queue<Integer> dropped = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> ran = new ConcurrentLinkedQueue<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch gathered = new CountDownLatch(1);

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
    }

    private static void scatter(Scatter<Integer, Integer> function, int from, int to) {
        for (int i = from; i < to; i++) {
            function.scatter(i);
        }
    }

    private static Integer[] range(int from, int to) {
        return IntStream.range(from, to).boxed().toArray(Integer[]::new);
    }

    /** The bad one fails when {@link #gathered} is open: so those behind it do not run, in a gather that fails fast. */
    private Scatter<Integer, Integer> failingAt(int bad) {
        return Lox.thread(1, i -> {
            if (i == bad) {
                gathered.await();
                throw new IllegalStateException("bad");
            }
            ran.add(i);
            return i;
        });
    }

    /** Waits, whatever interrupts it. */
    private void awaitOpening() {
        while (opened.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    /** The given ones run until they are let go. */
    private Scatter<Integer, Integer> stubbornFrom(int first, int workers, CountDownLatch started) {
        return Lox.thread(workers, i -> {
            if (i >= first) {
                started.countDown();
                awaitOpening();
            }
            ran.add(i);
            return i;
        });
    }

    // ---- lists -----------------------------------------------------------------------------------------------------

    @Test
    void shouldDiscardTheGoodResultsOfAGatherThatFails() {
        Scatter<Integer, Integer> function = failingAt(5);
        scatter(function, 0, 8);
        Mono<List<Integer>> list = function.gather().doOnDiscard(Integer.class, dropped::add);
        gathered.countDown();

        assertThatThrownBy(() -> list.block(LIMIT)).hasMessage("bad");

        Patience.until("all are discarded", () -> dropped.size() == 5);
        assertThatThrownBy(() -> list.block(LIMIT)).hasMessage("bad");
        assertThat(dropped).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void shouldDiscardWhatRanBeforeTheGather() {
        Scatter<Integer, Integer> function = failingAt(5);
        gathered.countDown();
        scatter(function, 0, 8);
        Patience.until("all others have run", () -> ran.size() == 7);

        assertThatThrownBy(() -> function.gather()
                        .doOnDiscard(Integer.class, dropped::add)
                        .block(LIMIT))
                .hasMessage("bad");

        Patience.until("all are discarded", () -> dropped.size() == 7);
        assertThat(dropped).containsExactly(0, 1, 2, 3, 4, 6, 7);
    }

    @Test
    void shouldDiscardToTheFirstWhoComesAfterTheFailure() throws InterruptedException {
        Scatter<Integer, Integer> function = failingAt(5);
        scatter(function, 0, 8);
        Mono<List<Integer>> list = function.gather();
        gathered.countDown();
        Patience.until("the batch has failed", () -> Scannable.from(list).scanOrDefault(Attr.TERMINATED, false));

        assertThatThrownBy(() -> list.doOnDiscard(Integer.class, dropped::add).block(LIMIT))
                .hasMessage("bad");

        Patience.until("all are discarded", () -> dropped.size() == 5);
        assertThat(dropped).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void shouldDiscardToOneOfSeveralSubscribers() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Queue<Integer> toTheSecond = new ConcurrentLinkedQueue<>();
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            if (i == 2) {
                started.countDown();
                awaitOpening();
                throw new IllegalStateException("bad");
            }
            return i;
        });
        scatter(function, 0, 4);
        Mono<List<Integer>> list = function.gather();
        Mono<List<Integer>> first = list.doOnDiscard(Integer.class, dropped::add);
        Mono<List<Integer>> second = list.doOnDiscard(Integer.class, toTheSecond::add);
        first.subscribe(values -> {}, failure -> {});
        second.subscribe(values -> {}, failure -> {});
        started.await();
        opened.countDown();

        assertThatThrownBy(() -> second.block(LIMIT)).hasMessage("bad");
        Patience.until("all are discarded", () -> dropped.size() == 2);
        assertThat(toTheSecond).isEmpty();
    }

    @Test
    void shouldDiscardWhatEndsAfterTheFailure() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        Scatter<Integer, Integer> function = Lox.thread(3, i -> {
            if (i == 2) {
                started.await();
                throw new IllegalStateException("bad");
            }
            started.countDown();
            awaitOpening();
            return i;
        });
        scatter(function, 0, 3);
        assertThatThrownBy(() -> function.gather()
                        .doOnDiscard(Integer.class, dropped::add)
                        .block(LIMIT))
                .hasMessage("bad");
        assertThat(dropped).isEmpty();

        opened.countDown();

        Patience.until("those that run are discarded", () -> dropped.size() == 2);
        assertThat(dropped).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void shouldDiscardTheGoodResultsOfADelayedFailure() {
        Scatter<Integer, Integer> function = failingAt(5);
        gathered.countDown();
        scatter(function, 0, 8);

        assertThatThrownBy(() -> function.gatherDelayError()
                        .doOnDiscard(Integer.class, dropped::add)
                        .block(LIMIT))
                .hasMessage("bad");

        Patience.until("all are discarded", () -> dropped.size() == 7);
        assertThat(dropped).containsExactly(0, 1, 2, 3, 4, 6, 7);
    }

    @Test
    void shouldDiscardTheResultsOfACancelledGather() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Scatter<Integer, Integer> function = stubbornFrom(3, 1, started);
        scatter(function, 0, 6);
        Disposable subscription = function.gatherSettled()
                .doOnDiscard(Integer.class, dropped::add)
                .subscribe();
        started.await();

        subscription.dispose();
        assertThat(dropped).containsExactly(0, 1, 2);
        opened.countDown();

        Patience.until("the one that ran is discarded", () -> dropped.size() == 4);
        assertThat(dropped).containsExactly(0, 1, 2, 3);
    }

    @Test
    void shouldDiscardTheResultOfACancelledSubmit() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Scatter<Integer, Integer> function = stubbornFrom(0, 1, started);
        Disposable subscription =
                function.submit(7).doOnDiscard(Integer.class, dropped::add).subscribe();
        started.await();

        subscription.dispose();
        opened.countDown();

        Patience.until("it is discarded", () -> dropped.size() == 1);
        assertThat(dropped).containsExactly(7);
    }

    @Test
    void shouldDiscardWhatEndsAfterADeadline() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Scatter<Integer, Integer> function = stubbornFrom(3, 1, started);
        scatter(function, 0, 6);
        started.await();
        Mono<List<Outcome<Integer>>> settled =
                function.gatherSettled(Duration.ofMillis(1)).doOnDiscard(Integer.class, dropped::add);

        List<Outcome<Integer>> outcomes = Objects.requireNonNull(settled.block(LIMIT));
        opened.countDown();

        Patience.until("the one that ran has ended", () -> ran.size() == 4);
        List<Integer> given = successes(outcomes);
        Patience.until("each is given or discarded", () -> given.size() + dropped.size() == 4);
        given.addAll(dropped);
        assertThat(given).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void shouldDiscardNothingOfAGatherThatEndsWell() {
        Scatter<Integer, Integer> function = failingAt(-1);
        scatter(function, 0, 8);
        Mono<List<Integer>> list = function.gather().doOnDiscard(Integer.class, dropped::add);
        list.block(LIMIT);
        list.subscribe().dispose();

        assertThat(list.block(LIMIT)).containsExactly(range(0, 8));
        scatter(function, 0, 2);
        scatter(function, 5, 6);
        function.gatherSettled().doOnDiscard(Integer.class, dropped::add).block(LIMIT);
        assertThat(dropped).isEmpty();
    }

    @Test
    void shouldGoOnAfterAHookThatThrows() {
        Scatter<Integer, Integer> function = failingAt(5);
        scatter(function, 0, 8);
        Mono<List<Integer>> list = function.gather().doOnDiscard(Integer.class, result -> {
            dropped.add(result);
            throw new IllegalArgumentException("hook");
        });
        gathered.countDown();

        assertThatThrownBy(() -> list.block(LIMIT)).hasMessage("bad");

        Patience.until("all are discarded", () -> dropped.size() == 5);
        assertThat(dropped).containsExactly(0, 1, 2, 3, 4);
        scatter(function, 0, 2);
        assertThat(function.gather().block(LIMIT)).containsExactly(0, 1);
    }

    // ---- streams ---------------------------------------------------------------------------------------------------

    private void shouldDiscardWhatIsNotTaken(Flux<Integer> results, int size) {
        List<Integer> received = new ArrayList<>();

        results.doOnDiscard(Integer.class, dropped::add)
                .take(3)
                .doOnNext(received::add)
                .blockLast(LIMIT);

        assertThat(received).hasSize(3);
        Patience.until("what ran is received or discarded", () -> dropped.size() + 3 == ran.size());
        assertThat(dropped).doesNotContainAnyElementsOf(received).doesNotHaveDuplicates();
        assertThat(ran).hasSizeLessThanOrEqualTo(size);
        assertThatThrownBy(() -> results.blockLast(LIMIT)).isInstanceOf(CancellationException.class);
    }

    @Test
    void shouldDiscardWhatIsNotTakenOfAStream() {
        Scatter<Integer, Integer> function = failingAt(5);
        scatter(function, 10, 30);

        shouldDiscardWhatIsNotTaken(function.gatherFlux(), 20);
    }

    @Test
    void shouldDiscardWhatIsNotTakenInTheOrderOfCompletion() {
        Scatter<Integer, Integer> function = failingAt(5);
        scatter(function, 10, 30);

        shouldDiscardWhatIsNotTaken(function.gatherAsCompleted(), 20);
    }

    @Test
    void shouldDiscardWhatIsNotTakenThoughAllHaveRun() {
        Scatter<Integer, Integer> function = failingAt(5);
        scatter(function, 10, 30);
        Patience.until("all have run", () -> ran.size() == 20);

        shouldDiscardWhatIsNotTaken(function.gatherFlux(), 20);

        assertThat(dropped).containsExactly(range(13, 30));
    }

    @Test
    void shouldDiscardWhatEndsAfterACancelledStream() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        Scatter<Integer, Integer> function = stubbornFrom(3, 2, started);
        scatter(function, 0, 8);
        Flux<Integer> results = function.gatherAsCompleted();
        List<Integer> received = Objects.requireNonNull(results.doOnDiscard(Integer.class, dropped::add)
                .take(2)
                .collectList()
                .block(LIMIT));
        opened.countDown();

        Patience.until("what ran is received or discarded", () -> dropped.size() + 2 == ran.size());
        assertThat(dropped).doesNotContainAnyElementsOf(received).doesNotHaveDuplicates();
    }

    @Test
    void shouldKeepWhatAnotherSubscriberStillFollows() {
        Scatter<Integer, Integer> function = failingAt(5);
        scatter(function, 10, 30);
        Flux<Integer> results = function.gatherFlux().doOnDiscard(Integer.class, dropped::add);
        RecordingSubscriber<Integer> other = new RecordingSubscriber<>();
        results.subscribe(other);
        other.subscription().request(7);
        results.take(3).blockLast(LIMIT);
        Patience.until("all that was requested is there", () -> other.values.size() == 7);
        Patience.until("all have run", () -> ran.size() == 20);
        assertThat(dropped).isEmpty();

        other.subscription().cancel();

        Patience.until("the others are discarded", () -> dropped.size() == 13);
        assertThat(dropped).containsExactly(range(17, 30));
    }

    @Test
    void shouldDiscardWhatComesAfterTheFailureOfAStream() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch failing = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            if (i == 1) {
                started.countDown();
                failing.await();
                throw new IllegalStateException("bad");
            }
            ran.add(i);
            return i;
        });
        scatter(function, 0, 6);
        Flux<Integer> results = function.gatherFlux().doOnDiscard(Integer.class, dropped::add);
        Patience.until("all others have run", () -> ran.size() == 5);
        started.await();
        failing.countDown();

        List<Integer> received = new ArrayList<>();
        assertThatThrownBy(() -> results.doOnNext(received::add).blockLast(LIMIT))
                .hasMessage("bad");

        assertThat(received).containsExactly(0);
        Patience.until("the others are discarded", () -> dropped.size() == 4);
        assertThat(dropped).containsExactly(2, 3, 4, 5);
        assertThat(results.onErrorComplete().collectList().block(LIMIT)).containsExactly(0);
    }

    // ---- races -----------------------------------------------------------------------------------------------------

    private final Set<Integer> received =
            ConcurrentHashMap.newKeySet(); // by a subscriber that leaves, or by a later one
    private final AtomicInteger interrupted = new AtomicInteger();

    private Scatter<Integer, Integer> failingBelowZero() {
        Hooks.onErrorDropped(failure -> {}); // of gathers that were cancelled
        return Lox.thread(3, i -> {
            if (i < 0) {
                throw new IllegalStateException("bad");
            }
            ran.add(i);
            return i;
        });
    }

    /** Subscribes, leaves after a while, and comes again. */
    private void leaveAtAnyTime(Flux<Integer> results) {
        Disposable subscription = results.subscribe(received::add, failure -> {});
        int pause = ThreadLocalRandom.current().nextInt(1_000);
        for (int i = 0; i < pause; i++) {
            Thread.onSpinWait();
        }
        subscription.dispose();
        results.doOnNext(received::add).onErrorComplete().blockLast(LIMIT);
    }

    private void drop(Integer result) {
        if (Thread.currentThread().isInterrupted()) {
            interrupted.incrementAndGet();
        }
        dropped.add(result);
    }

    /** Tasks that ignored their interrupt may still run; those that have run by now count. */
    private void eachShouldBeReceivedOrDiscardedOnce() {
        Set<Integer> results = Set.copyOf(ran);
        Patience.until("each is received or discarded", () -> lostOf(results).isEmpty());
        List<Integer> discarded = List.copyOf(dropped);
        Set<Integer> both = new HashSet<>(discarded);
        assertThat(discarded).as("discarded once").hasSize(both.size());
        both.retainAll(received);
        assertThat(both).as("received and discarded").isEmpty();
        assertThat(interrupted).as("interrupted while they discard").hasValue(0);
    }

    private Set<Integer> lostOf(Set<Integer> results) {
        Set<Integer> lost = new HashSet<>(results);
        lost.removeAll(received);
        dropped.forEach(lost::remove);
        return lost;
    }

    @Test
    void shouldReceiveOrDiscardEachResultOnce() {
        Scatter<Integer, Integer> function = failingBelowZero();
        for (int round = 0; round < 3_000; round++) {
            int bad = ThreadLocalRandom.current().nextInt(120); // in a third of the rounds there is one
            for (int i = 0; i < 40; i++) {
                function.scatter(i == bad ? -1 : round * 40 + i);
            }
            leaveAtAnyTime(results(function, round % 5));
        }
        eachShouldBeReceivedOrDiscardedOnce();
    }

    @Test
    void shouldReceiveOrDiscardEachSubmittedResultOnce() {
        Scatter<Integer, Integer> function = failingBelowZero();
        for (int i = 0; i < 10_000; i++) {
            leaveAtAnyTime(
                    function.submit(i).doOnDiscard(Integer.class, this::drop).flux());
        }
        eachShouldBeReceivedOrDiscardedOnce();
    }

    private Flux<Integer> results(Scatter<Integer, Integer> function, int kind) {
        return switch (kind) {
            case 0 -> function.gatherFlux().doOnDiscard(Integer.class, this::drop);
            case 1 -> function.gatherAsCompleted().doOnDiscard(Integer.class, this::drop);
            case 2 -> ofList(function.gather());
            case 3 -> ofList(function.gatherDelayError());
            default ->
                ofList(function.gatherSettled(
                                Duration.ofNanos(ThreadLocalRandom.current().nextInt(300_000)))
                        .map(DiscardTest::successes));
        };
    }

    private static List<Integer> successes(List<Outcome<Integer>> outcomes) {
        List<Integer> values = new ArrayList<>();
        for (Outcome<Integer> outcome : outcomes) {
            if (outcome instanceof Outcome.Success<Integer> success) {
                values.add(success.value());
            }
        }
        return values;
    }

    /** The hook is not that of the operator after it, which discards what it does not emit. */
    private Flux<Integer> ofList(Mono<List<Integer>> list) {
        return list.doOnDiscard(Integer.class, this::drop).flatMapIterable(values -> values);
    }
}
