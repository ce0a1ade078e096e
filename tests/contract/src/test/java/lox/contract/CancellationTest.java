package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** In plain Java the one who gathers is the only subscriber; to interrupt it is to cancel. */
class CancellationTest extends ContractTest {
    @OnConcurrentWorkers
    void shouldInterruptWhatRunsAndDropWhatHasNotStarted(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 100);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(2);
        gather.cancel();

        turnstile.awaitInterrupts(2);
        turnstile.open();
        scatterAll(function, 100, 104);
        assertThat(function.gather().await()).isEqualTo(numbers(100, 104));
        assertThat(turnstile.arrived()).isEqualTo(2 + 4);
        assertThat(function.pending()).isZero();
    }

    @OnConcurrentWorkers
    void shouldCancelEveryKindOfGather(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            turnstile.pass();
            return i;
        });

        int interrupts = 0;
        scatterAll(function, 0, 3);
        Observation<?> gather = function.gatherDelayError().subscribe();
        turnstile.awaitArrivals(++interrupts);
        gather.cancel();
        turnstile.awaitInterrupts(interrupts);

        scatterAll(function, 0, 3);
        gather = function.gatherSettled().subscribe();
        turnstile.awaitArrivals(++interrupts);
        gather.cancel();
        turnstile.awaitInterrupts(interrupts);

        scatterAll(function, 0, 3);
        gather = function.gather((done, failed, total) -> {}).subscribe();
        turnstile.awaitArrivals(++interrupts);
        gather.cancel();
        turnstile.awaitInterrupts(interrupts);

        turnstile.open();
        function.scatter(7);
        assertThat(function.gather().await()).containsExactly(7);
        assertThat(turnstile.arrived()).isEqualTo(4);
    }

    @OnConcurrentWorkers
    void shouldLeaveTheNextBatchUntouched(Setup setup) {
        Turnstile cancelled = new Turnstile();
        Turnstile untouched = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            (i < 50 ? cancelled : untouched).pass();
            return i;
        });

        function.scatter(0);
        Observation<List<Integer>> first = function.gather().subscribe();
        scatterAll(function, 50, 60);
        Result<List<Integer>> second = function.gather();
        scatterAll(function, 60, 70);
        cancelled.awaitArrivals(1);
        untouched.awaitArrivals(1);
        first.cancel();
        cancelled.awaitInterrupts(1);
        untouched.awaitArrivals(2); // the worker that was interrupted goes on with the next batch
        untouched.open();

        assertThat(second.await()).isEqualTo(numbers(50, 60));
        assertThat(function.gather().await()).isEqualTo(numbers(60, 70));
        assertThat(untouched.interrupted()).isZero();
    }

    @OnConcurrentWorkers
    void shouldNeverLetAnInterruptReachALaterTask(Setup setup) {
        AtomicInteger strayInterrupts = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i < 0) {
                LockSupport.parkNanos(50_000); // about as long as it takes to cancel
            } else if (Thread.currentThread().isInterrupted()) {
                strayInterrupts.incrementAndGet();
            }
            return i;
        });

        for (int round = 0; round < rounds(setup, 60); round++) {
            scatterAll(function, -4, 0);
            Observation<List<Integer>> cancelled = function.gather().subscribe();
            scatterAll(function, 0, 4);
            Result<List<Integer>> next = function.gather();
            cancelled.cancel();
            assertThat(next.await()).isEqualTo(numbers(0, 4));
        }

        assertThat(strayInterrupts).hasValue(0);
    }

    @OnConcurrentWorkers
    void shouldNeverLetATasksOwnInterruptReachALaterTask(Setup setup) {
        Face<Integer, Boolean> function = function(setup, 1, i -> {
            boolean interrupted = Thread.currentThread().isInterrupted();
            Thread.currentThread().interrupt();
            return interrupted;
        });

        for (int i = 0; i < 50; i++) {
            function.scatter(i);
        }

        assertThat(function.gather().await()).hasSize(50).containsOnly(false);
    }

    @WithSubscribers
    void shouldNotCancelForLackOfSubscribers(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger runs = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            turnstile.pass();
            return runs.incrementAndGet();
        });

        scatterAll(function, 0, 10);
        Result<List<Integer>> gather = function.gather();
        turnstile.open();
        Eventually.until("all tasks have run", () -> runs.get() == 10);

        assertThat(gather.await()).hasSize(10);
        assertThat(turnstile.interrupted()).isZero();
    }

    @WithSubscribers
    void shouldGoOnWhileOneSubscriberOfTwoIsLeft(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 10);
        Result<List<Integer>> gather = function.gather();
        Observation<List<Integer>> leaves = gather.subscribe();
        Observation<List<Integer>> stays = gather.subscribe();
        leaves.cancel();
        leaves.cancel();
        turnstile.open();

        assertThat(stays.value()).isEqualTo(numbers(0, 10));
        assertThat(leaves.isOver()).isFalse();
        assertThat(turnstile.interrupted()).isZero();
    }

    @WithSubscribers
    void shouldCancelWhenTheLastOfTwoSubscribersLeaves(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 10);
        Result<List<Integer>> gather = function.gather();
        Observation<List<Integer>> one = gather.subscribe();
        Observation<List<Integer>> two = gather.subscribe();
        turnstile.awaitArrivals(1);
        two.cancel();
        one.cancel();

        turnstile.awaitInterrupts(1);
        assertThat(one.isOver()).isFalse();
        assertThat(two.isOver()).isFalse();
    }

    @WithSubscribers
    void shouldTellWhoComesLaterThatItWasCancelled(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            turnstile.pass();
            return i;
        });

        function.scatter(0);
        Result<List<Integer>> gather = function.gather();
        gather.subscribe().cancel();

        assertThat(gather.awaitFailure()).isInstanceOf(CancellationException.class);
        assertThat(gather.awaitFailure()).isInstanceOf(CancellationException.class);
    }

    @WithSubscribers
    void shouldKeepTheListWhenSubscribersLeaveAfterTheEnd(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> i);

        function.scatter(0);
        Result<List<Integer>> gather = function.gather();
        Observation<List<Integer>> first = gather.subscribe();
        assertThat(first.value()).containsExactly(0);
        first.cancel();

        assertThat(gather.await()).containsExactly(0);
    }

    @OnConcurrentWorkers
    void shouldNotWaitForATaskThatIgnoresTheInterrupt(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                turnstile.passStubbornly();
            }
            return i;
        });

        function.scatter(0);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(1);
        gather.cancel();
        turnstile.awaitInterrupts(1);
        scatterAll(function, 1, 20);
        assertThat(function.gather().await()).isEqualTo(numbers(1, 20)); // on the other worker

        turnstile.open();
    }
}
