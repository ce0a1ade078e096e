package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class ScatterFromEverywhereTest extends ContractTest {
    private static final int PRODUCERS = 4;
    private static final int EACH = 2_000;

    @OnAllWorkers
    void shouldKeepEveryProducersOwnOrder(Setup setup) throws InterruptedException {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        List<List<Integer>> indices = new ArrayList<>();
        List<Thread> producers = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int p = 0; p < PRODUCERS; p++) {
            int first = p * EACH;
            List<Integer> own = new ArrayList<>();
            indices.add(own);
            producers.add(new Thread(() -> {
                try {
                    Eventually.open(start);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                for (int i = 0; i < EACH; i++) {
                    own.add(function.scatter(first + i));
                }
            }));
        }

        producers.forEach(Thread::start);
        start.countDown();
        for (Thread producer : producers) {
            producer.join();
        }
        List<Integer> results = function.gather().await();

        assertThat(results).hasSize(PRODUCERS * EACH).doesNotHaveDuplicates();
        for (int p = 0; p < PRODUCERS; p++) {
            assertThat(indices.get(p)).hasSize(EACH).isSorted().doesNotHaveDuplicates();
            for (int i = 0; i < EACH; i++) {
                assertThat(results.get(indices.get(p).get(i))).isEqualTo(p * EACH + i);
            }
        }
    }

    @OnAllWorkers
    void shouldTakeScattersFromInsideATaskOfTheSameFunction(Setup setup) throws InterruptedException {
        CompletableFuture<Face<Integer, Integer>> self = new CompletableFuture<>();
        CountDownLatch leaves = new CountDownLatch(1 << 6);
        Face<Integer, Integer> tree = function(setup, 2, depth -> {
            if (depth == 0) {
                leaves.countDown();
            } else {
                self.join().scatter(depth - 1);
                self.join().scatter(depth - 1);
            }
            return depth;
        });
        self.complete(tree);

        tree.scatter(6);
        Eventually.open(leaves);
        List<Integer> results = tree.gather().await();

        assertThat(results).hasSize((1 << 7) - 1);
        for (int depth = 0; depth <= 6; depth++) {
            assertThat(results).filteredOn(Integer.valueOf(depth)::equals).hasSize(1 << (6 - depth));
        }
    }

    @OnConcurrentWorkers
    void shouldPutScattersOfATaskIntoTheNextBatchOnceItsOwnIsClosed(Setup setup) {
        CompletableFuture<Face<Integer, Integer>> self = new CompletableFuture<>();
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i < 10) {
                turnstile.pass();
                self.join().scatter(i + 10);
            }
            return i;
        });
        self.complete(function);

        scatterAll(function, 0, 5);
        Result<List<Integer>> first = function.gather();
        turnstile.open();

        assertThat(first.await()).isEqualTo(numbers(0, 5));
        assertThat(function.gather().await()).containsExactlyInAnyOrder(10, 11, 12, 13, 14);
    }

    @OnAllWorkers
    void shouldTakeScattersAndGathersFromASubscribersCallback(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> i + 1);
        CompletableFuture<Result<Integer>> last = new CompletableFuture<>();

        function.scatter(0);
        Observation<List<Integer>> first = function.gather().subscribe(list -> {
            function.scatter(list.get(0));
            last.complete(function.submit(list.get(0) + 10));
        });

        assertThat(first.value()).containsExactly(1);
        assertThat(last.join().await()).isEqualTo(12);
        assertThat(function.gather().await()).containsExactly(2);
    }

    @OnAllWorkers
    void shouldTakeScattersFromTheCallbackOfASingleResult(Setup setup) throws InterruptedException {
        Face<Integer, Integer> function = function(setup, 1, i -> i + 1);
        CountDownLatch scattered = new CountDownLatch(1);

        Observation<Integer> single = function.submit(0).subscribe(value -> {
            function.scatter(value);
            scattered.countDown();
        });
        Eventually.open(scattered);

        assertThat(single.value()).isEqualTo(1);
        assertThat(function.gather().await()).containsExactly(2);
    }

    @OnAllWorkers
    void shouldTakeScattersFromAProgressCallback(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> i);
        AtomicInteger updates = new AtomicInteger();

        scatterAll(function, 0, 3);
        assertThat(function.gather((done, failed, total) -> function.scatter(100 + updates.getAndIncrement()))
                        .await())
                .isEqualTo(numbers(0, 3));

        assertThat(function.gather().await()).isEqualTo(numbers(100, 100 + updates.get()));
    }
}
