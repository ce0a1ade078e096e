package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** The future of a submit: what ends it from outside ends the task, what waits for it in a task works. */
class SubmitTest {
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    /** Waits until it is open or interrupted. */
    private final Scatter<Integer, Integer> function = Lox.thread(1, i -> {
        started.incrementAndGet();
        try {
            assertThat(open.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        } finally {
            ended.incrementAndGet();
        }
        return i;
    });

    private CompletableFuture<Integer> running() {
        int before = started.get();
        CompletableFuture<Integer> future = function.submit(1);
        Patience.until("it runs", () -> started.get() > before);
        return future;
    }

    // ---- ended from outside ----------------------------------------------------------------------------------------

    @Test
    void shouldInterruptTheTaskWhenTheFutureIsEndedFromOutside() {
        Map<String, Consumer<CompletableFuture<Integer>>> ways = Map.of(
                "cancel",
                future -> assertThat(future.cancel(true)).isTrue(),
                "complete",
                future -> assertThat(future.complete(9)).isTrue(),
                "completeExceptionally",
                future -> assertThat(future.completeExceptionally(new IllegalStateException("enough")))
                        .isTrue(),
                "orTimeout",
                future -> future.orTimeout(1, TimeUnit.MILLISECONDS),
                "completeOnTimeout",
                future -> future.completeOnTimeout(9, 1, TimeUnit.MILLISECONDS),
                "completeAsync",
                future -> future.completeAsync(() -> 9),
                "completeAsync, throwing",
                future -> future.completeAsync(() -> {
                    throw new IllegalStateException("enough");
                }),
                "obtrudeValue",
                future -> future.obtrudeValue(9),
                "obtrudeException",
                future -> future.obtrudeException(new IllegalStateException("enough")));
        int times = 0;
        for (Map.Entry<String, Consumer<CompletableFuture<Integer>>> way : ways.entrySet()) {
            CompletableFuture<Integer> future = running();
            way.getValue().accept(future);
            int expected = ++times;
            Patience.until(way.getKey() + " interrupts", () -> interrupted.get() == expected);
            assertThat(future).as(way.getKey()).isDone();
        }
        open.countDown();
        assertThat(function.submit(3).join()).isEqualTo(3);
        assertThat(function.gather()).isEmpty();
    }

    @Test
    void shouldLetARunningTaskGoOnIfItIsNotToBeInterrupted() {
        CompletableFuture<Integer> first = running();
        CompletableFuture<Integer> queued = function.submit(2);

        assertThat(queued.cancel(false)).isTrue();
        assertThat(function.pending()).isZero();
        assertThat(first.cancel(false)).isTrue();
        open.countDown();

        Patience.until("the first has run on", () -> ended.get() == 1);
        assertThat(function.submit(3).join()).isEqualTo(3);
        assertThat(started).hasValue(2);
        assertThat(interrupted).hasValue(0);
        assertThatThrownBy(first::join).isInstanceOf(CancellationException.class);
        assertThatThrownBy(queued::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void shouldLeaveTheTaskAloneWhenWhatDependsOnItIsCancelled() {
        CompletableFuture<Integer> future = running();

        assertThat(future.thenApply(i -> i + 1).cancel(true)).isTrue();
        assertThat(future.copy().cancel(true)).isTrue();
        open.countDown();

        assertThat(future.join()).isEqualTo(1);
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void shouldTimeOutAWait() {
        CompletableFuture<Integer> future = running();

        assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        open.countDown();

        assertThat(future.join()).as("only the wait is over").isEqualTo(1);
    }

    @Test
    void shouldKeepACheckedExceptionAsItIs() {
        Exception failure = new Exception("no");
        Scatter<Integer, Integer> failing = Lox.thread(1, i -> {
            throw failure;
        });

        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        CompletableFuture<Integer> watched = failing.submit(1).whenComplete((value, thrown) -> seen.complete(thrown));

        assertThat(seen.orTimeout(Patience.SECONDS, TimeUnit.SECONDS).join()).isSameAs(failure);
        assertThatThrownBy(watched::join)
                .isInstanceOf(CompletionException.class)
                .hasCause(failure);
        assertThatThrownBy(() -> failing.submit(1).get())
                .isInstanceOf(ExecutionException.class)
                .hasCause(failure);
    }

    // ---- waited for in a task --------------------------------------------------------------------------------------

    @Test
    void shouldHelpATaskThatWaitsOnItsOwnWorkers() {
        Workers one = Workers.threads(1).build();
        Scatter<Integer, Integer> inner = Lox.on(one, i -> i + 1);
        Scatter<Integer, Integer> outer = Lox.on(
                one,
                i -> inner.submit(i).join()
                        + inner.submit(i).get()
                        + inner.submit(i).get(1, TimeUnit.HOURS)
                        + inner.submit(i)
                                .thenApply(j -> j * 100)
                                .thenApply(j -> j)
                                .join()
                        + inner.submit(i).toCompletableFuture().join());

        outer.scatter(1);
        assertThat(outer.gather()).containsExactly(208);
        assertThat(outer.submit(1).join()).isEqualTo(208);
    }

    @Test
    void shouldHelpATaskThatWaitsForAChain() {
        Workers one = Workers.threads(1).build();
        Scatter<Integer, Integer> chain = Lox.on(one, (Integer i) -> i + 1)
                .andThen(Lox.on(one, i -> i * 10))
                .andThen(Lox.on(one, i -> i + 1));
        Scatter<Integer, Integer> outer = Lox.on(one, i -> chain.submit(i).join());

        outer.scatter(1);
        assertThat(outer.gather()).containsExactly(21);
    }

    @Test
    void shouldRefuseToWaitForItself() {
        CompletableFuture<CompletableFuture<Integer>> own = new CompletableFuture<>();
        CountDownLatch known = new CountDownLatch(1);
        Scatter<Integer, Integer> self = Lox.thread(1, i -> {
            assertThat(known.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThatIllegalStateException().isThrownBy(() -> own.join().join());
            return i;
        });
        own.complete(self.submit(1));
        known.countDown();

        assertThat(own.join().join()).isEqualTo(1);
    }

    /** All the waits of this module, in a task on the only place of the Workers that has to do what is waited for. */
    @Test
    void shouldHelpInAllBlockingWaits() {
        Workers one = Workers.threads(1).queueLimit(1).build();
        Scatter<Integer, Integer> inner = Lox.on(one, i -> i + 1);
        List<Task<Integer, List<Integer>>> waits = List.of(
                i -> {
                    inner.scatter(i);
                    inner.scatter(i); // at the queue limit
                    return inner.gather();
                },
                i -> {
                    inner.scatter(i);
                    inner.scatter(i);
                    return inner.gather((done, failed, total) -> {});
                },
                i -> {
                    inner.scatter(i);
                    inner.scatter(i);
                    return inner.gatherDelayError();
                },
                i -> {
                    inner.scatter(i);
                    inner.scatter(i);
                    return inner.gatherSettled().stream()
                            .map(outcome -> ((Outcome.Success<Integer>) outcome).value())
                            .toList();
                },
                i -> {
                    inner.scatter(i);
                    inner.scatter(i);
                    return inner.gatherStream().toList();
                },
                i -> {
                    inner.scatter(i);
                    inner.scatter(i);
                    return inner.gatherAsCompleted().toList();
                },
                i -> inner.map(List.of(i, i)).toList(),
                i -> inner.mapDelayError(List.of(i, i), 2).toList(),
                i -> {
                    CompletableFuture<Integer> first = inner.submit(i);
                    CompletableFuture<Integer> second = inner.submit(i);
                    return List.of(second.join(), first.join());
                });
        Scatter<Integer, List<Integer>> outer = Lox.on(one, i -> waits.get(i).call(1));
        for (int way = 0; way < waits.size(); way++) {
            outer.scatter(way);
            assertThat(outer.gather()).as("way " + way).containsExactly(List.of(2, 2));
        }
    }
}
