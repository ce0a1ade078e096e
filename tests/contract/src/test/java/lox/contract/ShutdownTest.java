package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.sync.Workers;
import reactor.core.scheduler.Scheduler;

/** {@code Workers.shutdown} and {@code awaitTermination}. */
class ShutdownTest extends ContractTest {
    private static final Duration LONG = Duration.ofSeconds(Eventually.SECONDS);

    private static void assertRefuses(Face<Integer, Integer> function) {
        assertThatThrownBy(() -> function.scatter(1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("shut down");
        assertThatThrownBy(() -> function.submit(1)).isInstanceOf(RejectedExecutionException.class);
    }

    @OnSharedWorkers
    void shouldLetTheRestFinish(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 2);
        Workers workers = site.workers();
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });
        scatterAll(function, 0, 10);
        Result<Integer> single = function.submit(10);
        turnstile.awaitArrivals(2);

        workers.shutdown();
        workers.shutdown();

        assertRefuses(function);
        assertThat(workers.isShutdown()).isTrue();
        assertThat(workers.isTerminated()).isFalse();
        assertThat(workers.awaitTermination(Duration.ZERO)).isFalse();
        assertThat(workers.awaitTermination(Duration.ofSeconds(-1))).isFalse();
        turnstile.open();
        assertThat(workers.awaitTermination(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        assertThat(workers.isTerminated()).isTrue();
        assertThat(single.await()).isEqualTo(10);
        assertThat(function.gather().await()).startsWith(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertRefuses(function);
    }

    @OnSharedAndInlineWorkers
    void shouldTerminateAtOnceWithNothingToDo(Setup setup) throws InterruptedException {
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> i);
        function.scatter(1);
        assertThat(function.gather().await()).containsExactly(1);
        assertThat(site.workers().isShutdown()).isFalse();
        assertThat(site.workers().isTerminated()).isFalse();

        site.workers().shutdown();

        assertThat(site.workers().awaitTermination(LONG)).isTrue();
        assertRefuses(function);
    }

    @OnSharedWorkers
    void shouldWaitForWhatIsCancelledByClose(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.passStubbornly();
            return i;
        });
        function.scatter(0);
        turnstile.awaitArrivals(1);

        site.workers().close();
        turnstile.open();

