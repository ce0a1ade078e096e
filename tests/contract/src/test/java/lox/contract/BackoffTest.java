package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import lox.sync.Outcome;
import lox.sync.RetryPolicy;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import org.junit.jupiter.api.Test;

/** {@code Workers….retry(RetryPolicy)} with a backoff: a task that waits for its next attempt holds no worker. */
@OnceOverProcesses("CrashTest (lox-sync): an attempt that ends its child is followed by another")
class BackoffTest extends ContractTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ofMillis(2);

    /** Fails its first attempts at each argument, so many as it is told, and counts them. */
    private static final class Unsteady {
        private final Map<Integer, AtomicInteger> attempts = new ConcurrentHashMap<>();
        private final Predicate<Integer> isUnsteady;
        private final int failures;

        Unsteady(int failures, Predicate<Integer> isUnsteady) {
            this.failures = failures;
            this.isUnsteady = isUnsteady;
        }

        Unsteady(int failures) {
            this(failures, i -> true);
        }

        Integer call(Integer i) throws IOException {
            int attempt =
                    attempts.computeIfAbsent(i, key -> new AtomicInteger()).incrementAndGet();
            if (attempt <= failures && isUnsteady.test(i)) {
                throw new IOException("attempt " + attempt);
            }
            return i;
        }

        int attempts(int i) {
            AtomicInteger made = attempts.get(i);
            return made == null ? 0 : made.get();
        }

        void awaitAttempts(int i, int count) {
            Eventually.until(count + " attempts at " + i, () -> attempts(i) >= count);
        }
    }

    private Site backingOff(Setup setup, int workers, Duration first) {
        return open(
                setup, workers, builder -> builder.retry(RetryPolicy.times(3).backoff(first, NEVER)));
    }

    private static Throwable failure(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return ((Outcome.Failure<?>) outcome).error();
    }

    // ---- the next attempt ------------------------------------------------------------------------------------------

    @OnAllWorkers
    void shouldTryAgainLaterAndKeepTheOrderOfTheResults(Setup setup) {
        Unsteady task = new Unsteady(2, i -> i % 3 == 0);
        Face<Integer, Integer> function = backingOff(setup, 2, SHORT).function(task::call);

        scatterAll(function, 0, 30);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 30));
        assertThat(task.attempts(0)).isEqualTo(3);
        assertThat(task.attempts(27)).isEqualTo(3);
        assertThat(task.attempts(1)).isEqualTo(1);
    }

    @OnAllWorkers
    void shouldFailWithTheLastFailureWhichSaysWhichAttemptItWas(Setup setup) {
        Unsteady task = new Unsteady(100, i -> i == 1);
        Face<Integer, Integer> function = backingOff(setup, 2, SHORT).function(task::call);

        scatterAll(function, 0, 3);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        assertThat(failure(outcomes.get(1))).isInstanceOf(IOException.class).hasMessage("attempt 4");
        assertThat(failure(outcomes.get(1)).getSuppressed()[0])
                .hasMessageContaining("scatter 1")
                .hasMessageContaining("attempt 4");
        assertThat(outcomes.get(2)).isEqualTo(new Outcome.Success<>(2, 2));
        assertThat(task.attempts(1)).isEqualTo(4);
    }

    @OnAllWorkers
    void shouldShowThePredicateTheFailureAndTheAttempt(Setup setup) {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        BiPredicate<Throwable, Integer> twice = (failure, attempt) -> {
            seen.add(attempt + ": " + failure.getMessage());
            return attempt < 3;
        };
        for (RetryPolicy policy : List.of(
                RetryPolicy.times(9).on(twice),
                RetryPolicy.times(9).on(twice).backoff(SHORT, SHORT).jitter(0))) {
            seen.clear();
            Face<Integer, Integer> function =
                    open(setup, 1, builder -> builder.retry(policy)).function(new Unsteady(100)::call);

            function.scatter(0);

            assertThat(function.gather().awaitFailure()).isNotNull();
            assertThat(seen).containsExactly("1: attempt 1", "2: attempt 2", "3: attempt 3");
        }
    }

    @OnSharedAndInlineWorkers
    void shouldTryEveryExceptionAgainAndNoError(Setup setup) {
        AtomicInteger errors = new AtomicInteger();
        Face<Integer, Integer> function = open(
                        setup, 1, builder -> builder.retry(RetryPolicy.times(2).backoff(SHORT, SHORT)))
                .function(i -> {
                    errors.incrementAndGet();
                    throw new AssertionError("broken");
                });

        function.scatter(0);

        assertThat(function.gather().awaitFailure()).isInstanceOf(AssertionError.class);
        assertThat(errors).hasValue(1);
    }

    @OnSharedWorkers
    void shouldGiveEachAttemptItsTime(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger attempts = new AtomicInteger();
        Face<Integer, Integer> function = open(
                        setup,
                        1,
                        builder -> builder.taskTimeout(soon(setup))
                                .retry(RetryPolicy.times(20)
                                        .backoff(SHORT, SHORT)
                                        .on(TaskTimeoutException.class::isInstance)))
                .function(i -> {
                    if (attempts.incrementAndGet() < 3) {
                        turnstile.pass();
                    }
                    return i;
                });

        function.scatter(5);

        assertThat(function.gather().await()).containsExactly(5);
        assertThat(attempts).hasValueGreaterThanOrEqualTo(3);
        turnstile.open();
    }

    // ---- meanwhile -------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldHoldNoWorkerWhileATaskWaits(Setup setup) {
        Unsteady task = new Unsteady(1, i -> i < 10);
        Face<Integer, Integer> function = backingOff(setup, 1, NEVER).function(task::call);

        scatterAll(function, 0, 10);
        Observation<List<Integer>> gather = function.gather().subscribe();
        for (int i = 10; i < 40; i++) {
            assertThat(function.submit(i).await()).isEqualTo(i);
        }

        for (int i = 0; i < 10; i++) {
            assertThat(task.attempts(i)).isEqualTo(1);
        }
        assertThat(gather.isOver()).isFalse();
        assertThat(function.pending()).isZero();
        gather.cancel();
    }

    @OnConcurrentWorkers
    void shouldCountAWaitingTaskAsNotDone(Setup setup) {
        List<Long> done = Collections.synchronizedList(new ArrayList<>());
        Unsteady task = new Unsteady(1, i -> i == 0);
        Face<Integer, Integer> function = backingOff(setup, 1, NEVER).function(task::call);

        scatterAll(function, 0, 3);
        Observation<List<Integer>> gather = function.gather((now, failed, total) -> {
                    assertThat(failed).isZero();
                    assertThat(total).isEqualTo(3);
                    done.add(now);
                })
                .subscribe();

        Eventually.until("the others are done", () -> done.contains(2L));
        assertThat(function.submit(7).await()).isEqualTo(7);
        assertThat(done).doesNotContain(3L);
        gather.cancel();
    }

    @OnConcurrentWorkers
    void shouldLoseNoPlaceInTheQueue(Setup setup) {
        Unsteady task = new Unsteady(1);
        Face<Integer, Integer> function = open(
                        setup,
                        2,
                        builder ->
                                builder.queueLimit(3).retry(RetryPolicy.times(3).backoff(SHORT, SHORT)))
                .function(task::call);

        for (int batch = 0; batch < 3; batch++) {
            scatterAll(function, 100 * batch, 100 * batch + 100);
            assertThat(function.gather().await()).isEqualTo(numbers(100 * batch, 100 * batch + 100));
        }
    }

    // ---- its batch ends --------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldDropAWaitingTaskWhenItsBatchIsCancelled(Setup setup) throws InterruptedException {
        Unsteady task = new Unsteady(1, i -> i == 0);
        Site site = backingOff(setup, 1, NEVER);
        Face<Integer, Integer> function = site.function(task::call);

        function.scatter(0);
        Observation<List<Integer>> gather = function.gather().subscribe();
        task.awaitAttempts(0, 1);
        assertThat(function.submit(1).await()).isEqualTo(1);
        gather.cancel();
        function.scatter(2);

        assertThat(function.gather().await()).containsExactly(2);
        assertThat(task.attempts(0)).isEqualTo(1);
        site.end(); // nothing is left
    }

    @OnConcurrentWorkers
    void shouldDropAWaitingTaskWhenAnotherFails(Setup setup) throws InterruptedException {
        Site site = open(
                setup,
                1,
                builder -> builder.retry(RetryPolicy.times(3)
                        .backoff(NEVER, NEVER)
                        .on(failure -> "again".equals(failure.getMessage()))));
        Face<Integer, Integer> function = site.function(i -> {
            throw new IllegalStateException(i == 0 ? "again" : "not again");
        });

        scatterAll(function, 0, 2);

        assertThat(function.gather().awaitFailure()).hasMessage("not again");
        site.end();
    }

    @OnConcurrentWorkers
    void shouldDropASubmittedTaskThatIsCancelledWhileItWaits(Setup setup) throws InterruptedException {
        Unsteady task = new Unsteady(1, i -> i == 0);
        Site site = backingOff(setup, 1, NEVER);
        Face<Integer, Integer> function = site.function(task::call);

        Observation<Integer> single = function.submit(0).subscribe();
        task.awaitAttempts(0, 1);
        assertThat(function.submit(1).await()).isEqualTo(1);
        single.cancel();

        site.end();
        assertThat(task.attempts(0)).isEqualTo(1);
    }

    @OnConcurrentWorkers
    void shouldCancelWhatWaitsWhenTheWorkersAreClosed(Setup setup) {
        Unsteady task = new Unsteady(1, i -> i == 0);
        Site site = backingOff(setup, 1, NEVER);
        Face<Integer, Integer> function = site.function(task::call);

        scatterAll(function, 0, 2);
        Result<List<Integer>> gather = function.gather();
        Observation<Integer> single = function.submit(0).subscribe();
        task.awaitAttempts(0, 1);
        assertThat(function.submit(1).await()).isEqualTo(1);
        site.workers().close();

        assertThat(gather.awaitFailure()).isInstanceOf(CancellationException.class);
        if (task.attempts(0) == 1) { // else the submit's attempt was the second, and no failure
            assertThat(single.failure()).isInstanceOf(CancellationException.class);
        }
    }

    @OnConcurrentWorkers
    void shouldNotTerminateWhileATaskWaits(Setup setup) throws InterruptedException {
        Unsteady task = new Unsteady(1, i -> i == 0);
        Site site = backingOff(setup, 1, NEVER);
        Face<Integer, Integer> function = site.function(task::call);

        function.scatter(0);
        Observation<List<Integer>> gather = function.gather().subscribe();
        task.awaitAttempts(0, 1);
        assertThat(function.submit(1).await()).isEqualTo(1); // by the one worker, which has left the first task
        site.workers().shutdown();

        for (int look = 0; look < 20; look++) {
            assertThat(site.workers().awaitTermination(SHORT)).isFalse();
        }
        gather.cancel();
        site.end();
    }

    @OnConcurrentWorkers
    void shouldTerminateAfterTheLastAttempt(Setup setup) throws InterruptedException {
        for (int round = 0; round < (setup.kind() == Setup.Kind.PROCESSES ? 1 : 100); round++) {
            Unsteady task = new Unsteady(2);
            Site site = Site.open(
                    setup,
                    2,
                    builder -> builder.retry(RetryPolicy.times(3).backoff(Duration.ofNanos(1), Duration.ofMillis(1))));
            Face<Integer, Integer> function = site.function(task::call);
            scatterAll(function, 0, 5);
            Result<List<Integer>> gather = function.gather();

            site.end();
            for (int i = 0; i < 5; i++) {
                assertThat(task.attempts(i)).isEqualTo(3);
            }
            assertThat(gather.await()).isEqualTo(numbers(0, 5));
            site.close();
        }
    }

    @InEachLibrary
    void shouldFailATaskWhoseExecutorTakesNoMore(Setup setup) {
        ThreadPoolExecutor executor = Library.OwnScheduler.threads();
        Unsteady task = new Unsteady(Integer.MAX_VALUE); // fails whenever the executor is shut down
        Workers workers = Workers.executor(executor, 1)
                .retry(RetryPolicy.times(3).backoff(Duration.ofMillis(200), NEVER))
                .build();
        Face<Integer, Integer> function = setup.library().on(workers, task::call);

        function.scatter(0);
        task.awaitAttempts(0, 1);
        Eventually.idle(executor);
        executor.shutdown();

        Throwable failure = function.gather().awaitFailure();
        if (task.attempts(0) == 1) { // the executor was shut down in time
            assertThat(setup.library().failureOfTask(failure)).isInstanceOf(RejectedExecutionException.class);
        }
    }

    // ---- chains and streams ----------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldTryAgainInEachFunctionOfAChain(Setup setup) throws InterruptedException {
        Unsteady first = new Unsteady(2, i -> i % 2 == 0);
        Unsteady second = new Unsteady(1, i -> i % 3 == 0);
        Site one = backingOff(setup, 2, SHORT);
        Site other = backingOff(setup, 2, SHORT);
        Face<Integer, Integer> chain =
                one.<Integer, Integer>function(first::call).then(other.<Integer, Integer>function(second::call));

        scatterAll(chain, 0, 60);

        assertThat(chain.gather().await()).isEqualTo(numbers(0, 60));
        assertThat(first.attempts(58)).isEqualTo(3);
        assertThat(second.attempts(57)).isEqualTo(2);
        one.end();
        other.end();
    }

    @OnConcurrentWorkers
    void shouldHoldNoWorkerOfALaterFunctionAndDropThere(Setup setup) throws InterruptedException {
        Unsteady second = new Unsteady(1, i -> i < 5);
        Site one = open(setup, 2);
        Site other = backingOff(setup, 1, NEVER);
        Face<Integer, Integer> chain =
                one.<Integer, Integer>function(i -> i).then(other.<Integer, Integer>function(second::call));

        scatterAll(chain, 0, 5);
        Observation<List<Integer>> gather = chain.gather().subscribe();
        for (int i = 0; i < 5; i++) {
            second.awaitAttempts(i, 1);
        }
        scatterAll(chain, 5, 20);
        assertThat(chain.gather().await()).isEqualTo(numbers(5, 20));
        gather.cancel();

        other.end();
        assertThat(second.attempts(0)).isEqualTo(1);
    }

    @OnConcurrentWorkers
    void shouldKeepTheOrderOfAStream(Setup setup) {
        Unsteady task = new Unsteady(1, i -> i % 7 == 0);
        Face<Integer, Integer> function = backingOff(setup, 2, SHORT).function(task::call);

        assertThat(function.map(numbers(0, 100)).await()).isEqualTo(numbers(0, 100));
        assertThat(task.attempts(98)).isEqualTo(2);
    }

    @OnConcurrentWorkers
    void shouldEndAStreamThatWaitsWhenTheWorkersAreClosed(Setup setup) {
        Unsteady task = new Unsteady(1, i -> i == 0);
        Site site = backingOff(setup, 1, NEVER);
        Face<Integer, Integer> function = site.function(task::call);

        Observation<List<Integer>> stream = function.map(numbers(0, 3)).subscribe();
        task.awaitAttempts(0, 1);
        assertThat(function.submit(7).await()).isEqualTo(7); // by the one worker, which has left the first element
        assertThat(function.pending()).isLessThan(3);
        site.workers().close();

        assertThat(stream.failure()).isInstanceOf(CancellationException.class);
    }

    // ---- all at once -----------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldSettleWheneverItsBatchEnds(Setup setup) throws InterruptedException {
        int size = rounds(setup, 100);
        Site site = open(
                setup,
                2,
                builder -> builder.retry(RetryPolicy.times(3)
                        .backoff(Duration.ofNanos(1), Duration.ofMillis(2))
                        .jitter(1)));
        for (int round = 0; round < rounds(setup, 100); round++) {
            Unsteady task = new Unsteady(2, i -> i % 2 == 0);
            Face<Integer, Integer> function = site.function(task::call);
            scatterAll(function, 0, size);
            Observation<List<Integer>> gather = function.gather().subscribe();
            if (round % 2 == 0) {
                task.awaitAttempts(0, 1 + round % 3);
                gather.cancel();
            } else {
                assertThat(gather.value()).isEqualTo(numbers(0, size));
            }
            scatterAll(function, size, size + 10);
            assertThat(function.gather().await()).isEqualTo(numbers(size, size + 10));
        }
        site.end();
        assertThat(takeDropped(setup)) // of attempts that failed by themselves while their batch was being cancelled
                .allMatch(failure -> failure instanceof IOException || failure instanceof CancellationException);
    }

    // ---- bad input -------------------------------------------------------------------------------------------------

    @Test
    void shouldRefuseBadNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.times(-1))
                .withMessageContaining("retries");
        for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RetryPolicy.times(1).backoff(none, NEVER))
                    .withMessageContaining("first");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.times(1).backoff(NEVER, SHORT))
                .withMessageContaining("longest");
        for (double part : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RetryPolicy.times(1).jitter(part))
                    .withMessageContaining("jitter");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> Workers.threads(1).retry(1, failure -> true).retry(RetryPolicy.times(1)))
                .withMessageContaining("retry");
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNull() {
        RetryPolicy policy = RetryPolicy.times(1);
        assertThatNullPointerException()
                .isThrownBy(() -> policy.backoff(null, NEVER))
                .withMessage("first");
        assertThatNullPointerException()
                .isThrownBy(() -> policy.backoff(SHORT, null))
                .withMessage("longest");
        assertThatNullPointerException()
                .isThrownBy(() -> policy.on((Predicate<Throwable>) null))
                .withMessage("retryable");
        assertThatNullPointerException()
                .isThrownBy(() -> policy.on((BiPredicate<Throwable, Integer>) null))
                .withMessage("retryable");
        assertThatNullPointerException()
                .isThrownBy(() -> Workers.threads(1).retry(null))
                .withMessage("policy");
    }

    @Test
    void shouldTakeForEverForATime() {
        Workers workers = Workers.threads(1)
                .retry(RetryPolicy.times(1)
                        .backoff(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE)))
                .build();
        Unsteady task = new Unsteady(1);
        lox.sync.Scatter<Integer, Integer> function = lox.sync.Lox.on(workers, task::call);
        function.scatter(0);
        task.awaitAttempts(0, 1);
        workers.close();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(function::gather);
    }
}
