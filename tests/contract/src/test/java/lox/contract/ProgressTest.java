package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Progress;

class ProgressTest extends ContractTest {
    private record Update(long done, long failed, long total) {}

    /** Keeps the updates, and notices when two come at once. */
    private static final class Log implements Progress {
        final List<Update> updates = new CopyOnWriteArrayList<>();
        final AtomicBoolean overlapped = new AtomicBoolean();
        final AtomicInteger ends = new AtomicInteger();
        final AtomicInteger updatesAtTheEnd = new AtomicInteger();
        private final AtomicBoolean busy = new AtomicBoolean();

        @Override
        public void update(long done, long failed, long total) {
            if (!busy.compareAndSet(false, true)) {
                overlapped.set(true);
            }
            updates.add(new Update(done, failed, total));
            busy.set(false);
        }

        @Override
        public void ended() {
            if (busy.get()) {
                overlapped.set(true);
            }
            ends.incrementAndGet();
            updatesAtTheEnd.set(updates.size());
        }
    }

    @OnAllWorkers
    void shouldCountUpToTheTotalBeforeTheResultArrives(Setup setup) {
        Log log = new Log();
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        scatterAll(function, 0, 500);
        AtomicInteger updatesAtTheResult = new AtomicInteger();
        Observation<List<Integer>> gather =
                function.gather(log).subscribe(list -> updatesAtTheResult.set(log.updates.size()));
        assertThat(gather.value()).isEqualTo(numbers(0, 500));

        assertThat(log.updates).isNotEmpty().last().isEqualTo(new Update(500, 0, 500));
        assertThat(updatesAtTheResult).hasValue(log.updates.size());
        assertThat(log.updates).extracting(Update::total).containsOnly(500L);
        assertThat(log.updates).extracting(Update::done).isSorted();
        assertThat(log.overlapped).isFalse();
    }

    @OnAllWorkers
    void shouldCountFailuresThatDoNotEndTheGather(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> {
            if (i % 5 == 0) {
                throw new IllegalStateException("planned");
            }
            return i;
        });

        Log delaying = new Log();
        scatterAll(function, 0, 500);
        assertThat(setup.library()
                        .failuresOfTasks(function.gatherDelayError(delaying).awaitFailure()))
                .hasSize(100);
        Log settling = new Log();
        scatterAll(function, 0, 500);
        assertThat(function.gatherSettled(settling).await()).hasSize(500);

