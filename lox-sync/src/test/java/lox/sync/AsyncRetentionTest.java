package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** What a call that has ended was made of belongs to nobody any more. */
class AsyncRetentionTest {
    @Test
    void shouldKeepNothingOfACallThatHasEndedUntilItsTimeWouldBeOver() {
        try (Workers workers = Workers.async(2).taskTimeout(Duration.ofDays(1)).build()) {
            Scatter<Object, Object> function = Lox.async(workers, argument -> {
                CompletableFuture<Object> later = new CompletableFuture<>();
                later.completeOnTimeout(new Object(), 1, TimeUnit.MILLISECONDS);
                return later;
            });
            Reference<Object> argument = gatherAndForget(function);
            assertThat(function.gather(List.of(1, 2))).hasSize(2); // what is kept may be the last batch

            Patience.until("the argument is collected", () -> {
                System.gc();
                return argument.refersTo(null);
            });
        }
    }

    private static Reference<Object> gatherAndForget(Scatter<Object, Object> function) {
        Object argument = new Object();
        assertThat(function.gather(List.of(argument))).hasSize(1);
        return new WeakReference<>(argument);
    }
}
