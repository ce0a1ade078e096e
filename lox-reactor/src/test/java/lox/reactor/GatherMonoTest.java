package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class GatherMonoTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static Mono<List<Integer>> gatherOfTwo() {
        Scatter<Integer, Integer> function = Lox.thread(2, i -> i);
        function.scatter(1);
        function.scatter(2);
        return function.gather();
    }

    // ---- signals ---------------------------------------------------------------------------------------------------

    @Test
    void shouldEmitTheListAndComplete() {
        StepVerifier.create(gatherOfTwo())
                .expectNext(List.of(1, 2))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldEmitTheTasksOwnErrorThoughItIsChecked() {
        IOException failure = new IOException("no");
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            throw failure;
        });
        function.scatter(1);

        StepVerifier.create(function.gather())
                .expectErrorMatches(received -> received == failure)
                .verify(LIMIT);
    }

    @Test
    void shouldEmitNothingBeforeItIsRequested() {
        Mono<List<Integer>> gather = gatherOfTwo();
        assertThat(gather.block(LIMIT)).containsExactly(1, 2); // the value is there

        StepVerifier.create(gather, 0)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(20))
                .thenRequest(1)
                .expectNext(List.of(1, 2))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldKeepAValueThatComesBeforeTheRequest() {
        CountDownLatch open = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            await(open);
            return i;
        });
        function.scatter(1);
        Mono<List<Integer>> gather = function.gather();

        StepVerifier.create(gather, 0)
                .expectSubscription()
                .then(() -> {
                    open.countDown();
                    assertThat(gather.block(LIMIT)).containsExactly(1); // came before this one's request
                })
                .thenRequest(1)
                .expectNext(List.of(1))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldTakeMoreRequestsThanOneForOneValue() {
        StepVerifier.create(gatherOfTwo(), 0)
                .thenRequest(1)
                .thenRequest(Long.MAX_VALUE)
                .expectNext(List.of(1, 2))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldNotEmitForARequestOfZeroOrLess() {
        Mono<List<Integer>> gather = gatherOfTwo();
        assertThat(gather.block(LIMIT)).isNotNull();
        for (long bad : new long[] {0, -1, Long.MIN_VALUE}) {
            RecordingSubscriber<List<Integer>> subscriber = new RecordingSubscriber<>();
            gather.subscribe(subscriber);

            try {
                subscriber.subscription().request(bad);
            } catch (IllegalArgumentException reported) { // how Reactor says so to who has no other hook
                assertThat(reported).hasMessageContaining("3.9");
            }
            assertThat(subscriber.values).isEmpty();
            assertThat(subscriber.completions).hasValue(0);

            subscriber.subscription().request(1);
            assertThat(subscriber.values).containsExactly(List.of(1, 2));
            assertThat(subscriber.completions).hasValue(1);
        }
    }

    @Test
    void shouldFailWithoutARequest() {
        Scatter<Integer, Integer> function = Lox.thread(1, i -> 1 / i);
        function.scatter(0);

        StepVerifier.create(function.gather(), 0)
                .expectError(ArithmeticException.class)
                .verify(LIMIT);
    }

    // ---- cancel ----------------------------------------------------------------------------------------------------

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
    void shouldCancelTheBatchWhenCancelledBeforeAnyRequest() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Scatter<Integer, Integer> function = interruptible(started, interrupted);
        function.scatter(1);
        Mono<List<Integer>> gather = function.gather();
        await(started);

        StepVerifier.create(gather, 0).expectSubscription().thenCancel().verify(LIMIT);

        await(interrupted);
        StepVerifier.create(gather).expectError(CancellationException.class).verify(LIMIT);
    }

    @Test
    void shouldCancelTheBatchWhenCancelledInOnSubscribe() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Scatter<Integer, Integer> function = interruptible(started, interrupted);
        function.scatter(1);
        await(started);

        function.gather().doOnSubscribe(Subscription::cancel).subscribe();

        await(interrupted);
    }

    @Test
    void shouldTakeATimeoutDownstreamForACancel() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Scatter<Integer, Integer> function = interruptible(started, interrupted);
        function.scatter(1);
        await(started);

        StepVerifier.create(function.gather().timeout(Duration.ofMillis(20)))
                .expectError(TimeoutException.class)
                .verify(LIMIT);

        await(interrupted);
    }

    // ---- hot and cached --------------------------------------------------------------------------------------------

    @Test
    void shouldRepeatTheSameListWithoutRunningAnythingAgain() {
        AtomicInteger runs = new AtomicInteger();
        Scatter<Integer, Integer> function = Lox.thread(2, i -> runs.incrementAndGet());
        function.scatter(1);

        StepVerifier.create(function.gather().repeat(2))
                .expectNext(List.of(1), List.of(1), List.of(1))
                .expectComplete()
                .verify(LIMIT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void shouldRetryIntoTheSameFailure() {
        AtomicInteger runs = new AtomicInteger();
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            throw new IllegalStateException("run " + runs.incrementAndGet());
        });
        function.scatter(1);

        StepVerifier.create(function.gather().retry(3))
                .expectErrorMessage("run 1")
                .verify(LIMIT);
        assertThat(runs).hasValue(1);
    }

    // ---- block -----------------------------------------------------------------------------------------------------

    @Test
    void shouldBlock() {
        assertThat(gatherOfTwo().block()).containsExactly(1, 2);
        Scatter<Integer, Integer> function = Lox.thread(2, i -> i);
        assertThat(function.submit(7).block()).isEqualTo(7);
    }

    @Test
    void shouldThrowATasksUncheckedExceptionFromBlock() {
        Scatter<Integer, Integer> function = Lox.thread(2, i -> 1 / i);
        function.scatter(0);

        assertThatThrownBy(() -> function.gather().block()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldFailWithReactorsOwnErrorWhereBlockingIsForbidden() {
        Mono<List<Integer>> gather = gatherOfTwo();

        StepVerifier.create(Mono.fromCallable(gather::block).subscribeOn(Schedulers.parallel()))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("block()")
                        .hasMessageContaining("not supported"))
                .verify(LIMIT);
    }

    // ---- in a task on the same workers ----

    @Test
    void shouldHelpATaskThatBlocksForItsOwnWorkers() {
        Workers one = Workers.threads(1).build();
        Scatter<Integer, Integer> inner = Lox.on(one, i -> i + 1);
        Scatter<Integer, Integer> outer = Lox.on(one, i -> {
            inner.scatter(i);
            inner.scatter(i);
            List<Integer> gathered = inner.gather().block();
            assertThat(gathered).containsExactly(i + 1, i + 1);
            assertThat(inner.submit(i).block()).isEqualTo(i + 1);
            return Objects.requireNonNull(inner.submit(i * 10).block(LIMIT));
        });

        outer.scatter(1);
        assertThat(outer.gather().block(LIMIT)).containsExactly(11);
    }

    // ---- submit, combined failures ---------------------------------------------------------------------------------

    @Test
    void shouldEmitASingleResultOnRequest() {
        Scatter<Integer, String> function = Lox.thread(2, i -> "result " + i);

        StepVerifier.create(function.submit(1), 0)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(10))
                .thenRequest(1)
                .expectNext("result 1")
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.create(function.gather())
                .expectNext(List.of())
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldCombineFailuresAsReactorDoes() {
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            throw new IllegalStateException("failure " + i);
        });
        function.scatter(0);
        function.scatter(1);

        StepVerifier.create(function.gatherDelayError())
                .expectErrorSatisfies(error -> {
                    assertThat(Exceptions.isMultiple(error)).isTrue();
                    assertThat(Exceptions.unwrapMultiple(error))
                            .extracting(Throwable::getMessage)
                            .containsExactly("failure 0", "failure 1");
                })
                .verify(LIMIT);
    }

    @Test
    void shouldPropagateACheckedExceptionOfACallAsReactorDoes() {
        IOException failure = new IOException("no");
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            throw failure;
        });

        assertThatThrownBy(() -> function.call(1))
                .satisfies(thrown -> assertThat(Exceptions.unwrap(thrown)).isSameAs(failure));
    }
}
