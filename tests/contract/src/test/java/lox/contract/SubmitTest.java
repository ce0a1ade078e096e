package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A submit is a result of its own: in no gather, cancelled alone, in its turn among the scatters, and gone when it has ended. */
class SubmitTest extends ContractTest {
    private Face<Integer, Integer> passing(Setup setup, int workers, Turnstile turnstile) {
        return function(setup, workers, i -> {
            if (i < 0) {
                turnstile.pass();
            }
            return i;
        });
    }

    @OnAllWorkers
    void shouldBelongToNoBatch(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i < 0) {
                throw new IllegalStateException("of the submit alone");
            }
            return i;
        });

        Result<Integer> failed = function.submit(-1);
        assertThat(failed.awaitFailure()).hasMessage("of the submit alone");
        assertThat(function.scatter(1)).isZero();
        Result<Integer> single = function.submit(2);
        assertThat(function.scatter(3)).isEqualTo(1);

        assertThat(function.gather().await()).containsExactly(1, 3);
        assertThat(single.await()).isEqualTo(2);
        assertThat(single.await()).as("cached").isEqualTo(2);
        function.submit(4);
        assertThat(function.gatherSettled().await()).isEmpty();
    }

    // ---- cancelling ------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldDropAloneWhatHasNotStarted(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger ran = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            ran.incrementAndGet();
            if (i < 0) {
                turnstile.pass();
            }
            return i;
        });

        function.scatter(-1);
        turnstile.awaitArrivals(1);
        Observation<Integer> first = function.submit(1).subscribe();
        Observation<Integer> second = function.submit(2).subscribe();
        function.scatter(3);
        Observation<Integer> third = function.submit(4).subscribe();
        assertThat(function.pending()).isEqualTo(4);
        second.cancel();
        assertThat(function.pending()).isEqualTo(3);
        turnstile.open();

        assertThat(first.value()).isEqualTo(1);
        assertThat(third.value()).isEqualTo(4);
        assertThat(function.gather().await()).containsExactly(-1, 3);
        assertThat(ran).hasValue(4);
    }

    @OnConcurrentWorkers
    void shouldInterruptAloneWhatRuns(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = passing(setup, 3, turnstile);

        function.scatter(-1);
        Observation<Integer> first = function.submit(-2).subscribe();
        Observation<Integer> second = function.submit(-3).subscribe();
        turnstile.awaitArrivals(3);
        first.cancel();
        turnstile.awaitInterrupts(1);
        turnstile.open();

        assertThat(second.value()).isEqualTo(-3);
        assertThat(function.gather().await()).containsExactly(-1);
        assertThat(turnstile.interrupted()).isEqualTo(1);
        assertThat(function.submit(7).await()).isEqualTo(7);
    }

    @WithSubscribers
    void shouldLiveAsLongAsOneSubscriberIsLeft(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = passing(setup, 1, turnstile);

        Result<Integer> single = function.submit(-1);
        Observation<Integer> first = single.subscribe();
        Observation<Integer> second = single.subscribe();
        turnstile.awaitArrivals(1);
        first.cancel();
        turnstile.open();
        assertThat(second.value()).isEqualTo(-1);

        Turnstile next = new Turnstile();
        Result<Integer> left = passing(setup, 1, next).submit(-1);
        left.subscribe().cancel();
        assertThat(left.awaitFailure()).isInstanceOf(CancellationException.class);
    }

    @OnConcurrentWorkers
    void shouldStopInEachFunctionOfAChain(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> chain = function(setup, 2, (Integer i) -> i).then(passing(setup, 1, turnstile));

        Observation<Integer> running = chain.submit(-1).subscribe();
        turnstile.awaitArrivals(1);
        Observation<Integer> waiting = chain.submit(-2).subscribe();
        Observation<Integer> last = chain.submit(3).subscribe();
        Eventually.until("all are through the first", () -> chain.pending() == 0);
        waiting.cancel();
        running.cancel();

        turnstile.awaitInterrupts(1);
        assertThat(last.value()).isEqualTo(3);
        assertThat(turnstile.arrived()).isEqualTo(1);
        turnstile.open();
    }

    @InThisJvm("a killed process a round takes too long")
    @OnConcurrentWorkers
    void shouldEndOnceWhateverMeets(Setup setup) {
        AtomicInteger running = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            running.incrementAndGet();
            try {
                if (i % 3 == 0) {
                    Thread.onSpinWait();
                }
                return i;
            } finally {
                running.decrementAndGet();
            }
        });
        for (int round = 0; round < 2_000; round++) {
            int value = round;
            Observation<Integer> cancelled = function.submit(value).subscribe();
            Observation<Integer> kept = function.submit(value + 1).subscribe();
            function.scatter(value + 2);
            for (int spin = ThreadLocalRandom.current().nextInt(200); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            cancelled.cancel();
            assertThat(kept.value()).isEqualTo(value + 1);
            assertThat(function.gather().await()).containsExactly(value + 2);
        }
        Eventually.until("nothing is left", () -> function.pending() == 0 && running.get() == 0);
    }

    @OnSharedWorkers
    void shouldEndWithItsWorkers(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        Result<Integer> running = function.submit(1);
        Result<Integer> queued = function.submit(2);
        turnstile.awaitArrivals(1);
        site.workers().close();

        turnstile.awaitInterrupts(1);
        assertThat(running.awaitFailure()).isInstanceOf(CancellationException.class);
        assertThat(queued.awaitFailure()).isInstanceOf(CancellationException.class);
        assertThat(function.pending()).isZero();
        assertThatThrownBy(() -> function.submit(3)).isInstanceOf(RejectedExecutionException.class);
    }

    @OnSharedWorkers
    void shouldBeFinishedWhenItsWorkersAreShutDown(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        Result<Integer> running = function.submit(1);
        Result<Integer> queued = function.submit(2);
        turnstile.awaitArrivals(1);
        site.workers().shutdown();
        assertThatThrownBy(() -> function.submit(3)).isInstanceOf(RejectedExecutionException.class);
        assertThat(site.workers().awaitTermination(Duration.ofMillis(1))).isFalse();
        turnstile.open();

        assertThat(site.workers().awaitTermination(Duration.ofSeconds(Eventually.SECONDS)))
                .isTrue();
        assertThat(running.await()).isEqualTo(1);
        assertThat(queued.await()).isEqualTo(2);
    }

    // ---- order -----------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldStartInTheOrderOfTheCalls(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i < 0) {
                turnstile.pass();
            }
            order.add(i);
            return i;
        });

        function.scatter(-1);
        turnstile.awaitArrivals(1);
        List<Result<?>> results = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            if (i % 3 == 1) {
                results.add(function.submit(i));
            } else {
                function.scatter(i);
            }
            if (i % 50 == 49) {
                results.add(function.gather());
            }
        }
        turnstile.open();
        results.forEach(Result::await);

        assertThat(order).containsExactlyElementsOf(numbers(-1, 300));
    }

    @InThisJvm("it is the order in this JVM that is raced for")
    @OnConcurrentWorkers
    void shouldKeepTheOrderOfEachOfManyThreads(Setup setup) throws InterruptedException {
        int threads = 4;
        int each = 3_000;
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            order.add(i);
            return i;
        });
        List<Thread> callers = IntStream.range(0, threads)
                .mapToObj(thread -> new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        int value = thread * each + i;
                        if (ThreadLocalRandom.current().nextInt(3) == 0) {
                            function.scatter(value);
                        } else {
                            function.submit(value);
                        }
                    }
                }))
                .toList();
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        function.gather().await();
        Eventually.until("all have run", () -> order.size() == threads * each);

        int[] last = new int[threads];
        for (int value : order) {
            int thread = value / each;
            assertThat(value % each).as("thread " + thread).isEqualTo(last[thread]++);
        }
    }

    // ---- options and limits ----------------------------------------------------------------------------------------

    @OnSharedWorkers
    void shouldCountAtTheQueueLimit(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = open(setup, 1, builder -> builder.queueLimit(2))
                .function(i -> {
                    if (i < 0) {
                        turnstile.pass();
                    }
                    return i;
                });
        function.scatter(-1);
        turnstile.awaitArrivals(1);
        Observation<Integer> first = function.submit(1).subscribe();
        Observation<Integer> second = function.submit(2).subscribe();
        CountDownLatch submitted = new CountDownLatch(1);
        List<Result<Integer>> third = new ArrayList<>();
        Thread caller = new Thread(() -> {
            third.add(function.submit(3));
            submitted.countDown();
        });
        caller.start();
        Eventually.until("the third waits", () -> Eventually.isWaiting(caller));
        assertThat(submitted.getCount()).isEqualTo(1);

        first.cancel(); // makes room
        Eventually.open(submitted);
        turnstile.open();

        assertThat(second.value()).isEqualTo(2);
        assertThat(third.get(0).await()).isEqualTo(3);
        assertThat(function.gather().await()).containsExactly(-1);
    }

    @OnSharedWorkers
    void shouldBeTriedAgain(Setup setup) {
        AtomicInteger attempts = new AtomicInteger();
        Face<Integer, Integer> function = open(setup, 1, builder -> builder.retry(2, failure -> true))
                .function(i -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("again");
                    }
                    return i;
                });

        assertThat(function.submit(5).await()).isEqualTo(5);
        assertThat(attempts).hasValue(3);
    }

    // ---- memory ----------------------------------------------------------------------------------------------------

    private static final class Large {
        private final byte[] bytes = new byte[64];
    }

    @InThisJvm("what is kept there is garbage with the process")
    @OnConcurrentWorkers
    void shouldKeepNothingThatHasEnded(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Large> function = function(setup, 2, i -> {
            if (i < 0) {
                turnstile.pass();
            }
            return new Large();
        });
        Result<Large> endless = function.submit(-1);
        turnstile.awaitArrivals(1);

        List<WeakReference<Large>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Large result = function.submit(i).await();
            assertThat(result.bytes).hasSize(64);
            results.add(new WeakReference<>(result));
        }
        Eventually.until("all are let go", () -> {
            System.gc();
            return results.stream().allMatch(result -> result.get() == null);
        });

        turnstile.open();
        assertThat(endless.await()).isNotNull();
    }
}
