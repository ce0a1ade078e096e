package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Arguments that an {@code expand} finds while the queue limit is reached: they do not wait, and are not refused, whatever
 * thread finds them; but they count, so others wait until there is room again.
 */
@OnceOverProcesses("QueueLimitTest: the parent alone counts what waits")
class ExpandQueueLimitTest extends ContractTest {
    private static final int LIMIT = 2;
    private static final int FOUND = 50;
    private static final List<Integer> NONE = List.of();

    /** With one worker, on which what was found runs until the turnstile is open. */
    private Face<Integer, Integer> narrow(Setup setup, Turnstile turnstile) {
        return open(setup, 1, builder -> builder.named("narrow").queueLimit(LIMIT))
                .function(i -> {
                    if (i >= 100) {
                        turnstile.pass();
                    }
                    return i;
                });
    }

    private static List<Integer> found(int result) {
        return result == 0 ? numbers(100, 100 + FOUND) : NONE;
    }

    /** One of what was found runs then, and the others wait. */
    private static Observation<List<Integer>> expandPastTheLimit(Face<Integer, Integer> function, Turnstile turnstile) {
        Observation<List<Integer>> expand =
                function.expand(List.of(0), ExpandQueueLimitTest::found).subscribe();
        turnstile.awaitArrivals(1);
        awaitAllWaiting(function, expand);
        return expand;
    }

    private static void awaitAllWaiting(Face<Integer, Integer> function, Observation<List<Integer>> expand) {
        Eventually.until(
                "all but the one that runs wait beyond the limit",
                () -> expand.isOver() || function.pending() == FOUND - 1);
        assertThat(expand.isOver()).isFalse();
    }

    @OnSharedAndInlineWorkers
    void shouldGoOnToTheEnd(Setup setup) {
        Face<Integer, Integer> function =
                open(setup, 2, builder -> builder.queueLimit(LIMIT)).function(i -> i);
        assertThat(function.expand(numbers(1, 20), i -> i < 1_000 ? numbers(i * 100, i * 100 + 10) : NONE)
                        .await())
                .hasSize(19 + 19 * 10 + 9 * 10 * 10); // what the seeds 1 to 9 lead to is below 1,000, too
    }

    /** Of one result. They are found by the thread that brings it. */
    @OnSharedWorkers
    void shouldTakeInAllAtOnce(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = narrow(setup, turnstile);

        Observation<List<Integer>> expand = expandPastTheLimit(function, turnstile);

        turnstile.open();
        assertThat(expand.value()).hasSize(1 + FOUND);
    }

    /** The result is there before all seeds are, so that none of the workers' threads finds them. */
    @OnSharedWorkers
    void shouldTakeInAllAtOnceBesideTheWorkers(Setup setup) throws Exception {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = narrow(setup, turnstile);
        Iterable<Integer> late = () -> new Iterator<>() {
            private boolean last;

            @Override
            public boolean hasNext() {
                if (last) {
                    assertThat(function.gather(List.of(1)).await()).containsExactly(1);
                }
                return !last;
            }

            @Override
            public Integer next() {
                last = true;
                return 0;
            }
        };

        Observation<List<Integer>> expand = CompletableFuture.supplyAsync(
                        () -> function.expand(late, ExpandQueueLimitTest::found).subscribe())
                .get(Eventually.SECONDS, TimeUnit.SECONDS);
        turnstile.awaitArrivals(1);
        awaitAllWaiting(function, expand);

        turnstile.open();
        assertThat(expand.value()).hasSize(1 + FOUND);
    }

    @OnSharedWorkers
    void shouldCountWhatWasFoundAgainstTheLimitOfOthers(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = narrow(setup, turnstile);
        Observation<List<Integer>> expand = expandPastTheLimit(function, turnstile);

        assertWaitsAtTheLimit(function, turnstile, 1);
        assertThat(expand.value()).hasSize(1 + FOUND);
    }

    /** Each one that was found gives back the place that it took, no more. */
    @OnSharedWorkers
    void shouldLeaveTheLimitAsItWas(Setup setup) throws InterruptedException {
        Turnstile passed = new Turnstile();
        passed.open();
        AtomicReference<Turnstile> turnstile = new AtomicReference<>(passed);
        Face<Integer, Integer> function = open(setup, 1, builder -> builder.queueLimit(LIMIT))
                .function(i -> {
                    Objects.requireNonNull(turnstile.get()).pass();
                    return i;
                });
        assertThat(function.expand(List.of(0), ExpandQueueLimitTest::found).await())
                .hasSize(1 + FOUND);

        Turnstile closed = new Turnstile();
        turnstile.set(closed);
        function.scatter(1);
        closed.awaitArrivals(1);
        scatterAll(function, 2, 2 + LIMIT);
        assertWaitsAtTheLimit(function, closed, 1 + LIMIT + 1);
    }

