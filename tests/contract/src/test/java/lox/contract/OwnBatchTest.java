package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.Outcome;
import lox.sync.Workers;
import lox.test.Patience;

/** {@code batch()}, {@code gather(Iterable)} and {@code discard()}: nobody gets what another has scattered. */
class OwnBatchTest extends ContractTest {
    @OnAllWorkers
    void shouldGatherWhatWasScatteredToItAndNothingElse(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i * 10);
        Own<Integer, Integer> one = function.batch();
        Own<Integer, Integer> other = function.batch();

        for (int i = 0; i < 300; i++) {
            assertThat(one.scatter(i)).isEqualTo(i);
            assertThat(other.scatter(-i)).isEqualTo(i);
            assertThat(function.scatter(1_000 + i)).isEqualTo(i);
        }

        assertThat(other.gather().await())
                .isEqualTo(IntStream.range(0, 300).mapToObj(i -> -10 * i).toList());
        assertThat(function.gather().await())
                .isEqualTo(numbers(1_000, 1_300).stream().map(i -> i * 10).toList());
        assertThat(one.gather().await())
                .isEqualTo(numbers(0, 300).stream().map(i -> i * 10).toList());
    }

    @OnAllWorkers
    void shouldGatherNothingWhereNothingWasScattered(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        function.scatter(1);
        assertThat(function.batch().gather().await()).isEmpty();
        assertThat(function.gather(List.of()).await()).isEmpty();
        assertThat(function.gather().await()).containsExactly(1);
    }

    @OnAllWorkers
    void shouldBeGatheredInEveryForm(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 2) {
                throw new IllegalStateException("planned");
            }
            return i;
        });
        function.scatter(7);

        Own<Integer, Integer> settled = function.batch();
        scatterInto(settled, 0, 4);
        List<Outcome<Integer>> outcomes = settled.gatherSettled().await();
        assertThat(outcomes).hasSize(4);
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Failure.class);
        assertThat(outcomes.get(3)).isEqualTo(new Outcome.Success<>(3, 3));

        Own<Integer, Integer> delayed = function.batch();
        scatterInto(delayed, 0, 4);
        assertThat(delayed.gatherDelayError().awaitFailure()).hasMessage("planned");

        Own<Integer, Integer> streamed = function.batch();
        scatterInto(streamed, 3, 6);
        Reading<Integer> reading = streamed.gatherStream().read().request(Long.MAX_VALUE);
        assertThat(reading.awaitEnd()).containsExactly(3, 4, 5);

        Own<Integer, Integer> completed = function.batch();
        scatterInto(completed, 3, 6);
        Reading<Integer> inAnyOrder = completed.gatherAsCompleted().read().request(Long.MAX_VALUE);
        assertThat(inAnyOrder.awaitEnd()).containsExactlyInAnyOrder(3, 4, 5);

        Own<Integer, Integer> itemised = function.batch();
        scatterInto(itemised, 0, 4);
        List<Outcome<Integer>> asTheyEnd = itemised.gatherSettledAsCompleted()
                .read()
                .request(Long.MAX_VALUE)
                .awaitEnd();
        assertThat(asTheyEnd).extracting(Outcome::index).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(asTheyEnd)
                .filteredOn(outcome -> outcome instanceof Outcome.Failure)
                .extracting(Outcome::index)
                .containsExactly(2);

        Own<Integer, Integer> limited = function.batch();
        scatterInto(limited, 0, 4);
        assertThat(limited.gatherSettled(Patience.LIMIT).await())
                .filteredOn(outcome -> outcome instanceof Outcome.Success)
                .hasSize(3);

        AtomicInteger updates = new AtomicInteger();
        Own<Integer, Integer> told = function.batch();
        scatterInto(told, 3, 6);
        assertThat(told.gather((done, failed, total) -> updates.incrementAndGet())
                        .await())
                .containsExactly(3, 4, 5);
        assertThat(updates).hasPositiveValue();

        assertThat(function.gather().await()).containsExactly(7);
    }

    @OnAllWorkers
    void shouldBeGatheredOnce(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        Own<Integer, Integer> batch = function.batch();
        batch.scatter(1);
        assertThat(batch.gather().await()).containsExactly(1);

        assertThatThrownBy(() -> batch.scatter(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gathered or closed");
        assertThat(refusal(() -> batch.gather())).hasMessageContaining("gathered or closed");
        assertThat(refusal(() -> batch.gatherSettled())).hasMessageContaining("gathered or closed");
        assertThatThrownBy(batch::gatherAsCompleted)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gathered or closed");
        batch.close();
        assertThat(function.gather(List.of(3, 4)).await()).containsExactly(3, 4);
    }

    @OnConcurrentWorkers
    void shouldDropAndInterruptAtTheClose(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger started = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            started.incrementAndGet();
            if (i == 0) {
                turnstile.pass();
            }
            return i;
        });
        Own<Integer, Integer> batch = function.batch();
        scatterInto(batch, 0, 10);
        turnstile.awaitArrivals(1);
        assertThat(batch.pending()).isEqualTo(9);

        batch.close();

        turnstile.awaitInterrupts(1);
        assertThat(batch.pending()).isZero();
        assertThatThrownBy(() -> batch.scatter(11)).hasMessageContaining("gathered or closed");
        batch.close();
        function.scatter(12);
        assertThat(function.gather().await()).containsExactly(12);
        assertThat(started).hasValue(2);
    }

    @OnConcurrentWorkers
    void shouldDiscardWhatAFunctionHasNotGathered(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i == 0) {
                turnstile.pass();
            }
            return i;
        });
        Own<Integer, Integer> beside = function.batch();
        scatterAll(function, 0, 10);
        turnstile.awaitArrivals(1);
        beside.scatter(20);

        function.discard();

        turnstile.awaitInterrupts(1);
        function.scatter(11);
        assertThat(function.gather().await()).containsExactly(11);
        assertThat(beside.gather().await()).containsExactly(20);
    }

    @OnAllWorkers
    void shouldLeaveNothingBehindWhenTheArgumentsThrow(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        Iterable<Integer> broken = new Numbers(50, new UnsupportedOperationException("of the list"));

        assertThat(refusal(() -> function.gather(broken))).hasMessageContaining("of the list");

        assertThat(function.gather(List.of(1, 2)).await()).containsExactly(1, 2);
        assertThat(function.gather().await()).isEmpty();
    }

    @OnAllWorkers
    void shouldBeOfAChainToo(Setup setup) {
        Face<Integer, Integer> chain = function(setup, 2, (Integer i) -> i + 1).then(function(setup, 2, i -> i * 2));
        Own<Integer, Integer> batch = chain.batch();
        chain.scatter(100);
        scatterInto(batch, 0, 500);

        assertThat(batch.gather().await())
                .isEqualTo(numbers(0, 500).stream().map(i -> (i + 1) * 2).toList());
        assertThat(chain.gather().await()).containsExactly(202);
    }

    @OnSharedWorkers
    void shouldTakeTwoArguments(Setup setup) {
        Face<Pair<Integer, Integer>, Integer> sum = open(setup, 2).functionOfTwo((Integer a, Integer b) -> a + b);
        Own<Pair<Integer, Integer>, Integer> batch = sum.batch();
        sum.scatter(new Pair<>(1, 1));
        batch.scatter(new Pair<>(2, 3));
        assertThat(batch.gather().await()).containsExactly(5);
        sum.discard();
        assertThat(sum.gather().await()).isEmpty();
    }

    @OnSharedWorkers
    void shouldEndWithItsWorkers(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });
        Own<Integer, Integer> batch = function.batch();
        scatterInto(batch, 0, 3);
        turnstile.awaitArrivals(1);

        site.workers().close();

        assertThat(batch.gather().awaitFailure()).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> function.batch().scatter(1)).isInstanceOf(RejectedExecutionException.class);
        assertThat(refusal(() -> function.gather(List.of(1)))).isInstanceOf(RejectedExecutionException.class);
    }

    @OnSharedWorkers
    void shouldFinishAtAShutdown(Setup setup) throws InterruptedException {
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> i);
        Own<Integer, Integer> batch = function.batch();
        scatterInto(batch, 0, 200);

        Workers workers = site.workers();
        workers.shutdown();

        assertThatThrownBy(() -> batch.scatter(1)).isInstanceOf(RejectedExecutionException.class);
        assertThat(workers.awaitTermination(Patience.LIMIT)).isTrue();
        assertThat(batch.pending()).isZero();
        assertThat(batch.gather().await()).isEqualTo(numbers(0, 200));
    }

    /** In a task of the function, on its only worker. */
    @WithThreads("it waits in a thread that lox does not know")
    @InThisJvm("the function is used by its own task")
    @OnSharedWorkers
    void shouldBeGatheredInsideATask(Setup setup) {
        if (setup.library() == Library.RXJAVA) {
            return; // there is no call that blocks and that lox would know of
        }
        List<Face<Integer, Integer>> self = new ArrayList<>();
        Face<Integer, Integer> function = open(setup, 1).function(i -> {
            if (i == 0) {
                return 0;
            }
            List<Integer> below = setup.library().gatherHere(self.get(0), List.of(i - 1, i - 1));
            return below.get(0) + below.get(1) + 1;
        });
        self.add(function);

        assertThat(function.gather(List.of(4)).await()).containsExactly(15);
    }

    /** As a service does: many requests at once on one function. */
    @OnConcurrentWorkers
    void shouldServeManyRequestsAtOnce(Setup setup) throws Exception {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        int requests = 8;
        int rounds = rounds(setup, 200);
        List<CompletableFuture<Void>> served = new ArrayList<>();
        for (int request = 0; request < requests; request++) {
            int first = request * 1_000;
            served.add(CompletableFuture.runAsync(
                    () -> {
                        for (int round = 0; round < rounds; round++) {
                            int size = 1 + round % 7;
                            if (round % 5 == 4) { // an exception half-way
                                Own<Integer, Integer> left = function.batch();
                                scatterInto(left, first, first + size);
                                left.close();
                            } else {
                                assertThat(function.gather(numbers(first, first + size))
                                                .await())
                                        .isEqualTo(numbers(first, first + size));
                            }
                        }
                    },
                    task -> new Thread(task, "request").start()));
        }
        for (CompletableFuture<Void> each : served) {
            each.get(Eventually.SECONDS, TimeUnit.SECONDS);
        }
        assertThat(function.pending()).isZero();
        assertThat(function.gather().await()).isEmpty();
    }

    private static void scatterInto(Own<Integer, Integer> batch, int from, int to) {
        for (int i = from; i < to; i++) {
            batch.scatter(i);
        }
    }
}
