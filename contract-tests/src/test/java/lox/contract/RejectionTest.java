package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.sync.Outcome;
import lox.sync.Task;
import lox.sync.Workers;

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
                setup.library().on(Workers.executor(executor, 2).build(), i -> i);
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

    @WithSubscribers
    void shouldFailTheTasksOfASchedulerThatWasDisposedOf(Setup setup) {
        if (setup.kind() != Setup.Kind.SCHEDULER) {
            return;
        }
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> i);
        function.scatter(0);
        assertThat(function.gather().await()).containsExactly(0);
        site.close();

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

    @InEachLibrary
    void shouldRunInTheCallersThreadOnADirectExecutor(Setup setup) {
        Face<Integer, Thread> function = on(setup, 2, Runnable::run, i -> Thread.currentThread());

        scatterSome(function);
        assertThat(function.gather().await()).hasSize(3).containsOnly(Thread.currentThread());

        scatterSome(function);
        assertThat(function.gather().await()).hasSize(3).containsOnly(Thread.currentThread());
    }

    private static void scatterSome(Face<Integer, Thread> function) {
        for (int i = 0; i < 3; i++) {
            function.scatter(i);
        }
    }
}
