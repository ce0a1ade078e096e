package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class DelayErrorTest extends ContractTest {
    @OnAllWorkers
    void shouldGatherInOrderWhenNothingFails(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        scatterAll(function, 0, 100);

        assertThat(function.gatherDelayError().await()).isEqualTo(numbers(0, 100));
    }

    @OnAllWorkers
    void shouldRunAllThenFailWithEveryFailureInScatterOrder(Setup setup) {
        AtomicInteger runs = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 3, i -> {
            runs.incrementAndGet();
            if (i % 3 == 1) {
                throw i % 2 == 0 ? new IOException("failure " + i) : new IllegalStateException("failure " + i);
            }
            return i;
        });

        scatterAll(function, 0, 12);
        Throwable received = function.gatherDelayError().awaitFailure();

        assertThat(setup.library().failuresOfTasks(received))
                .extracting(Throwable::getMessage)
                .containsExactly("failure 1", "failure 4", "failure 7", "failure 10");
        assertThat(runs).hasValue(12);
    }

    @OnAllWorkers
    void shouldFailWithTheOnlyFailureAsItIs(Setup setup) {
        RuntimeException failure = new UnsupportedOperationException("no");
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 5) {
                throw failure;
            }
            return i;
        });

        scatterAll(function, 0, 10);

        assertIs(setup, function.gatherDelayError().awaitFailure(), failure);
    }

    @OnConcurrentWorkers
    void shouldWaitForWhatStillRuns(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                turnstile.pass();
                return i;
            }
            throw new IllegalStateException("no");
        });

        scatterAll(function, 0, 2);
        Observation<List<Integer>> gather = function.gatherDelayError().subscribe();
        function.scatter(2); // on the free worker, after task 1: so that one has failed
        assertThat(function.gatherSettled().await()).hasSize(1);
        assertThat(gather.isOver()).isFalse();

        turnstile.open();
        assertThat(gather.failure()).hasMessage("no");
        assertThat(turnstile.interrupted()).isZero();
    }
}
