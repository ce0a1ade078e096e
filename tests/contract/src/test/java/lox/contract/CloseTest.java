package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import lox.sync.Workers;

class CloseTest extends ContractTest {
    @OnSharedWorkers
    void shouldCancelWhatIsQueuedAndInterruptWhatRuns(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 10);
        Result<Integer> queued = function.submit(10);
        Result<List<Integer>> first = function.gather();
        scatterAll(function, 0, 10);
        Result<List<Integer>> second = function.gather();
        turnstile.awaitArrivals(2);
        site.workers().close();

        turnstile.awaitInterrupts(2);
        assertThat(first.awaitFailure()).isInstanceOf(CancellationException.class);
        assertThat(second.awaitFailure()).isInstanceOf(CancellationException.class);
        assertThat(queued.awaitFailure()).isInstanceOf(CancellationException.class);
        assertThat(function.pending()).isZero();
        // One more may have started while the batches were cancelled one after the other; then it was interrupted, too.
        Eventually.until("all that started are interrupted", () -> turnstile.interrupted() == turnstile.arrived());
        assertThat(turnstile.arrived()).isLessThan(6);
    }

    @OnSharedWorkers
    void shouldNotWaitForATaskThatIgnoresTheInterrupt(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.passStubbornly();
            return i;
        });

        function.scatter(0);
        Result<List<Integer>> gather = function.gather();
        turnstile.awaitArrivals(1);
        site.workers().close();

        assertThat(gather.awaitFailure()).isInstanceOf(CancellationException.class);
        turnstile.awaitInterrupts(1);
        turnstile.open();
    }

    @OnSharedWorkers
    void shouldCancelTheBatchThatIsStillOpen(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 3);
        turnstile.awaitArrivals(1);
        site.workers().close();

        turnstile.awaitInterrupts(1);
        assertThat(function.gather().awaitFailure()).isInstanceOf(CancellationException.class);
    }

    @OnAllWorkers
    void shouldRefuseWhatIsScatteredAfterwards(Setup setup) {
        Site site = open(setup, 1, builder -> builder.named("shop"));
        Face<Integer, Integer> function = site.function(i -> i);
        site.workers().close();

        assertThatThrownBy(() -> function.scatter(1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("shop")
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> function.submit(1)).isInstanceOf(RejectedExecutionException.class);
    }

    @OnSharedWorkers
    void shouldDoNothingTheSecondTime(Setup setup) {
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> i);
        function.scatter(1);
        assertThat(function.gather().await()).containsExactly(1);

        site.workers().close();
        site.workers().close();

        assertThatThrownBy(() -> function.scatter(1)).isInstanceOf(RejectedExecutionException.class);
    }

    @OnSharedWorkers
    void shouldStillGatherWhatWasComplete(Setup setup) {
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> i);
        function.scatter(1);
        Result<Integer> submitted = function.submit(5);
        assertThat(submitted.await()).isEqualTo(5);
        Result<List<Integer>> gather = function.gather();
        assertThat(gather.await()).containsExactly(1);
        function.scatter(2);
        function.scatter(3);
        Face<Integer, Integer> afterwards = site.function(i -> i); // on the only worker, once it has left the others
        Eventually.until("all have started", () -> function.pending() == 0);
        afterwards.scatter(4);
        assertThat(afterwards.gather().await()).containsExactly(4);

        site.workers().close();

        assertThat(submitted.await()).isEqualTo(5);
        assertThat(gather.await()).containsExactly(1);
        assertThat(function.gather().await()).containsExactly(2, 3);
    }

    @OnSharedWorkers
    void shouldCloseEveryFunctionOfTheWorkers(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 2);
        Face<Integer, Integer> one = site.function(i -> {
            turnstile.pass();
            return i;
        });
        Face<Integer, Integer> other = site.function(i -> {
            turnstile.pass();
            return i;
        });

        one.scatter(1);
        other.scatter(1);
        Result<List<Integer>> first = one.gather();
        Result<List<Integer>> second = other.gather();
        turnstile.awaitArrivals(2);
        site.workers().close();

        assertThat(first.awaitFailure()).isInstanceOf(CancellationException.class);
        assertThat(second.awaitFailure()).isInstanceOf(CancellationException.class);
        turnstile.awaitInterrupts(2);
    }

    @InEachLibrary
    void shouldNotShutDownTheUsersExecutor(Setup setup) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Workers workers = Workers.executor(executor, 1).build();
            Face<Integer, Integer> function = setup.library().on(workers, i -> i);
            function.scatter(1);
            assertThat(function.gather().await()).containsExactly(1);

            workers.close();

            assertThat(executor.isShutdown()).isFalse();
        } finally {
            executor.shutdownNow();
        }
    }
}
