package lox.sync;

import static lox.sync.Elsewhere.LONG;
import static lox.sync.Elsewhere.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An uncaught exception handler that throws itself harms no gather and no worker. */
class HandlerTest {
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final ExecutorService executor = Executors.newCachedThreadPool(target -> {
        Thread thread = new Thread(target, "handler");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(this::handle);
        return thread;
    });

    private void handle(Thread thread, Throwable thrown) {
        handled.add("" + thrown.getMessage());
        throw new IllegalStateException("the handler on " + thread.getName(), thrown);
    }

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @Test
    void shouldEndAGatherWhoseProgressThrowsAtTheEnd() {
        CountDownLatch go = new CountDownLatch(1);
        Scatter<Integer, Integer> function =
                Lox.on(Workers.executor(executor, 1).build(), i -> {
                    await(go);
                    return i;
                });
        function.scatter(1);
        Elsewhere<List<Integer>> gather = Elsewhere.<List<Integer>>call(() -> function.gather((done, failed, total) -> {
                    if (done == total) {
                        throw new IllegalArgumentException("progress");
                    }
                }))
                .waiting();
        go.countDown();

        assertThat(gather.result).succeedsWithin(LONG).isEqualTo(List.of(1));
        assertThat(handled).contains("progress");
        function.scatter(2); // its only worker is still there
        assertThat(Elsewhere.call(function::gather).result).succeedsWithin(LONG).isEqualTo(List.of(2));
    }

    @Test
    void shouldEndAGatherOfSeveralFailures() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Scatter<Integer, Integer> function =
                Lox.on(Workers.executor(executor, 1).build(), i -> {
                    if (i == 2) {
                        over.countDown();
                        return i;
                    }
                    throw new IllegalArgumentException("task " + i);
                });
        for (int i = 0; i < 3; i++) {
            function.scatter(i);
        }
        await(over); // one worker: the failures lie there

        Elsewhere<List<Integer>> gather = Elsewhere.call(() -> {
            Thread.currentThread().setUncaughtExceptionHandler(this::handle);
            return function.gather();
        });

        assertThat(gather.result)
                .failsWithin(LONG)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessage("task 0")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .contains("task 1"));
        assertThat(handled).doesNotContain("task 0", "task 1");
    }
}
