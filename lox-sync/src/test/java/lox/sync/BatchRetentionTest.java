package lox.sync;

import static lox.sync.Elsewhere.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What has been gathered belongs to whoever gathered it. */
class BatchRetentionTest {
    private static final int BATCHES = 5;

    @Test
    void shouldKeepNoResultsForATaskThatNeverEnds() throws InterruptedException {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        CountDownLatch stuck = new CountDownLatch(1);
        try (Workers workers = Workers.threads(2).build()) {
            Scatter<Integer, Object> function = Lox.on(workers, i -> {
                if (i < 0) {
                    stuck.countDown();
                    end.join(); // deaf to interrupts
                }
                return new Object();
            });
            function.scatter(-1);
            await(stuck);
            Elsewhere<List<Object>> gather =
                    Elsewhere.<List<Object>>call(function::gather).waiting();
            gather.thread.interrupt();
            assertThat(gather.result)
                    .failsWithin(Elsewhere.LONG)
                    .withThrowableThat()
                    .isInstanceOf(CancellationException.class);

            ReferenceQueue<Object> collected = new ReferenceQueue<>();
            List<Reference<Object>> results = gatherAndForget(function, collected);
            function.scatter(0); // what is kept may be the last batch
            assertThat(function.gather()).hasSize(1);

            int freed = 0;
            long start = System.nanoTime();
            while (freed < results.size() && System.nanoTime() - start < Elsewhere.LONG.toNanos()) {
                System.gc();
                for (Reference<?> one = collected.remove(50); one != null; one = collected.poll()) {
                    freed++;
                }
            }
            assertThat(freed).as("results that were let go").isEqualTo(BATCHES);
        } finally {
            end.complete(0);
        }
    }

    private static List<Reference<Object>> gatherAndForget(
            Scatter<Integer, Object> function, ReferenceQueue<Object> collected) {
        List<Reference<Object>> results = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            function.scatter(batch);
            results.add(new WeakReference<>(function.gather().get(0), collected));
        }
        return results;
    }
}
