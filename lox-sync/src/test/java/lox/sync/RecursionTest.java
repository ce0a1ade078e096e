package lox.sync;

import static lox.sync.Elsewhere.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task in the caller's thread that scatters without end, which is its author's mistake, and not to be a hang. */
class RecursionTest {
    @ParameterizedTest
    @ValueSource(ints = {200_000, 240_000, 280_000, 320_000, 400_000, 500_000})
    void shouldEndAGatherAfterTheStackHasOverflowed(int stackSize) {
        CompletableFuture<Scatter<Integer, Integer>> self = new CompletableFuture<>();
        Scatter<Integer, Integer> function = Lox.thread(0, i -> self.join().scatter(i + 1));
        self.complete(function);
        CompletableFuture<Integer> scattered = new CompletableFuture<>();
        Runnable overflow = () -> {
            try {
                scattered.complete(function.scatter(0));
            } catch (StackOverflowError asGood) {
                scattered.complete(-1);
            } catch (Throwable failure) {
                scattered.completeExceptionally(failure);
            }
        };
        Thread deep = new Thread(null, overflow, "deep", stackSize);
        deep.setDaemon(true);
        deep.start();
        assertThat(scattered).succeedsWithin(LONG);

        CompletableFuture<Boolean> ended = Elsewhere.call(() -> {
                    try {
                        return !function.gatherSettled().isEmpty();
                    } catch (StackOverflowError asGood) {
                        return true;
                    }
                })
                .result;

        assertThat(ended).succeedsWithin(LONG).isEqualTo(true);
    }
}