        assertThat(site.workers().awaitTermination(LONG)).isTrue();
        assertThat(function.gather().awaitFailure()).isInstanceOf(CancellationException.class);
    }

    @InEachLibrary
    void shouldLetAChainFinishWhosePlacesAreShutDown(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Site first = open(setup, 2);
        Site second = open(setup, 2);
        Face<Integer, Integer> chain = first.<Integer, Integer>function(i -> {
                    turnstile.pass();
                    return i;
                })
                .then(second.function(i -> i * 10));
        scatterAll(chain, 0, 5);
        turnstile.awaitArrivals(2);

        second.workers().shutdown();

        assertThat(second.workers().awaitTermination(Duration.ofMillis(1))).isFalse();
        assertRefuses(chain);
        turnstile.open();
        assertThat(second.workers().awaitTermination(LONG)).isTrue();
        assertThat(chain.gather().await()).containsExactly(0, 10, 20, 30, 40);
    }

    @InEachLibrary
    void shouldLetAMapFinishThatHasBegun(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });
        Observation<List<Integer>> results = function.map(numbers(0, 20)).subscribe();
        turnstile.awaitArrivals(2);

        site.workers().shutdown();

        assertThat(site.workers().isTerminated()).isFalse();
        turnstile.open();
        assertThat(results.value()).isEqualTo(numbers(0, 20));
        assertThat(site.workers().awaitTermination(LONG)).isTrue();
        assertThat(function.map(numbers(0, 3)).awaitFailure()).isInstanceOf(RejectedExecutionException.class);
    }

    /** What {@code scatter.scheduler()} gives, as a way to run something and to be told of a refusal. */
    private static Consumer<Runnable> scheduler(Setup setup, Face<Integer, Integer> function) {
        if (setup.library() == Library.REACTOR) {
            Scheduler scheduler = ((lox.reactor.Scatter<?, ?>) function.own()).scheduler();
            return scheduler::schedule;
        }
        io.reactivex.rxjava3.core.Scheduler scheduler = ((lox.rxjava.Scatter<?, ?>) function.own()).scheduler();
        return scheduler::scheduleDirect;
    }

    @InEachLibrary
    void shouldRunWhatAScheduleHasAccepted(Setup setup) throws InterruptedException {
        if (!setup.library().hasSubscribers()) {
            return; // no schedulers in plain Java
        }
        Turnstile turnstile = new Turnstile();
        AtomicInteger ran = new AtomicInteger();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> i);
        Consumer<Runnable> scheduler = scheduler(setup, function);
        scheduler.accept(() -> {
            turnstile.passStubbornly();
            ran.incrementAndGet();
        });
        scheduler.accept(ran::incrementAndGet);
        turnstile.awaitArrivals(1);

        site.workers().shutdown();

        assertThat(site.workers().isTerminated()).isFalse();
        turnstile.open();
        assertThat(site.workers().awaitTermination(LONG)).isTrue();
        assertThat(ran).hasValue(2);
    }

    @InEachLibrary
    void shouldRefuseToBeAwaitedByItsOwnTask(Setup setup) {
        Site site = open(setup, 1);
        Workers workers = site.workers();
        Face<Integer, Boolean> function = site.function(i -> workers.awaitTermination(LONG));
        function.scatter(1);
        assertThat(function.gather().awaitFailure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would wait for itself");
    }

    /** Each call beside the end of the workers gets a result or an exception that is documented; nothing hangs. */
    @OnSharedAndInlineWorkers
    void shouldAnswerEveryCallBesideTheEnd(Setup setup) throws InterruptedException {
        Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        int rounds = setup.kind() == Setup.Kind.PROCESSES ? 4 : 60;
        for (int round = 0; round < rounds; round++) {
            Site site = open(setup, 2);
            boolean closes = round % 2 == 0;
            CountDownLatch start = new CountDownLatch(1);
            Face<Integer, Integer> function = site.function(i -> i);
            Face<Integer, Integer> mapped = site.function(i -> i);
            Face<Integer, Integer> single = site.function(i -> i);
            List<Thread> threads = List.of(
                    caller(start, unexpected, answered, closes, () -> {
                        for (int i = 0; i < 50; i++) {
                            function.scatter(i);
                        }
                    }),
                    caller(
                            start,
                            unexpected,
                            answered,
                            closes,
                            () -> function.gatherSettled().await()),
                    caller(start, unexpected, answered, closes, () -> answer(mapped.map(numbers(0, 50)))),
                    caller(start, unexpected, answered, closes, () -> {
                        for (int i = 0; i < 20; i++) {
                            answer(single.submit(i));
                        }
                    }));
            threads.forEach(Thread::start);
            start.countDown();
            if (closes) {
                site.workers().close();
            } else {
                site.workers().shutdown();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(site.workers().awaitTermination(LONG)).isTrue();
        }
        takeDropped(setup);
        assertThat(unexpected).isEmpty();
        assertThat(answered).hasValue(rounds * 4);
    }

    private interface Call {
        void run() throws Throwable;
    }

    /** Waits for a value or a failure; the failure is thrown. */
    private static void answer(Result<?> result) throws Throwable {
        Observation<?> observation = result.subscribe();
        Eventually.until("an answer", observation::isOver);
        Throwable failure = observation.failureOrNull();
        if (failure != null) {
            throw failure;
        }
    }

    private static Thread caller(
            CountDownLatch start, Queue<Throwable> unexpected, AtomicInteger answered, boolean closes, Call call) {
        return new Thread(() -> {
            try {
                Eventually.open(start);
                call.run();
            } catch (RejectedExecutionException documented) {
                assertThat(documented).hasMessageContaining("Workers");
            } catch (CancellationException documented) {
                if (!closes) {
                    unexpected.add(documented);
                }
            } catch (AssertionError wrapped) {
                boolean cancelled = wrapped.getCause() instanceof CancellationException && closes;
                if (!cancelled) {
                    unexpected.add(wrapped);
                }
            } catch (Throwable failure) {
                unexpected.add(failure);
            }
            answered.incrementAndGet();
        });
    }
}
