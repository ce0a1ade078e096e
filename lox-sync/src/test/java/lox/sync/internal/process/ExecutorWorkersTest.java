package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import lox.sync.BiScatter;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import lox.sync.process.Codec;
import lox.sync.process.SerializationException;
import lox.sync.process.WorkerLostException;
import lox.sync.spi.Work;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks that an executor carries elsewhere as serialised callables. */
class ExecutorWorkersTest {
    private static final CountDownLatch INTERRUPTED = new CountDownLatch(1);
    private static final CountDownLatch FIRST_RUNS = new CountDownLatch(1);
    private static final CountDownLatch HELD = new CountDownLatch(1);

    /** Answers each callable in a way of its own. */
    private static final class ScriptedExecutor extends ThreadPoolExecutor {
        private final Function<Callable<?>, Future<?>> script;

        ScriptedExecutor(Function<Callable<?>, Future<?>> script) {
            super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
            this.script = script;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> Future<T> submit(Callable<T> callable) {
            return (Future<T>) script.apply(callable);
        }
    }

    private final SerialisingExecutor executor = new SerialisingExecutor(4);

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** The reasons of the tasks' failures; null for each task that has not failed. */
    private static List<Throwable> reasons(List<Outcome<Integer>> outcomes) {
        List<Throwable> reasons = new ArrayList<>();
        for (Outcome<Integer> outcome : outcomes) {
            reasons.add(outcome instanceof Outcome.Failure<Integer> failure ? failure.error() : null);
        }
        return reasons;
    }

    private static List<Throwable> reasonsIn(Workers workers) {
        Scatter<Integer, Integer> next = Lox.on(workers, i -> i + 1);
        return reasons(next.mapSettled(upTo(20).stream()).toList());
    }

    @Test
    void shouldGatherInScatterOrderAndShipManyShortTasksTogether() {
        try (Workers workers = Workers.cluster(executor, 3).build()) {
            Scatter<Integer, Integer> twice = Lox.on(workers, i -> i * 2);
            upTo(20_000).forEach(twice::scatter);
            assertThat(twice.gather())
                    .isEqualTo(
                            IntStream.range(0, 20_000).map(i -> i * 2).boxed().toList());
        }
        assertThat(executor.submitted).hasValueLessThan(10_000);
        assertThat(executor.mostUnderWay.get()).isBetween(1, 3);
    }

    @Test
    void shouldTakeTwoArguments() {
        try (Workers workers = Workers.cluster(executor, 2).build()) {
            BiScatter<String, Integer, String> repeat = Lox.biOn(workers, String::repeat);
            repeat.scatter("ab", 2);
            repeat.scatter("c", 3);
            assertThat(repeat.gather()).containsExactly("abab", "ccc");
        }
    }

    @Test
    void shouldFailOneTaskAlone() {
        try (Workers workers = Workers.cluster(executor, 2).build()) {
            Scatter<Integer, Integer> inverse = Lox.on(workers, i -> 100 / i);
            List<Outcome<Integer>> outcomes =
                    inverse.mapSettled(IntStream.rangeClosed(-50, 50).boxed()).toList();
            assertThat(outcomes.get(50))
                    .isInstanceOfSatisfying(
                            Outcome.Failure.class,
                            failure -> assertThat(failure.error()).isInstanceOf(ArithmeticException.class));
            assertThat(outcomes).filteredOn(Outcome.Failure.class::isInstance).hasSize(1);
        }
    }

    @Test
    void shouldFailTheTaskWhoseArgumentOrResultCannotTravel() {
        try (Workers workers = Workers.cluster(executor, 2).build()) {
            Scatter<Object, Object> same = Lox.on(workers, i -> i.equals(3) ? new Object() : i);
            List<Outcome<Object>> outcomes = same.mapSettled(Arrays.<Object>asList(1, new Object(), 3, 4).stream())
                    .toList();
            assertThat(outcomes.get(0)).isEqualTo(new Outcome.Success<Object>(0, 1));
            assertThat(outcomes.get(3)).isEqualTo(new Outcome.Success<Object>(3, 4));
            for (int i = 1; i <= 2; i++) {
                assertThat(outcomes.get(i))
                        .isInstanceOfSatisfying(
                                Outcome.Failure.class,
                                failure -> assertThat(failure.error()).isInstanceOf(SerializationException.class));
            }
        }
    }

    /** Such a flag says that nothing more is wanted of the thread, and only the tasks behind are given back. */
    @Test
    void shouldRunAllTasksThoughEachLeavesItsThreadInterrupted() {
        try (Workers workers = Workers.cluster(executor, 2).build()) {
            Scatter<Integer, Integer> same = Lox.on(workers, i -> {
                Thread.currentThread().interrupt();
                return i;
            });
            upTo(500).forEach(same::scatter);
            assertThat(same.gather()).isEqualTo(upTo(500));
        }
    }

    @Test
    void shouldGiveBackWhatIsBehindATaskThatInterrupts() throws Exception {
        ValueCodec values =
                new ValueCodec(Codec.javaSerialization(), ExecutorWorkersTest.class.getClassLoader(), null, null);
        WireWriter function = new WireWriter();
        Work<Integer, Integer> interrupting = i -> {
            if (i == 1) {
                Thread.currentThread().interrupt();
            }
            return i;
        };
        values.ofFunctions().write(interrupting, function, "the function");
        WireWriter arguments = new WireWriter();
        for (int i = 0; i < 5; i++) {
            values.write(i, arguments, "the argument");
        }
        ShippedTasks tasks = new ShippedTasks(function.toByteArray(), arguments.toByteArray(), 5);
        WireReader answer = new WireReader(tasks.call());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.readInt()).isEqualTo(2);
    }

