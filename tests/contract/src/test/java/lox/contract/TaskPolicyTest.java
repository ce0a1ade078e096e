package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Outcome;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import org.junit.jupiter.api.Test;

/** {@code Workers….taskTimeout} and {@code .retry}. */
@OnceOverProcesses("KillTest (lox-sync): a child that takes too long is killed")
class TaskPolicyTest extends ContractTest {
    private static final Duration LATE = Duration.ofMinutes(10);

    private Site timed(Setup setup, int workers, Duration limit) {
        return open(setup, workers, builder -> builder.named("timed").taskTimeout(limit));
    }

    private static TaskTimeoutException timeout(Throwable failure) {
        assertThat(failure).isInstanceOf(TaskTimeoutException.class);
        return (TaskTimeoutException) failure;
    }

    private static Throwable failure(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return ((Outcome.Failure<?>) outcome).error();
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    @OnSharedAndInlineWorkers
    void shouldInterruptATaskThatTakesTooLongAndFailIt(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = timed(setup, 2, LATER_THAN_A_STALL).function(i -> {
            if (i == 7) {
                turnstile.pass();
            }
            return i;
        });

        scatterAll(function, 0, 10);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        for (int i = 0; i < 10; i++) {
            if (i == 7) {
                TaskTimeoutException failure = timeout(failure(outcomes.get(i)));
                assertThat(failure.index()).isEqualTo(7);
                assertThat(failure.limit()).isEqualTo(LATER_THAN_A_STALL);
                assertThat(failure).hasMessageContaining("7").hasMessageContaining("timed");
                if (setup.kind() != Setup.Kind.PROCESSES && setup.kind() != Setup.Kind.ASYNC) { // nothing to look at
                    assertThat(failure.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().equals(Turnstile.class.getName()));
                }
                assertThat(origin(failure)).contains("scatter 7");
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i));
            }
        }
        turnstile.awaitInterrupts(1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @OnSharedWorkers
    void shouldFailATaskThatIgnoresItsInterruptWithoutWaitingForIt(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = timed(setup, 2, LATER_THAN_A_STALL).function(i -> {
            if (i == 0) {
                turnstile.passStubbornly();
            }
            return i;
        });

        function.scatter(0);
        timeout(function.gather().awaitFailure());
        turnstile.awaitInterrupts(1);
        scatterAll(function, 1, 100);
        assertThat(function.gather().await()).isEqualTo(numbers(1, 100)); // on the other worker
        turnstile.open();
        scatterAll(function, 1, 100);
        assertThat(function.gather().await()).isEqualTo(numbers(1, 100));
    }

    @OnSharedWorkers
    void shouldCountTheShortTasksBeforeOneThatIsGivenUp(Setup setup) {
        Turnstile turnstile = new Turnstile();
        int few = rounds(setup, 3_000); // taken up in runs
        Face<Integer, Integer> function = timed(setup, 2, LATER_THAN_A_STALL).function(i -> {
            if (i == few) {
                turnstile.passStubbornly();
            }
            return i;
        });

        for (int round = 0; round < 3; round++) {
            scatterAll(function, 0, few);
        }
        scatterAll(function, few, few + 50);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        assertThat(outcomes).hasSize(3 * few + 50);
        assertThat(outcomes.stream().filter(Outcome.Failure.class::isInstance)).hasSize(1);
        assertThat(timeout(failure(outcomes.get(3 * few))).index()).isEqualTo(3 * few);
        turnstile.open();
    }

    @OnSharedWorkers
    void shouldFailASubmittedTasksOwnResult(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = timed(setup, 1, soon(setup)).function(i -> {
            turnstile.passStubbornly();
            return i;
        });

        Result<Integer> single = function.submit(1);

        Throwable failure = single.awaitFailure();
        assertThat(timeout(failure).index()).isZero();
        turnstile.open();
        assertThat(function.gather().await()).isEmpty();
    }

    @InThisJvm("a process is killed, so no interrupt is left; and a millisecond is too short for any task in a new one")
    @OnSharedWorkers
    void shouldNeverLetATimeoutsInterruptReachALaterTask(Setup setup) {
        Face<Integer, Boolean> function = timed(setup, 2, Duration.ofMillis(1)).function(i -> {
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (i % 50 == 0) {
                long start = System.nanoTime(); // ends about when its time is over
                while (System.nanoTime() - start < 1_000_000 + i) {
                    Thread.onSpinWait();
                }
            }
            return interrupted;
        });

        for (int round = 0; round < 5; round++) {
            scatterAll(function, 1, 2_000);
            List<Outcome<Boolean>> outcomes = function.gatherSettled().await();
            assertThat(outcomes).hasSize(1_999);
            for (Outcome<Boolean> outcome : outcomes) {
                if (outcome instanceof Outcome.Success<Boolean> success) { // the others had an interrupt of their own
                    assertThat(success.value()).isFalse();
                } else {
                    timeout(failure(outcome));
                }
            }
        }
    }

    @OnSharedWorkers
    void shouldLeaveTasksAloneThatAreFastEnough(Setup setup) {
        Face<Integer, Integer> function = timed(setup, 2, LATE).function(i -> i);

        scatterAll(function, 0, 20_000);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 20_000));
    }

    @OnSharedWorkers
    void shouldNotCountTheTimeInTheQueue(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = timed(setup, 1, LATER_THAN_A_STALL);
        Face<Integer, Integer> blocked = site.function(i -> {
            turnstile.passStubbornly();
            return i;
        });
        Face<Integer, Integer> function = site.function(i -> i);

        blocked.scatter(0);
        turnstile.awaitArrivals(1);
        scatterAll(function, 0, 10);
        timeout(blocked.gather().awaitFailure()); // so the others have waited for longer than the limit
        turnstile.open();

        assertThat(function.gather().await()).isEqualTo(numbers(0, 10));
    }

    @OnSharedWorkers
    void shouldInterruptAFunctionLaterInAChain(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> chain = open(setup, 2)
                .function((Integer i) -> i * 10)
                .then(timed(setup, 2, LATER_THAN_A_STALL).function(i -> {
                    if (i == 50) {
                        turnstile.passStubbornly();
                    }
                    return i;
                }));

        scatterAll(chain, 0, 10);
        List<Outcome<Integer>> outcomes = chain.gatherSettled().await();

        assertThat(timeout(failure(outcomes.get(5))).index()).isEqualTo(5);
        assertThat(outcomes.stream().filter(Outcome.Success.class::isInstance)).hasSize(9);
        turnstile.open();
    }

    @OnSharedWorkers
    void shouldFailAStreamOfResults(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = timed(setup, 1, LATER_THAN_A_STALL).function(i -> {
            if (i == 3) {
                turnstile.pass();
            }
            return i;
        });

        scatterAll(function, 0, 10);
        Reading<Integer> reading = function.gatherStream().read().request(Long.MAX_VALUE);

        assertThat(timeout(reading.awaitFailure()).index()).isEqualTo(3);
        assertThat(reading.received()).isEqualTo(numbers(0, 3));
    }

    // ---- another attempt -------------------------------------------------------------------------------------------

    @OnSharedAndInlineWorkers
    void shouldTryAgainWhatFailsAndSayWhichAttemptItWas(Setup setup) {
        AtomicInteger[] attempts = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        Face<Integer, Integer> function = open(
                        setup, 2, builder -> builder.retry(3, failure -> failure instanceof IOException))
                .function(i -> {
                    int attempt = Objects.requireNonNull(attempts[i]).incrementAndGet();
                    if ((i == 0 && attempt < 4) || i == 1) {
                        throw new IOException("attempt " + attempt);
                    }
                    if (i == 2) {
                        throw new IllegalStateException("not worth it");
                    }
                    return i;
                });

        scatterAll(function, 0, 3);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        assertThat(outcomes.get(0)).isEqualTo(new Outcome.Success<>(0, 0));
        assertThat(attempts[0]).hasValue(4);
        Throwable exhausted = failure(outcomes.get(1));
        assertThat(exhausted).isInstanceOf(IOException.class).hasMessage("attempt 4");
        assertThat(origin(exhausted)).contains("scatter 1").contains("attempt 4");
        assertThat(attempts[2]).hasValue(1);
        assertThat(origin(failure(outcomes.get(2)))).doesNotContain("attempt");
    }

    @OnSharedAndInlineWorkers
    void shouldTryAgainWhatTimedOut(Setup setup) {
        AtomicInteger attempts = new AtomicInteger();
        AtomicInteger flagged = new AtomicInteger();
        Face<Integer, Integer> function = open(
                        setup,
                        1,
                        builder -> builder.taskTimeout(soon(setup)).retry(20, TaskTimeoutException.class::isInstance))
                .function(i -> {
                    flagged.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                    if (attempts.incrementAndGet() < 3) {
                        new Turnstile().pass();
                    }
                    return i;
                });

        function.scatter(5);

        assertThat(function.gather().await()).containsExactly(5);
        assertThat(attempts)
                .hasValueGreaterThanOrEqualTo(3); // on a busy machine one that does nothing may be late, too
        assertThat(flagged).hasValue(0);
    }

    @WithThreads("a call that is cancelled makes room for the next attempt")
    @OnSharedWorkers
    void shouldGiveUpAnAttemptThatDoesNotComeBack(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = open(
                        setup, 1, builder -> builder.taskTimeout(soon(setup)).retry(2, failure -> true))
                .function(i -> {
                    turnstile.passStubbornly();
                    return i;
                });

        function.scatter(5);

        timeout(function.gather().awaitFailure());
        boolean killed = setup.kind() == Setup.Kind.PROCESSES; // so that its worker is free for the next attempt
        // The thread may have been suspended on its way, for as long as the attempt had.
        Eventually.until("an attempt has arrived", () -> turnstile.arrived() > 0);
        assertThat(turnstile.arrived()).isEqualTo(killed ? 3 : 1);
        turnstile.open();
    }

    @OnSharedWorkers
    void shouldNotTryAgainWhatIsCancelled(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = open(setup, 1, builder -> builder.retry(100, failure -> true))
                .function(i -> {
                    if (i == 0) {
                        turnstile.pass();
                    }
                    return i;
                });

        function.scatter(0);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(1);
        gather.cancel();
        turnstile.awaitInterrupts(1);
        function.scatter(1);

        assertThat(function.gather().await()).containsExactly(1);
        assertThat(turnstile.arrived()).isEqualTo(1);
    }

    @OnSharedWorkers
    void shouldFailWithTheTasksOwnFailureWhenThePredicateThrows(Setup setup) {
        CountDownLatch asked = new CountDownLatch(1);
        Face<Integer, Integer> function = open(
                        setup,
                        1,
                        builder -> builder.retry(2, failure -> {
                            asked.countDown();
                            throw new UnsupportedOperationException("of the predicate");
                        }))
                .function(i -> {
                    throw new IllegalStateException("of the task");
                });

        function.scatter(5);
        Throwable failure = function.gather().awaitFailure();

        assertThat(failure).hasMessage("of the task");
        assertThat(failure.getSuppressed())
                .filteredOn(UnsupportedOperationException.class::isInstance)
                .hasSize(1);
        assertThat(origin(failure)).contains("scatter 0");
    }

    // ---- bad input -------------------------------------------------------------------------------------------------

    @Test
    void shouldRefuseATimeThatIsNone() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Workers.threads(1).taskTimeout(none))
                    .withMessageContaining("taskTimeout");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> Workers.threads(1).taskTimeout(SOON).taskTimeout(SOON))
                .withMessageContaining("taskTimeout");
    }

    @Test
    void shouldTakeForEverForATime() {
        Workers workers = Workers.threads(1)
                .taskTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        lox.sync.Scatter<Integer, Integer> function = lox.sync.Lox.on(workers, i -> i);

        function.scatter(1);

        assertThat(function.gather()).containsExactly(1);
    }

    @Test
    void shouldRefuseNegativeRetries() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workers.threads(1).retry(-1, failure -> true))
                .withMessageContaining("retries");
        assertThatIllegalStateException()
                .isThrownBy(() -> Workers.threads(1).retry(1, failure -> true).retry(1, failure -> true))
                .withMessageContaining("retry");
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Workers.threads(1).taskTimeout(null))
                .withMessage("limit");
        assertThatNullPointerException()
                .isThrownBy(() -> Workers.threads(1).retry(1, null))
                .withMessage("retryable");
    }
}
