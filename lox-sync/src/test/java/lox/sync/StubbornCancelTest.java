package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose cancel does not return, or something that depends on its futures and takes its time, holds nobody up. */
@Timeout(value = 4 * 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StubbornCancelTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final CountDownLatch returns = new CountDownLatch(1);

    @AfterEach
    void letReturn() {
        returns.countDown();
    }

    private void dawdle() {
        cancelled.countDown();
        boolean over = false;
        while (!over) {
            try {
                over = returns.await(2L * Patience.SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) { // stubborn
                over = false;
            }
        }
    }

    /** Numbers below 10 never get a result, and their cancel does not return. */
    private final class Client extends CompletableFuture<Integer> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            dawdle();
            return super.cancel(mayInterruptIfRunning);
        }
    }

    private CompletableFuture<Integer> ask(int number) {
        return number < 10 ? new Client() : CompletableFuture.completedFuture(number);
    }

    private Scatter<Integer, Integer> asking(Workers workers) {
        return Lox.async(workers, this::ask);
    }

    private void shouldStillWork(Scatter<Integer, Integer> function) throws InterruptedException {
        assertThat(cancelled.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(returns.getCount()).isEqualTo(1);
        assertThat(function.gather(List.of(10, 11, 12))).containsExactly(10, 11, 12);
    }

    private void inEachGather(int numbers, Consumer<Scatter<Integer, Integer>> gather) throws InterruptedException {
        try (Workers workers = Workers.async(2).build()) {
            Scatter<Integer, Integer> function = asking(workers);
            for (int i = 0; i < numbers; i++) {
                function.scatter(i);
            }
            gather.accept(function);
            shouldStillWork(function);
        }
    }

    @Test
    void shouldNotHoldUpAGatherWithATimeout() throws InterruptedException {
        inEachGather(
                8,
                function ->
                        assertThatThrownBy(() -> function.gather(SHORT)).isInstanceOf(GatherTimeoutException.class));
    }

    @Test
    void shouldNotHoldUpAGatherOfOutcomesWithATimeout() throws InterruptedException {
        inEachGather(8, function -> assertThat(function.gatherSettled(SHORT)).hasSize(8));
    }

    @Test
    void shouldNotHoldUpAGatherThatFails() throws InterruptedException {
        try (Workers workers = Workers.async(3).build()) {
            CompletableFuture<Integer> failing = new CompletableFuture<>();
            Scatter<Integer, Integer> function = Lox.async(workers, i -> i == 3 ? failing : ask(i));
            Thread failer = new Thread(() -> failing.completeExceptionally(new IllegalStateException("on purpose")));
            for (int i = 1; i < 4; i++) {
                function.scatter(i);
            }
            failer.start();
            assertThatThrownBy(function::gather)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("on purpose");
            shouldStillWork(function);
            failer.join(TimeUnit.SECONDS.toMillis(Patience.SECONDS));
            assertThat(failer.isAlive()).isFalse();
        }
    }

    @Test
    void shouldNotHoldUpTheEndOfATaskThatTakesTooLong() throws InterruptedException {
        try (Workers workers = Workers.async(2).taskTimeout(SHORT).build()) {
            Scatter<Integer, Integer> function = asking(workers);
            assertThatThrownBy(() -> function.gather(List.of(1))).isInstanceOf(TaskTimeoutException.class);
            shouldStillWork(function);
        }
    }

    @Test
    void shouldNotHoldUpClose() {
        Workers workers = Workers.async(2).build();
        Scatter<Integer, Integer> function = asking(workers);
        function.scatter(1);
        function.scatter(2);
        workers.close();
        assertThatThrownBy(() -> function.scatter(3))
                .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
    }

    @Test
    void shouldNotHoldUpAnybodyByWhatDependsOnAFuture() throws InterruptedException {
        try (Workers workers = Workers.async(1).build()) {
            Scatter<Integer, Integer> function = Lox.async(workers, i -> {
                CompletableFuture<Integer> pending = new CompletableFuture<>();
                if (i < 10) {
                    CompletableFuture<Integer> unused = pending.whenComplete((value, failure) -> dawdle());
                } else {
                    pending.complete(i);
                }
                return pending;
            });
            function.scatter(1);
            assertThatThrownBy(() -> function.gather(SHORT)).isInstanceOf(GatherTimeoutException.class);
            shouldStillWork(function);
        }
    }
}