    @Test
    void shouldFailTasksThatTheExecutorRejects() {
        executor.shutdown();
        try (Workers workers = Workers.cluster(executor, 2).build()) {
            assertThat(reasonsIn(workers))
                    .hasSize(20)
                    .allSatisfy(reason -> assertThat(reason).isInstanceOf(RejectedExecutionException.class));
        }
    }

    @Test
    void shouldSayWhatAnExecutorThrowsThatTakesNothing() {
        ScriptedExecutor broken = new ScriptedExecutor(callable -> {
            throw new IllegalStateException("the grid is not active");
        });
        try (Workers workers = Workers.cluster(broken, 2).build()) {
            assertThat(reasonsIn(workers))
                    .hasSize(20)
                    .allSatisfy(reason -> assertThat(reason)
                            .isInstanceOf(RejectedExecutionException.class)
                            .hasMessageContaining("the grid is not active")
                            .hasCauseInstanceOf(IllegalStateException.class));
        }
    }

    @Test
    void shouldFailTheTasksOfACallableThatFails() {
        ScriptedExecutor broken = new ScriptedExecutor(
                callable -> CompletableFuture.failedFuture(new ClassNotFoundException("lox is not there")));
        try (Workers workers = Workers.cluster(broken, 2).named("render").build()) {
            assertThat(reasonsIn(workers))
                    .hasSize(20)
                    .allSatisfy(reason -> assertThat(reason)
                            .isInstanceOf(WorkerLostException.class)
                            .hasMessageContaining("\"render\"")
                            .hasMessageContaining("may have run")
                            .hasMessageContaining("lox is not there")
                            .hasCauseInstanceOf(ClassNotFoundException.class));
        }
    }

    @Test
    void shouldFailTheTasksOfACallableThatSomebodyCancels() {
        ScriptedExecutor cancelling = new ScriptedExecutor(callable -> {
            CompletableFuture<Object> cancelled = new CompletableFuture<>();
            cancelled.cancel(true);
            return cancelled;
        });
        try (Workers workers = Workers.cluster(cancelling, 2).build()) {
            assertThat(reasonsIn(workers))
                    .hasSize(20)
                    .allSatisfy(reason -> assertThat(reason)
                            .isInstanceOf(WorkerLostException.class)
                            .hasCauseInstanceOf(CancellationException.class));
        }
    }

    @Test
    void shouldFailTheTasksOfAnAnswerThatIsNone() {
        for (byte[] answer : new byte[][] {null, {}, {0, 0, 0, 0}, {0, 0, 0, 1, 99}, {0, 0, 1, 0}}) {
            ScriptedExecutor garbling = new ScriptedExecutor(callable -> CompletableFuture.completedFuture(answer));
            try (Workers workers = Workers.cluster(garbling, 2).build()) {
                assertThat(reasonsIn(workers))
                        .hasSize(20)
                        .allSatisfy(reason -> assertThat(reason).isInstanceOf(WorkerLostException.class));
            }
        }
    }

    @Test
    void shouldFailTasksThatAnExecutorDropsWhenItEnds() {
        ScriptedExecutor dropping = new ScriptedExecutor(callable -> new CompletableFuture<Object>());
        dropping.shutdownNow();
        try (Workers workers = Workers.cluster(dropping, 1).build()) {
            Scatter<Integer, Integer> next = Lox.on(workers, i -> i + 1);
            next.scatter(1);
            assertThatThrownBy(next::gather)
                    .isInstanceOf(WorkerLostException.class)
                    .hasMessageContaining("terminated");
        }
    }

    @Test
    void shouldInterruptTheTaskThatIsCancelled() throws Exception {
        Workers workers = Workers.cluster(executor, 1).build();
        Scatter<Integer, Integer> hold = Lox.on(workers, i -> {
            FIRST_RUNS.countDown();
            try {
                HELD.await();
            } catch (InterruptedException e) {
                INTERRUPTED.countDown();
                throw e;
            }
            return i;
        });
        hold.scatter(1);
        assertThat(FIRST_RUNS.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        workers.close();
        assertThat(INTERRUPTED.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(hold::gather).isInstanceOf(CancellationException.class);
        assertThat(workers.awaitTermination(Patience.LIMIT)).isTrue();
        assertThat(executor.isShutdown()).isFalse();
        assertThat(executor.submit((Callable<Integer> & Serializable) () -> 7).get())
                .isEqualTo(7);
    }

    @Test
    void shouldFailATaskThatTakesTooLong() {
        try (Workers workers =
                Workers.cluster(executor, 2).taskTimeout(Duration.ofMillis(200)).build()) {
            Scatter<Integer, Integer> hold = Lox.on(workers, i -> {
                new CountDownLatch(1).await();
                return i;
            });
            hold.scatter(1);
            assertThatThrownBy(hold::gather).isInstanceOf(TaskTimeoutException.class);
        }
    }

    @Test
    void shouldRunALostTaskAgainWhereARetrySaysSo() {
        List<Callable<?>> seen = new ArrayList<>();
        ScriptedExecutor failingFirst = new ScriptedExecutor(callable -> {
            seen.add(callable);
            return seen.size() == 1
                    ? CompletableFuture.failedFuture(new ExecutionException(new IllegalStateException("left")))
                    : executor.submit(callable);
        });
        try (Workers workers = Workers.cluster(failingFirst, 1)
                .retry(1, WorkerLostException.class::isInstance)
                .build()) {
            Scatter<Integer, Integer> next = Lox.on(workers, i -> i + 1);
            next.scatter(1);
            assertThat(next.gather()).containsExactly(2);
            assertThat(seen).hasSize(2);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // that is what is tested
    void shouldRefuseWhatCannotBeUsed() {
        assertThatThrownBy(() -> Workers.cluster(null, 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Workers.cluster(executor, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
