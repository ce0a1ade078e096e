package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.result.Completion;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** A gather that blocks: on a worker it helps, in its own batch it is refused, and an interrupt ends it. */
class BlockingGatherTest {
    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void shouldHelpInsteadOfBlockingTheOnlyWorker() {
        try (Workers workers = Workers.threads(1).build()) {
            Scatter<Integer, Integer> inner = Lox.on(workers, i -> i);
            Scatter<Integer, List<Integer>> outer = Lox.on(workers, count -> {
                numbers(count).forEach(inner::scatter);
                return inner.gather();
            });

            outer.scatter(100);
            outer.scatter(0);
            outer.scatter(3);

            assertThat(outer.gather()).containsExactly(numbers(100), List.of(), numbers(3));
        }
    }

    @Test
    void shouldHelpSeveralLevelsDeep() {
        try (Workers workers = Workers.threads(1).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i + 1);
            for (int level = 0; level < 6; level++) {
                Scatter<Integer, Integer> deeper = function;
                function = Lox.on(workers, i -> {
                    deeper.scatter(i);
                    deeper.scatter(i + 10);
                    return deeper.gather().stream().mapToInt(Integer::intValue).sum();
                });
            }

            function.scatter(0);

            // Each level doubles what it gets: sum(2^k leaves), 10 more for each second branch at each level, 1 for
            // each leaf.
            assertThat(function.gather()).containsExactly(expected(6, 0));
        }
    }

    private static int expected(int level, int i) {
        return level == 0 ? i + 1 : expected(level - 1, i) + expected(level - 1, i + 10);
    }

    @Test
    void shouldHelpOnSeveralWorkersThatAllWaitForEachOther() {
        try (Workers workers = Workers.threads(2).build()) {
            Scatter<Integer, Integer> inner = Lox.on(workers, i -> i);
            Scatter<Integer, Integer> outer = Lox.on(workers, i -> {
                Scatter<Integer, Integer> own = Lox.on(workers, k -> k * 2);
                own.scatter(i);
                inner.scatter(i);
                return own.gather().get(0);
            });

            numbers(200).forEach(outer::scatter);

            assertThat(outer.gather())
                    .isEqualTo(numbers(200).stream().map(i -> i * 2).toList());
            assertThat(inner.gather()).hasSize(200);
        }
    }

    @Test
    void shouldGatherAnOlderBatchOfTheSameFunctionFromInsideATask() {
        try (Workers workers = Workers.threads(1).build()) {
            CompletableFuture<Scatter<Integer, Integer>> self = new CompletableFuture<>();
            CountDownLatch sealed = new CountDownLatch(1);
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (i >= 0) {
                    return i;
                }
                await(sealed);
                self.join().scatter(7); // into the batch after this task's own
                return self.join().gather().get(0) + 1;
            });
            self.complete(function);
            function.scatter(-1);
            CompletableFuture<List<Integer>> outer = gatherElsewhere(function);
            sealed.countDown();

            assertThat(outer.join()).containsExactly(8);
        }
    }

    private static <R> CompletableFuture<List<R>> gatherElsewhere(Scatter<?, R> function) {
        CompletableFuture<List<R>> gathered = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                gathered.complete(function.gather());
            } catch (Throwable failure) {
                gathered.completeExceptionally(failure);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await(thread, Thread.State.WAITING);
        return gathered;
    }

    private static void await(Thread thread, Thread.State state) {
        long start = System.nanoTime();
        while (thread.getState() != state) {
            assertThat(System.nanoTime() - start).as("waiting for " + state).isLessThan(Patience.LIMIT.toNanos());
            LockSupport.parkNanos(100_000);
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldRefuseToWaitForTheBatchItsOwnTaskBelongsTo() throws InterruptedException {
        try (Workers workers = Workers.threads(2).named("ouroboros").build()) {
            CompletableFuture<Scatter<Integer, Integer>> self = new CompletableFuture<>();
            CountDownLatch asked = new CountDownLatch(1);
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (i < 0) {
                    assertThatThrownBy(() -> self.join().gather())
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("ouroboros")
                            .hasMessageContaining("same batch");
                    assertThatThrownBy(() -> self.join().gatherSettled()).isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> self.join().gatherDelayError()).isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> self.join().gather((done, failed, total) -> {}))
                            .isInstanceOf(IllegalStateException.class);
                    asked.countDown();
                }
                return i;
            });
            self.complete(function);

            function.scatter(-1);
            function.scatter(5);
            await(asked); // while the batch is open

            assertThat(function.gather()).containsExactly(-1, 5); // the batch is still usable
            function.scatter(6);
            assertThat(function.gather()).containsExactly(6);
        }
    }

    @Test
    void shouldRefuseThatInTheCallersThreadToo() {
        CompletableFuture<Scatter<Integer, Integer>> self = new CompletableFuture<>();
        Scatter<Integer, Integer> function =
                Lox.thread(0, i -> self.join().gather().size());
        self.complete(function);

        function.scatter(1);

        assertThatThrownBy(function::gather)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("same batch");
    }

    @Test
    void shouldRefuseThatFromATaskNestedInATaskOfTheBatch() throws InterruptedException {
        try (Workers workers = Workers.threads(1).build()) {
            CompletableFuture<Scatter<Integer, Integer>> outerSelf = new CompletableFuture<>();
            CountDownLatch asked = new CountDownLatch(1);
            Scatter<Integer, Integer> inner = Lox.on(workers, i -> {
                try {
                    return outerSelf.join().gather().size();
                } finally {
                    asked.countDown();
                }
            });
            Scatter<Integer, Integer> outer = Lox.on(workers, i -> {
                inner.scatter(i);
                return inner.gather().get(0);
            });
            outerSelf.complete(outer);

            outer.scatter(1);
            await(asked); // while the batch is open

            assertThatThrownBy(outer::gather)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("same batch");
        }
    }

    @Test
    void shouldCancelTheBatchAndKeepTheFlagWhenInterrupted() throws InterruptedException {
        try (Workers workers = Workers.threads(1).named("slow").build()) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            AtomicInteger others = new AtomicInteger();
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (i == 0) {
                    started.countDown();
                    try {
                        await(new CountDownLatch(1));
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }
                return others.incrementAndGet();
            });
            numbers(10).forEach(function::scatter);
            await(started);

            Thread.currentThread().interrupt();
            assertThatThrownBy(function::gather)
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("slow")
                    .hasCauseInstanceOf(InterruptedException.class);

            assertThat(Thread.interrupted()).as("the flag").isTrue();
            await(interrupted);
            function.scatter(1);
            assertThat(function.gather()).containsExactly(1); // nothing else had run
        }
    }

    @Test
    void shouldLetAHelperGoWhenItsOwnBatchIsCancelled() throws InterruptedException {
        try (Workers workers = Workers.threads(1).build()) {
            CountDownLatch inside = new CountDownLatch(1);
            AtomicInteger innerRuns = new AtomicInteger();
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            Scatter<Integer, Integer> inner = Lox.on(workers, i -> {
                innerRuns.incrementAndGet();
                inside.countDown();
                await(new CountDownLatch(1)); // until interrupted
                return i;
            });
            Scatter<Integer, Integer> outer = Lox.on(workers, i -> {
                numbers(5).forEach(inner::scatter);
                try {
                    return inner.gather().size();
                } catch (Throwable failure) {
                    seen.complete(failure);
                    throw failure;
                }
            });
            outer.scatter(1);
            Thread gatherer =
                    new Thread(() -> assertThatThrownBy(outer::gather).isInstanceOf(CancellationException.class));
            gatherer.start();
            await(inside);
            await(gatherer, Thread.State.WAITING);
            gatherer.interrupt();

            gatherer.join(Patience.LIMIT.toMillis());
            assertThat(gatherer.isAlive()).isFalse();
            assertThat(seen.orTimeout(Patience.SECONDS, TimeUnit.SECONDS).join())
                    .isNotNull();
            assertThat(innerRuns).hasValue(1);
        }
    }

    @Test
    void shouldHelpThroughATaskInTheCallersThread() {
        try (Workers workers = Workers.threads(1).build()) {
            Scatter<Integer, Integer> deep = Lox.on(workers, i -> i + 1);
            Scatter<Integer, Integer> between = Lox.thread(0, i -> {
                deep.scatter(i);
                return deep.gather().get(0);
            });
            Scatter<Integer, Integer> outer = Lox.on(workers, i -> {
                between.scatter(i);
                return between.gather().get(0);
            });

            outer.scatter(1);

            assertThat(Elsewhere.call(outer::gather).result)
                    .succeedsWithin(Elsewhere.LONG)
                    .isEqualTo(List.of(2));
        }
    }

    @Test
    void shouldCancelAndKeepTheFlagWhenInterruptedBeforeOnAWorker() {
        try (Workers workers = Workers.threads(1).build()) {
            AtomicInteger innerRuns = new AtomicInteger();
            Scatter<Integer, Integer> inner = Lox.on(workers, i -> innerRuns.incrementAndGet());
            Scatter<Integer, Boolean> outer = Lox.on(workers, i -> {
                inner.scatter(i);
                Thread.currentThread().interrupt();
                assertThatThrownBy(inner::gather).isInstanceOf(CancellationException.class);
                return Thread.currentThread().isInterrupted();
            });

            outer.scatter(1);

            assertThat(Elsewhere.call(outer::gather).result)
                    .succeedsWithin(Elsewhere.LONG)
                    .isEqualTo(List.of(true));
            assertThat(innerRuns).hasValue(0);
        }
    }

    @Test
    void shouldPassAnInterruptThroughAHelperWhoseTaskSwallowedIt() {
        try (Workers workers = Workers.threads(2).build()) {
            CountDownLatch bothPlacesTaken = new CountDownLatch(1);
            CountDownLatch deepInside = new CountDownLatch(1);
            CompletableFuture<Boolean> middleInterrupted = new CompletableFuture<>();
            Scatter<Integer, Integer> deep = Lox.on(workers, i -> {
                deepInside.countDown();
                try {
                    await(new CountDownLatch(1));
                } catch (InterruptedException e) {
                    return i; // takes for its own what was meant for the task of "outer"
                }
                return -1;
            });
            Scatter<Integer, Integer> middle = Lox.on(workers, i -> {
                deep.scatter(i);
                try {
                    return deep.gather().get(0);
                } finally {
                    middleInterrupted.complete(Thread.currentThread().isInterrupted());
                }
            });
            Scatter<Integer, Integer> outer = Lox.on(workers, i -> {
                if (i == 1) {
                    bothPlacesTaken.countDown();
                    await(deepInside);
                    throw new IllegalStateException("boom");
                }
                await(bothPlacesTaken); // so that nobody else works for the other two
                middle.scatter(i);
                return middle.gather().get(0);
            });
            outer.scatter(0);
            outer.scatter(1);

            assertThat(Elsewhere.call(outer::gather).result)
                    .failsWithin(Elsewhere.LONG)
                    .withThrowableThat()
                    .withMessageContaining("boom");
            assertThat(middleInterrupted).succeedsWithin(Elsewhere.LONG).isEqualTo(true);
        }
    }

    @Test
    void shouldGatherInACallbackOfAGatherThatSucceeded() {
        assertThat(gatherInACallback(i -> i)).succeedsWithin(Elsewhere.LONG).isEqualTo(List.of(5));
    }

    @Test
    void shouldGatherInACallbackOfAGatherThatFailed() {
        assertThat(gatherInACallback(i -> {
                    throw new IllegalStateException("boom");
                }))
                .succeedsWithin(Elsewhere.LONG)
                .isEqualTo(List.of(5));
    }

    /** The callback comes on the worker whose task was the last one, as the reactive dialects have it. */
    private static CompletableFuture<List<Integer>> gatherInACallback(Task<Integer, Integer> lastTask) {
        Workers workers = Workers.threads(1).build();
        CountDownLatch observed = new CountDownLatch(1);
        Dispatcher<Integer, Integer> outer = Dispatchers.of(
                i -> {
                    await(observed);
                    return lastTask.call(i);
                },
                workers.lanes(),
                SyncDialect.INSTANCE);
        Scatter<Integer, Integer> inner = Lox.on(workers, i -> i);
        CompletableFuture<List<Integer>> gathered = new CompletableFuture<>();
        outer.scatter(1);
        outer.gather(null).observe(new Completion.Observer<List<Integer>>() {
            @Override
            public void succeeded(List<Integer> results) {
                gatherInner();
            }

            @Override
            public void failed(Throwable failure) {
                gatherInner();
            }

            private void gatherInner() {
                inner.scatter(5);
                try {
                    gathered.complete(inner.gather());
                } catch (Throwable failure) {
                    gathered.completeExceptionally(failure);
                }
            }
        });
        observed.countDown();
        return gathered;
    }

    @Test
    void shouldGatherFromAForkJoinPoolWithoutStarvingIt() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            Scatter<Integer, Integer> function =
                    Lox.on(Workers.executor(pool, 1).build(), i -> i);

            List<Integer> gathered = pool.submit(() -> {
                        numbers(50).forEach(function::scatter);
                        return function.gather(); // its only thread waits here, so another one has to stand in
                    })
                    .get(Patience.SECONDS, TimeUnit.SECONDS);

            assertThat(gathered).isEqualTo(numbers(50));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void shouldGatherFromManyThreadsAtOnce() {
        Scatter<Integer, Integer> function = Lox.thread(2, i -> i);
        AtomicBoolean producing = new AtomicBoolean(true);
        List<CompletableFuture<Integer>> counts = IntStream.range(0, 3)
                .mapToObj(ignored -> {
                    CompletableFuture<Integer> count = new CompletableFuture<>();
                    new Thread(() -> {
                                int gathered = 0;
                                while (producing.get()) {
                                    gathered += function.gather().size();
                                }
                                count.complete(gathered);
                            })
                            .start();
                    return count;
                })
                .toList();

        numbers(20_000).forEach(function::scatter);
        producing.set(false);

        int gathered = counts.stream().mapToInt(CompletableFuture::join).sum();
        assertThat(gathered + function.gather().size()).isEqualTo(20_000);
    }
}
