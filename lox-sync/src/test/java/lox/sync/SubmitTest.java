package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SubmitTest {
    @Test
    void shouldGiveAStageThatNobodyElseCanComplete() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            assertThat(open.await(10, TimeUnit.SECONDS)).isTrue();
            return i;
        });
        CompletionStage<Integer> stage = function.submit(1);

        if (stage instanceof CompletableFuture<Integer> future) {
            assertThatThrownBy(() -> future.complete(9)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> future.cancel(true)).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(stage.toCompletableFuture().complete(9)).isTrue(); // a copy
        open.countDown();

        assertThat(stage.thenApply(i -> i + 1).toCompletableFuture().join()).isEqualTo(2);
        assertThat(function.gather()).containsExactly(1);
    }

    @Test
    void shouldNotCancelTheTaskWithAFutureMadeOfTheStage() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            started.countDown();
            try {
                assertThat(open.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return i;
        });
        CompletionStage<Integer> stage = function.submit(1);
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(stage.toCompletableFuture().cancel(true)).isTrue();
        open.countDown();

        assertThat(function.gather()).containsExactly(1);
        assertThat(interrupted).isFalse();
    }

    @Test
    void shouldKeepACheckedExceptionAsItIs() {
        Exception failure = new Exception("no");
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            throw failure;
        });

        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        CompletionStage<Integer> watched = function.submit(1).whenComplete((value, thrown) -> seen.complete(thrown));

        assertThat(seen.orTimeout(10, TimeUnit.SECONDS).join()).isSameAs(failure);
        assertThatThrownBy(() -> watched.toCompletableFuture().join()).hasCause(failure);
    }
}