        for (Log log : List.of(delaying, settling)) {
            assertThat(log.updates).last().isEqualTo(new Update(500, 100, 500));
            assertThat(log.updates).extracting(Update::failed).isSorted();
            assertThat(log.overlapped).isFalse();
        }
    }

    @OnConcurrentWorkers
    void shouldSendTheFirstUpdateAtTheCall(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Log log = new Log();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 3);
        Result<List<Integer>> gather = function.gather(log);
        assertThat(log.updates).containsExactly(new Update(0, 0, 3));

        turnstile.open();
        assertThat(gather.await()).isEqualTo(numbers(0, 3));
        assertThat(log.updates).endsWith(new Update(3, 0, 3));
    }

    @OnConcurrentWorkers
    void shouldSendOneUpdateATaskWhenTasksAreSlow(Setup setup) {
        Log log = new Log();
        AtomicInteger allowed = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            Eventually.until("task " + i + " may end", () -> allowed.get() > i);
            return i;
        });

        scatterAll(function, 0, 3);
        Result<List<Integer>> gather = function.gather(log);
        for (int i = 1; i <= 3; i++) {
            allowed.set(i);
            int updates = i + 1;
            Eventually.until("update " + i, () -> log.updates.size() == updates);
        }

        assertThat(gather.await()).isEqualTo(numbers(0, 3));
        assertThat(log.updates)
                .containsExactly(new Update(0, 0, 3), new Update(1, 0, 3), new Update(2, 0, 3), new Update(3, 0, 3));
    }

    @OnAllWorkers
    void shouldSendOneUpdateForAnEmptyBatch(Setup setup) {
        Log log = new Log();
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        assertThat(function.gather(log).await()).isEmpty();

        assertThat(log.updates).containsExactly(new Update(0, 0, 0));
    }

    @OnAllWorkers
    void shouldReportWithoutASubscriber(Setup setup) {
        Log log = new Log();
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        scatterAll(function, 0, 10);
        Result<List<Integer>> gather = function.gather(log);

        Eventually.until("the last update", () -> log.updates.contains(new Update(10, 0, 10)));
        assertThat(gather.await()).hasSize(10);
    }

    @OnAllWorkers
    void shouldSurviveAProgressThatThrows(Setup setup) {
        AtomicInteger updates = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        scatterAll(function, 0, 100);
        Result<List<Integer>> gather = function.gather((done, failed, total) -> {
            updates.incrementAndGet();
            throw new UnsupportedOperationException("bad progress");
        });

        assertThat(gather.await()).isEqualTo(numbers(0, 100));
        assertThat(awaitDropped(setup, 1)).extracting(Throwable::getMessage).containsExactly("bad progress");
        assertThat(updates).hasValue(1);
    }

    @OnConcurrentWorkers
    void shouldSendNothingMoreAfterAFailure(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Log log = new Log();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                turnstile.passStubbornly();
            } else if (i == 1) {
                throw new IllegalStateException("no");
            }
            return i;
        });

        function.scatter(0);
        turnstile.awaitArrivals(1);
        function.scatter(1);
        assertThat(function.gather(log).awaitFailure()).hasMessage("no");
        turnstile.open();
        scatterAll(function, 2, 20);
        assertThat(function.gather().await()).isEqualTo(numbers(2, 20));

        assertThat(log.updates).doesNotContain(new Update(2, 1, 2));
        assertThat(log.updates).extracting(Update::done).allMatch(done -> done <= 1);
    }

    @OnConcurrentWorkers
    void shouldNotLetASlowProgressHoldUpTheTasks(Setup setup) {
        Turnstile slow = new Turnstile();
        Turnstile start = new Turnstile();
        AtomicInteger runs = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            start.pass();
            Eventually.until("somebody reports", () -> slow.arrived() > 0 || i > 0);
            return runs.incrementAndGet();
        });

        scatterAll(function, 0, 20);
        Result<List<Integer>> gather = function.gather((done, failed, total) -> {
            if (done > 0 && done < total) {
                slow.passStubbornly();
            }
        });
        start.open();
        Eventually.until("all tasks have run", () -> runs.get() == 20);
        slow.open();

        assertThat(gather.await()).hasSize(20);
    }

    @OnAllWorkers
    void shouldTellTheEndOnceBeforeTheResult(Setup setup) {
        Log log = new Log();
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        scatterAll(function, 0, 500);
        AtomicInteger endsAtTheResult = new AtomicInteger();
        Observation<List<Integer>> gather = function.gather(log).subscribe(list -> endsAtTheResult.set(log.ends.get()));
        assertThat(gather.value()).hasSize(500);
        assertThat(function.gather(log).await()).isEmpty();

        assertThat(endsAtTheResult).hasValue(1);
        assertThat(log.ends).hasValue(2);
        assertThat(log.updatesAtTheEnd).hasValue(log.updates.size());
        assertThat(log.overlapped).isFalse();
    }

    @OnConcurrentWorkers
    void shouldTellTheEndOfAGatherThatFails(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Log log = new Log();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            if (i == 0) {
                throw new IllegalStateException("no");
            }
            return i;
        });

        scatterAll(function, 0, 20);
        Result<List<Integer>> gather = function.gather(log);
        turnstile.open();

        assertThat(gather.awaitFailure()).hasMessage("no");
        Eventually.until("the end is told", () -> log.ends.get() == 1);
        assertThat(log.updatesAtTheEnd).hasValue(log.updates.size());
        assertThat(log.overlapped).isFalse();
    }

    @OnConcurrentWorkers
    void shouldSendTheFirstUpdateEvenIfATaskHasFailedBefore(Setup setup) {
        AtomicInteger failing = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            failing.incrementAndGet();
            throw new IllegalStateException("no");
        });

        function.scatter(0);
        Eventually.until("the task runs", () -> failing.get() == 1);
        Log log = new Log();
        assertThat(function.gather(log).awaitFailure()).hasMessage("no");

        Eventually.until("the end is told", () -> log.ends.get() == 1);
        assertThat(log.updates).hasSizeBetween(1, 2).extracting(Update::total).containsOnly(1L);
        assertThat(log.updatesAtTheEnd).hasValue(log.updates.size());
    }

    @OnConcurrentWorkers
    void shouldTellTheEndOfAGatherThatIsCancelled(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Log log = new Log();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 20);
        Observation<List<Integer>> gather = function.gather(log).subscribe();
        turnstile.awaitArrivals(2);
        assertThat(log.ends).hasValue(0);
        gather.cancel();

        Eventually.until("the end is told", () -> log.ends.get() == 1);
        assertThat(log.updates).extracting(Update::done).containsOnly(0L);
    }
}
