package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class BatchTest extends ContractTest {
    @OnAllWorkers
    void shouldPutWhatComesAfterTheGatherIntoTheNextBatch(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        scatterAll(function, 0, 2);
        Result<List<Integer>> first = function.gather();
        scatterAll(function, 2, 5);
        Result<List<Integer>> second = function.gather();

        assertThat(second.await()).containsExactly(2, 3, 4);
        assertThat(first.await()).containsExactly(0, 1);
    }

    @OnConcurrentWorkers
    void shouldCloseTheBatchAtTheCallWhileItsTasksRun(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 3);
        Result<List<Integer>> first = function.gather();
        scatterAll(function, 3, 5);
        turnstile.open();

        assertThat(first.await()).containsExactly(0, 1, 2);
        assertThat(function.gather().await()).containsExactly(3, 4);
    }

    @WithSubscribers
    void shouldNotWaitForASubscriberToCloseTheBatch(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        function.scatter(1);
        Result<List<Integer>> first = function.gather();
        function.scatter(2);
        assertThat(function.gather().await()).containsExactly(2);

        assertThat(first.await()).containsExactly(1);
    }

    @OnConcurrentWorkers
    void shouldStartWorkAtScatter(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 2);

        turnstile.awaitArrivals(2);
        turnstile.open();
        assertThat(function.gather().await()).containsExactly(0, 1);
    }

    @OnAllWorkers
    void shouldGatherAnEmptyListWhenNothingWasScattered(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        assertThat(function.gather().await()).isEmpty();
        assertThat(function.gatherDelayError().await()).isEmpty();
        assertThat(function.gatherSettled().await()).isEmpty();
        function.scatter(7);
        assertThat(function.gather().await()).containsExactly(7);
        assertThat(function.gather().await()).isEmpty();
    }

    @OnConcurrentWorkers
    void shouldHaveManyBatchesUnderWay(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 3, i -> {
            turnstile.pass();
            return i;
        });
        List<Result<List<Integer>>> gathers = new ArrayList<>();

        for (int batch = 0; batch < 30; batch++) {
            scatterAll(function, 10 * batch, 10 * batch + batch % 4);
            gathers.add(function.gather());
        }
        turnstile.open();

        for (int batch = 0; batch < 30; batch++) {
            assertThat(gathers.get(batch).await()).isEqualTo(numbers(10 * batch, 10 * batch + batch % 4));
        }
    }

    @OnConcurrentWorkers
    void shouldFinishALaterBatchWhileAnEarlierOneRuns(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                turnstile.pass();
            }
            return i;
        });

        function.scatter(0);
        Result<List<Integer>> first = function.gather();
        scatterAll(function, 1, 100);
        assertThat(function.gather().await()).isEqualTo(numbers(1, 100));

        turnstile.open();
        assertThat(first.await()).containsExactly(0);
    }

    @WithSubscribers
    void shouldGiveEarlyAndLateSubscribersTheSameList(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger runs = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return runs.incrementAndGet();
        });
        function.scatter(1);
        Result<List<Integer>> gather = function.gather();

        Observation<List<Integer>> early = gather.subscribe();
        Observation<List<Integer>> alsoEarly = gather.subscribe();
        turnstile.open();
        List<Integer> list = early.value();

        assertThat(list).containsExactly(1);
        assertThat(alsoEarly.value()).isSameAs(list);
        assertThat(gather.await()).isSameAs(list);
        assertThat(gather.await()).isSameAs(list);
        assertThat(runs).hasValue(1);
    }

    @WithSubscribers
    void shouldGiveEverySubscriberTheSameFailure(Setup setup) {
        IllegalStateException failure = new IllegalStateException("no");
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw failure;
        });
        function.scatter(1);
        Result<List<Integer>> gather = function.gather();

        assertIs(setup, gather.awaitFailure(), failure);
        assertIs(setup, gather.awaitFailure(), failure);
    }

    @OnAllWorkers
    void shouldGiveListsThatNobodyCanChange(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        function.scatter(1);
        List<Integer> values = function.gather().await();
        assertThatThrownBy(() -> values.set(0, 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> values.add(2)).isInstanceOf(UnsupportedOperationException.class);

        function.scatter(1);
        List<?> outcomes = function.gatherSettled().await();
        assertThatThrownBy(() -> outcomes.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }

    @OnConcurrentWorkers
    void shouldCountWhatHasNotStarted(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });
        assertThat(function.pending()).isZero();

        scatterAll(function, 0, 2);
        turnstile.awaitArrivals(2);
        assertThat(function.pending()).isZero();
        scatterAll(function, 2, 5);
        Result<List<Integer>> first = function.gather();
        scatterAll(function, 5, 12);
        assertThat(function.pending()).isEqualTo(10);

        turnstile.open();
        assertThat(first.await()).isEqualTo(numbers(0, 5));
        assertThat(function.gather().await()).isEqualTo(numbers(5, 12));
        assertThat(function.pending()).isZero();
    }

    @WithThreads("the test's task runs elsewhere")
    @InThisJvm("it looks at the caller's thread; here the task would run at home on another one")
    @OnConcurrentWorkers
    void shouldCallThePlainFunctionInTheCallersThreadOutsideAnyBatch(Setup setup) {
        Face<Integer, Thread> function = function(setup, 2, i -> Thread.currentThread());

        assertThat(function.call(1)).isSameAs(Thread.currentThread());
        assertThat(function.gather().await()).isEmpty();
    }
}
