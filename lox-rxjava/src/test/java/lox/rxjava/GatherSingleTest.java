package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.exceptions.CompositeException;
import io.reactivex.rxjava3.observers.TestObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class GatherSingleTest {
    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static <T> TestObserver<T> observe(Single<T> single) throws InterruptedException {
        TestObserver<T> observer = single.test();
        assertThat(observer.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        return observer;
    }

    private static Single<List<Integer>> gatherOfTwo() {
        Scatter<Integer, Integer> function = Lox.thread(2, i -> i);
        function.scatter(1);
        function.scatter(2);
        return function.gather();
    }

    @Test
    void shouldEmitTheListOnce() throws InterruptedException {
        observe(gatherOfTwo()).assertResult(List.of(1, 2));
    }

    @Test
    void shouldEmitTheTasksOwnErrorThoughItIsChecked() throws InterruptedException {
        IOException failure = new IOException("no");
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            throw failure;
        });
        function.scatter(1);

        observe(function.gather()).assertError(received -> received == failure);
    }

    // ---- dispose ---------------------------------------------------------------------------------------------------

    private static Scatter<Integer, Integer> interruptible(CountDownLatch started, CountDownLatch interrupted) {
        return Lox.thread(1, i -> {
            started.countDown();
            try {
                await(new CountDownLatch(1));
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return i;
        });
    }

    @Test
    void shouldCancelTheBatchWhenDisposedOf() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Scatter<Integer, Integer> function = interruptible(started, interrupted);
        function.scatter(1);
        Single<List<Integer>> gather = function.gather();
        await(started);

        TestObserver<List<Integer>> observer = gather.test();
        observer.dispose();

        await(interrupted);
        assertThat(observer.isDisposed()).isTrue();
        observer.assertEmpty();
        observe(gather).assertFailure(CancellationException.class);
    }

    @Test
    void shouldCancelTheBatchWhenDisposedOfInOnSubscribe() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Scatter<Integer, Integer> function = interruptible(started, interrupted);
        function.scatter(1);
        await(started);

        TestObserver<List<Integer>> disposed = new TestObserver<>();
        disposed.dispose();
        function.gather().subscribe(disposed);

        await(interrupted);
    }

    @Test
    void shouldTakeATimeoutDownstreamForACancel() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Scatter<Integer, Integer> function = interruptible(started, interrupted);
        function.scatter(1);
        await(started);

        observe(function.gather().timeout(20, TimeUnit.MILLISECONDS)).assertFailure(TimeoutException.class);

        await(interrupted);
    }

    @Test
    void shouldEmitNothingToAnObserverThatHasLeft() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            await(open);
            return i;
        });
        function.scatter(1);
        Single<List<Integer>> gather = function.gather();
        TestObserver<List<Integer>> leaves = gather.test();
        TestObserver<List<Integer>> stays = gather.test();

        leaves.dispose();
        open.countDown();

        assertThat(stays.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        stays.assertResult(List.of(1));
        leaves.assertEmpty();
    }

    // ---- hot and cached --------------------------------------------------------------------------------------------

    @Test
    void shouldRepeatTheSameListWithoutRunningAnythingAgain() {
        AtomicInteger runs = new AtomicInteger();
        Scatter<Integer, Integer> function = Lox.thread(2, i -> runs.incrementAndGet());
        function.scatter(1);

        assertThat(function.gather().repeat(3).blockingIterable()).containsExactly(List.of(1), List.of(1), List.of(1));
        assertThat(runs).hasValue(1);
    }

    @Test
    void shouldRetryIntoTheSameFailure() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            throw new IllegalStateException("run " + runs.incrementAndGet());
        });
        function.scatter(1);

        observe(function.gather().retry(3)).assertError(received -> "run 1".equals(received.getMessage()));
        assertThat(runs).hasValue(1);
    }

    // ---- blockingGet -----------------------------------------------------------------------------------------------

    @Test
    void shouldBlock() {
        assertThat(gatherOfTwo().blockingGet()).containsExactly(1, 2);
        Scatter<Integer, Integer> function = Lox.thread(2, i -> i);
        assertThat(function.submit(7).blockingGet()).isEqualTo(7);
    }

    @Test
    void shouldThrowATasksUncheckedExceptionFromBlockingGet() {
        Scatter<Integer, Integer> function = Lox.thread(2, i -> 1 / i);
        function.scatter(0);

        assertThatThrownBy(() -> function.gather().blockingGet()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldWrapACheckedExceptionAsBlockingGetDoes() {
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            throw new IOException("no");
        });
        function.scatter(0);

        assertThatThrownBy(() -> function.gather().blockingGet())
                .isInstanceOf(RuntimeException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> function.call(0))
                .isInstanceOf(RuntimeException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    // ---- submit, combined failures ---------------------------------------------------------------------------------

    @Test
    void shouldEmitASingleResult() throws InterruptedException {
        Scatter<Integer, String> function = Lox.thread(2, i -> "result " + i);

        observe(function.submit(1)).assertResult("result 1");
        observe(function.gather()).assertResult(List.of());
    }

    @Test
    void shouldCombineFailuresAsRxJavaDoes() throws InterruptedException {
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            throw new IllegalStateException("failure " + i);
        });
        function.scatter(0);
        function.scatter(1);

        observe(function.gatherDelayError()).assertError(error -> {
            assertThat(error).isInstanceOf(CompositeException.class);
            assertThat(((CompositeException) error).getExceptions())
                    .extracting(Throwable::getMessage)
                    .containsExactly("failure 0", "failure 1");
            return true;
        });
    }
}