    /** One that is stopped gives back the places of those that were found and did not run. */
    @OnSharedWorkers
    void shouldLeaveTheLimitAsItWasAfterACancel(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = narrow(setup, turnstile);
        Observation<List<Integer>> expand = expandPastTheLimit(function, turnstile);

        expand.cancel();

        turnstile.awaitInterrupts(1);
        function.scatter(1_000);
        turnstile.awaitArrivals(2);
        scatterAll(function, 1_001, 1_001 + LIMIT);
        assertWaitsAtTheLimit(function, turnstile, 1 + LIMIT + 1);
    }

    /** Those too that were stored in the very instant of the end. A place that is lost lets a seed wait for ever. */
    @OnSharedWorkers
    void shouldLeaveTheLimitAsItWasAfterCancelsAtAnyTime(Setup setup) throws Exception {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = narrow(setup, turnstile);

        CompletableFuture.runAsync(
                        () -> {
                            cancelAtAnyTime(function, rounds(setup, 300));
                            function.scatter(1_000);
                            turnstile.awaitArrivals(1);
                            scatterAll(function, 1_001, 1_001 + LIMIT);
                        },
                        task -> new Thread(task, "rounds").start())
                .get(Eventually.SECONDS, TimeUnit.SECONDS);

        assertWaitsAtTheLimit(function, turnstile, 1 + LIMIT + 1);
    }

    private static void cancelAtAnyTime(Face<Integer, Integer> function, int rounds) {
        for (int round = 0; round < rounds; round++) {
            CountDownLatch begun =
                    new CountDownLatch(ThreadLocalRandom.current().nextInt(20));
            Observation<List<Integer>> endless = function.expand(List.of(0), i -> {
                        begun.countDown();
                        return List.of(1, 2, 3, 4, 5, 6, 7, 8);
                    })
                    .subscribe();
            Eventually.until("it has begun", () -> begun.getCount() == 0);
            endless.cancel();
        }
    }

    /** One more scatter waits until the turnstile is open; then so many are in the function's batch. */
    private static void assertWaitsAtTheLimit(Face<Integer, Integer> function, Turnstile turnstile, int scattered)
            throws InterruptedException {
        AtomicBoolean returned = new AtomicBoolean();
        Thread producer = new Thread(
                () -> {
                    function.scatter(7);
                    returned.set(true);
                },
                "producer");
        producer.setDaemon(true);
        producer.start();
        Eventually.until("the producer waits", () -> returned.get() || producer.getState() == Thread.State.WAITING);
        assertThat(returned).as("it has not waited").isFalse();

        turnstile.open();
        producer.join(TimeUnit.SECONDS.toMillis(Eventually.SECONDS));
        assertThat(returned).isTrue();
        assertThat(function.gather().await()).hasSize(scattered).endsWith(7);
    }

    @Test
    void shouldNotBeRefusedOnANonBlockingThreadOfReactor() {
        shouldNotBeRefused(
                Library.REACTOR,
                action -> Mono.fromRunnable(action)
                        .subscribeOn(Schedulers.parallel())
                        .subscribe());
    }

    @Test
    void shouldNotBeRefusedOnANonBlockingThreadOfRxJava() {
        shouldNotBeRefused(
                Library.RXJAVA,
                action -> Completable.fromRunnable(action)
                        .subscribeOn(io.reactivex.rxjava3.schedulers.Schedulers.computation())
                        .subscribe());
    }

    /** Calls that end on threads that must not wait: those of an event loop. */
    private void shouldNotBeRefused(Library library, Consumer<Runnable> eventLoop) {
        Calls calls = new Calls();
        AtomicReference<@Nullable Thread> finder = new AtomicReference<>();
        Face<Integer, Integer> function = library.promising(
                open(new Setup(library, Setup.Kind.ASYNC), 1, builder -> builder.queueLimit(LIMIT))
                        .workers(),
                calls::begin);
        Observation<List<Integer>> expand = function.expand(List.of(0), i -> {
                    if (i == 0) {
                        finder.set(Thread.currentThread());
                    }
                    return found(i);
                })
                .subscribe();

        Calls.Call seed = calls.takeNext();
        eventLoop.accept(() -> calls.end(seed));
        awaitAllWaiting(function, expand);
        assertThat(finder.get()).isNotNull().isNotSameAs(Thread.currentThread());

        assertThat(calls.endUntil(expand)).hasSize(1 + FOUND);
    }
}
