package lox.sync;

import static lox.sync.Elsewhere.LONG;
import static lox.sync.Elsewhere.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An interrupt reaches the tasks of the batch it is meant for, and nobody else. */
class InterruptTest {
    @Test
    void shouldKeepAFlagThatProgressLeavesFromTheNextBatch() throws InterruptedException {
        try (Workers workers = Workers.threads(1).build()) {
            CountDownLatch go = new CountDownLatch(1);
            Scatter<Integer, Boolean> function = Lox.on(workers, i -> {
                if (i == 0) {
                    await(go);
                }
                return Thread.currentThread().isInterrupted();
            });
            function.scatter(0);
            Elsewhere<List<Boolean>> first = Elsewhere.<List<Boolean>>call(() ->
                            function.gather((done, failed, total) -> {
                                if (done == total) {
                                    Thread.currentThread().interrupt(); // the worker: the gatherer waits
                                }
                            }))
                    .waiting();
            function.scatter(1);
            function.scatter(2);
            go.countDown();

            assertThat(first.result).succeedsWithin(LONG).isEqualTo(List.of(false));
            assertThat(Elsewhere.call(function::gather).result)
                    .succeedsWithin(LONG)
                    .isEqualTo(List.of(false, false));
        }
    }

    @Test
    void shouldNotInterruptWhoListensForAResultThatIsThere() throws InterruptedException {
        try (Workers workers = Workers.threads(2).build()) {
            CountDownLatch listening = new CountDownLatch(1);
            CountDownLatch told = new CountDownLatch(1);
            CountDownLatch gathered = new CountDownLatch(1);
            CompletableFuture<Integer> heard = new CompletableFuture<>();
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (i == 1) {
                    await(told);
                    throw new IllegalStateException("boom");
                }
                await(listening);
                return i;
            });
            CompletableFuture<Void> listener = function.submit(0)
                    .thenAccept(result -> {
                        told.countDown();
                        try {
                            await(gathered);
                            heard.complete(result);
                        } catch (Throwable interrupted) {
                            heard.completeExceptionally(interrupted);
                        }
                    })
                    .toCompletableFuture();
            listening.countDown();
            function.scatter(1);

            assertThat(Elsewhere.call(function::gather).result)
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withMessageContaining("boom");
            gathered.countDown(); // whoever was to be interrupted has been

