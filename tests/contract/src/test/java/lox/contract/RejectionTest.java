package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.sync.Outcome;
import lox.sync.Task;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class RejectionTest extends ContractTest {
    /** Runs jobs as it is told. */
    private static final class ScriptedExecutor extends AbstractExecutorService {
        private final Consumer<Runnable> script;

        ScriptedExecutor(Consumer<Runnable> script) {
            this.script = script;
        }

        @Override
        public void execute(Runnable job) {
            script.accept(job);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }

    private static <R> Face<Integer, R> on(Setup setup, int workers, Consumer<Runnable> script, Task<Integer, R> task) {
        return setup.library()
                .on(Workers.executor(new ScriptedExecutor(script), workers).build(), task);
    }

    @InEachLibrary
    void shouldFailTheTasksOfAnExecutorThatWasShutDown(Setup setup) {
        ThreadPoolExecutor executor = Library.OwnScheduler.threads();
        Face<Integer, Integer> function =
                setup.library().on(Workers.executor(executor, 1).build(), i -> i); // so no second lane is on its way
        function.scatter(0);
        assertThat(function.gather().await()).containsExactly(0);
        Eventually.idle(executor);
        executor.shutdown();

        for (int i = 0; i < 5; i++) {
            assertThat(function.scatter(i)).isEqualTo(i); // scatter itself is not to blame
        }
        assertThat(function.pending()).isZero();
        assertThat(function.gatherSettled().await())
                .hasSize(5)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Failure.class,
                                failure -> assertThat(failure.error()).isInstanceOf(RejectedExecutionException.class)));

        function.scatter(1);
        assertThat(function.gather().awaitFailure()).isInstanceOf(RejectedExecutionException.class);
        assertThat(function.submit(1).awaitFailure()).isInstanceOf(RejectedExecutionException.class);
    }

    @InEachLibrary
    void shouldFailTheTasksOfASchedulerThatWasDisposedOf(Setup setup) {
        Library.OwnScheduler scheduler = setup.library().openScheduler();
        if (scheduler == null) {
            return; // plain Java has none
        }
        Face<Integer, Integer> function = scheduler.on(2, i -> i);
        function.scatter(0);
        assertThat(function.gather().await()).containsExactly(0);
        scheduler.close();

        scatterAll(function, 0, 3);

        Throwable received = function.gatherDelayError().awaitFailure();
        assertThat(setup.library().failuresOfTasks(received))
                .isNotEmpty()
                .hasOnlyElementsOfType(RejectedExecutionException.class);
        // RxJava's scheduler reports its executor's refusal by itself; the others leave it to the tasks' failures.
        assertThat(takeDropped(setup))
                .hasSize(setup.library() == Library.RXJAVA ? 3 : 0)
                .hasOnlyElementsOfType(RejectedExecutionException.class);
    }

    @InEachLibrary
    void shouldRecoverWithTheExecutor(Setup setup) {
        AtomicBoolean rejects = new AtomicBoolean(true);
        Face<Integer, Integer> function = on(
                setup,
                2,
                job -> {
                    if (rejects.get()) {
                        throw new RejectedExecutionException("not now");
                    }
                    new Thread(job).start();
                },
                i -> i);

        function.scatter(0);
        assertThat(function.gather().awaitFailure()).isInstanceOf(RejectedExecutionException.class);
        rejects.set(false);
        scatterAll(function, 0, 50);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 50));
    }

    @InEachLibrary
    void shouldLoseNothingToAnExecutorThatRejectsNowAndThen(Setup setup) {
        AtomicInteger jobs = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        Face<Integer, Integer> function = on(
                setup,
                3,
                job -> {
                    if (jobs.incrementAndGet() % 2 == 0) {
                        throw new RejectedExecutionException("not now");
                    }
                    new Thread(job).start();
                },
                i -> {
                    runs.incrementAndGet();
                    return i;
                });

        for (int batch = 0; batch < 100; batch++) {
            int before = runs.get();
            scatterAll(function, 0, 20);
            List<Outcome<Integer>> outcomes = function.gatherSettled().await();
            assertThat(outcomes).hasSize(20);
            int succeeded = 0;
            for (int i = 0; i < 20; i++) {
                if (outcomes.get(i) instanceof Outcome.Success<Integer> success) {
                    assertThat(success.value()).isEqualTo(i);
                    succeeded++;
                } else if (outcomes.get(i) instanceof Outcome.Failure<Integer> failure) {
                    assertThat(failure.error()).isInstanceOf(RejectedExecutionException.class);
                }
            }
            assertThat(runs.get() - before).isEqualTo(succeeded);
        }
        assertThat(runs.get()).isPositive();
    }

    @InEachLibrary
    void shouldLeaveItToTheWorkersThereAreWhenNoMoreCanBeHad(Setup setup) {
        AtomicInteger jobs = new AtomicInteger();
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = on(
                setup,
                4,
                job -> {
                    if (jobs.incrementAndGet() > 1) {
                        throw new RejectedExecutionException("one is enough");
                    }
                    new Thread(job).start();
                },
                i -> {
                    turnstile.pass();
                    return i;
                });

        function.scatter(0);
        turnstile.awaitArrivals(1);
        scatterAll(function, 1, 20);
        turnstile.open();

        assertThat(function.gather().await()).isEqualTo(numbers(0, 20));
    }

    @InEachLibrary
    void shouldFailTheTasksOfAnExecutorThatThrowsSomethingElse(Setup setup) {
        Face<Integer, Integer> function = on(
                setup,
                2,
                job -> {
                    throw new IllegalArgumentException("broken executor");
                },
                i -> i);

        function.scatter(0);

        assertThat(function.gather().awaitFailure())
                .isInstanceOf(RejectedExecutionException.class)
                .hasRootCauseMessage("broken executor");
    }

    /** Which can be neither shut down nor asked for its state. */
    @InEachLibrary
    void shouldRunOnAnExecutorThatIsNoService(Setup setup) throws InterruptedException {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Executor threads = job -> new Thread(job, "plain").start();
        Workers workers = Workers.executor(threads, 2).named("plain").build();
        Face<Integer, String> function = setup.library().on(workers, i -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            atOnce.decrementAndGet();
            return Thread.currentThread().getName();
        });

        for (int i = 0; i < 200; i++) {
            function.scatter(i);
        }
        assertThat(function.gather().await()).hasSize(200).containsOnly("plain");
        assertThat(most.get()).isBetween(1, 2);

        function.scatter(0);
        workers.shutdown();
        assertThat(workers.awaitTermination(Patience.LIMIT)).isTrue();
        assertThat(function.gather().await()).containsExactly("plain");
    }

    @InEachLibrary
    void shouldFailTheTasksThatAnExecutorRejectsThatIsNoService(Setup setup) {
        Executor none = job -> {
            throw new RejectedExecutionException("never");
        };
        Face<Integer, Integer> function =
                setup.library().on(Workers.executor(none, 2).build(), i -> i);
        function.scatter(0);

        assertThat(function.gather().awaitFailure())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("never");
    }

    @InEachLibrary
    void shouldRunInTheCallersThreadOnADirectExecutorThatIsNoService(Setup setup) {
        Face<Integer, Thread> function =
                setup.library().on(Workers.executor(Runnable::run, 2).build(), i -> Thread.currentThread());

        scatterSome(function);
        assertThat(function.gather().await()).hasSize(3).containsOnly(Thread.currentThread());
    }

    @InEachLibrary
    void shouldRunInTheCallersThreadOnADirectExecutor(Setup setup) {
        Face<Integer, Thread> function = on(setup, 2, Runnable::run, i -> Thread.currentThread());

        scatterSome(function);
        assertThat(function.gather().await()).hasSize(3).containsOnly(Thread.currentThread());

        scatterSome(function);
        assertThat(function.gather().await()).hasSize(3).containsOnly(Thread.currentThread());
    }

    @Test
    void shouldRefuseAnExecutorThatIsKnownToThrowJobsAway() {
        for (RejectedExecutionHandler policy :
                List.of(new ThreadPoolExecutor.DiscardPolicy(), new ThreadPoolExecutor.DiscardOldestPolicy())) {
            try (Saturated executor = new Saturated(policy)) {
                assertThatThrownBy(() -> Workers.executor(executor.threads, 2))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(policy.getClass().getSimpleName());
            }
        }
    }

    @InEachLibrary
    void shouldFailTheTasksThatAnExecutorHasThrownAway(Setup setup) {
        try (Saturated executor = new Saturated((job, threads) -> {})) {
            Face<Integer, Integer> function =
                    setup.library().on(Workers.executor(executor.threads, 2).build(), i -> i);
            scatterAll(function, 0, 3);
            Result<List<Outcome<Integer>>> lost = function.gatherSettled();
            executor.turnstile.open(); // from now on it is idle

            assertThat(lost.await())
                    .hasSize(3)
                    .allSatisfy(outcome -> assertThat(((Outcome.Failure<Integer>) outcome).error())
                            .isInstanceOf(RejectedExecutionException.class)
                            .hasMessageContaining("thrown away"));
            Eventually.until(
                    "the function works again",
                    () -> { // what is scattered while others fail may fail with them
                        function.scatter(1);
                        return function.gatherSettled().await().get(0) instanceof Outcome.Success<Integer>;
                    });
        }
    }

    @InEachLibrary
    void shouldFailTheTasksThatWereQueuedInAnExecutorThatIsShutDownAtOnce(Setup setup) {
        try (Saturated executor = new Saturated(new ThreadPoolExecutor.AbortPolicy())) {
            executor.threads.getQueue().clear();
            Face<Integer, Integer> function =
                    setup.library().on(Workers.executor(executor.threads, 1).build(), i -> i);
            scatterAll(function, 0, 3);
            Result<List<Outcome<Integer>>> lost = function.gatherSettled();

            assertThat(executor.threads.shutdownNow()).hasSize(1);
            executor.turnstile.open();

            assertThat(lost.await())
                    .hasSize(3)
                    .allSatisfy(outcome -> assertThat(((Outcome.Failure<Integer>) outcome).error())
                            .isInstanceOf(RejectedExecutionException.class)
                            .hasMessageContaining("thrown away"));
        }
    }

    @InEachLibrary
    void shouldNameTheWorkersWhoseJobWasRejected(Setup setup) {
        try (Saturated executor = new Saturated(new ThreadPoolExecutor.AbortPolicy())) {
            Face<Integer, Integer> function = setup.library()
                    .on(Workers.executor(executor.threads, 1).named("mill").build(), i -> i);
            function.scatter(0);

            assertThat(function.gather().awaitFailure())
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("Task worker of \"mill\" rejected from");
        }
    }

    /** One thread that waits, and a queue that is full. */
    private static final class Saturated implements AutoCloseable {
        final Turnstile turnstile = new Turnstile();
        final ThreadPoolExecutor threads;

        Saturated(RejectedExecutionHandler policy) {
            threads = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(1), policy);
            threads.execute(turnstile::passStubbornly);
            turnstile.awaitArrivals(1);
            threads.execute(() -> {});
        }

        @Override
        public void close() {
            turnstile.open();
            threads.shutdownNow();
        }
    }

    private static void scatterSome(Face<Integer, Thread> function) {
        for (int i = 0; i < 3; i++) {
            function.scatter(i);
        }
    }
}