            assertThat(heard).succeedsWithin(LONG).isEqualTo(0);
            assertThat(listener).succeedsWithin(LONG);
        }
    }

    /** As a thread may that closes its socket when it is interrupted. */
    private static final class Guarded extends Thread {
        private final AtomicBoolean guarding;

        Guarded(Runnable target, AtomicBoolean guarding, Queue<Throwable> uncaught) {
            super(target, "guarded");
            this.guarding = guarding;
            setDaemon(true);
            setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        }

        @Override
        public void interrupt() {
            super.interrupt();
            if (guarding.get()) {
                throw new IllegalStateException("cannot close");
            }
        }
    }

    @Test
    void shouldLeaveTheFlagOfACallerWhoseExecutorRunsJobsInTheCallersThread() {
        Workers workers = Workers.executor(Runnable::run, 1).build();
        Scatter<Integer, Boolean> flagged =
                Lox.on(workers, i -> Thread.currentThread().isInterrupted());
        Scatter<Integer, Boolean> chain = flagged.andThen(Lox.on(workers, flag -> flag));
        for (Scatter<Integer, Boolean> function : List.of(flagged, chain)) {
            Elsewhere<Boolean> caller = Elsewhere.call(() -> {
                Thread.currentThread().interrupt();
                function.scatter(0);
                return Thread.interrupted();
            });

            assertThat(caller.result).succeedsWithin(LONG).isEqualTo(true);
            assertThat(Elsewhere.call(function::gather).result)
                    .succeedsWithin(LONG)
                    .isEqualTo(List.of(false));
        }
    }

    /** Each runs a task in the thread that scatters. */
    static Stream<Arguments> inTheCallersThread() {
        ThreadPoolExecutor full = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), new ThreadPoolExecutor.CallerRunsPolicy());
        full.allowCoreThreadTimeOut(true);
        return Stream.of(
                Arguments.of("direct", Workers.executor(Runnable::run, 1).build(), new CountDownLatch(0)),
                Arguments.of("inline", Workers.inline().build(), new CountDownLatch(0)),
                Arguments.of("caller runs", Workers.executor(full, 2).build(), occupied(full)));
    }

    /** Returns what has to be counted down to let the executor's only thread go. */
    private static CountDownLatch occupied(ThreadPoolExecutor executor) {
        CountDownLatch end = new CountDownLatch(1);
        Future<?> occupant = executor.submit(() -> {
            await(end);
            return null;
        });
        assertThat(occupant).isNotDone();
        return end;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inTheCallersThread")
    void shouldLeaveTheCallerAnInterruptThatComesWhileATaskRunsInItsThread(
            String name, Workers workers, CountDownLatch end) {
        CompletableFuture<Thread> runs = new CompletableFuture<>();
        Scatter<Integer, Thread> function = Lox.on(workers, i -> {
            Thread self = Thread.currentThread();
            if (i == 0) {
                runs.complete(self);
                Patience.until("it is interrupted", self::isInterrupted);
            }
            return self;
        });
        Elsewhere<Boolean> caller = Elsewhere.call(() -> {
            function.scatter(0);
            function.scatter(1);
            return Thread.interrupted();
        });
        runs.join().interrupt();

        assertThat(caller.result).succeedsWithin(LONG).isEqualTo(true);
        assertThat(Elsewhere.call(function::gather).result)
                .succeedsWithin(LONG)
                .isEqualTo(List.of(runs.join(), runs.join()));
        end.countDown();
    }

    /** That one was meant for the task. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("inTheCallersThread")
    void shouldNotLeaveTheCallerTheInterruptOfACancelledTask(String name, Workers workers, CountDownLatch end)
            throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(1);
        Scatter<Integer, Boolean> function = Lox.on(workers, i -> {
            runs.countDown();
            Patience.until("it is interrupted", Thread.currentThread()::isInterrupted);
            return true;
        });
        Elsewhere<Boolean> caller = Elsewhere.call(() -> {
            function.scatter(0);
            return Thread.interrupted();
        });
        await(runs);
        function.discard();

        assertThat(caller.result).succeedsWithin(LONG).isEqualTo(false);
        end.countDown();
    }

    @Test
    void shouldEndTheBatchWhereAThreadRefusesItsInterrupt() throws InterruptedException {
        AtomicBoolean guarding = new AtomicBoolean(true);
        Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
        ExecutorService executor = Executors.newCachedThreadPool(target -> new Guarded(target, guarding, uncaught));
        try {
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch sealed = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            Scatter<Integer, Integer> function =
                    Lox.on(Workers.executor(executor, 2).build(), i -> {
                        if (i == 0) {
                            running.countDown();
                            try {
                                await(new CountDownLatch(1));
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        } else if (i == 1) {
                            await(sealed);
                            throw new IllegalArgumentException("boom");
                        }
                        return i;
                    });
            function.scatter(0);
            function.scatter(1);
            await(running);
            Elsewhere<List<Integer>> gather =
                    Elsewhere.<List<Integer>>call(function::gather).waiting();
            sealed.countDown(); // the worker of the failing task interrupts the other one

            assertThat(gather.result).failsWithin(LONG).withThrowableThat().withMessageContaining("boom");
            await(interrupted);
            assertThat(uncaught)
                    .singleElement()
                    .satisfies(thrown -> assertThat(thrown).hasMessage("cannot close"));
            function.scatter(2);
            function.scatter(3);
            assertThat(Elsewhere.call(function::gather).result)
                    .succeedsWithin(LONG)
                    .isEqualTo(List.of(2, 3));
        } finally {
            guarding.set(false);
            executor.shutdownNow();
        }
    }
}
