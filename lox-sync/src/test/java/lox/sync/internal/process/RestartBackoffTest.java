package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import lox.sync.process.WorkerCrashedException;
import org.junit.jupiter.api.Test;

class RestartBackoffTest {
    private final RestartBackoff backoff = new RestartBackoff();

    private static WorkerCrashedException end(String words) {
        return new WorkerCrashedException(words, null);
    }

    private void endInARow(int processes) {
        IntStream.range(0, processes).forEach(each -> backoff.hasEnded());
    }

    @Test
    void shouldNotHoldUpTheFirstStarts() {
        assertThat(backoff.pauseMillis(0)).isZero();
        endInARow(2);
        assertThat(backoff.pauseMillis(0)).isZero();
    }

    @Test
    void shouldWaitLongerAndLongerUpToATenthOfASecond() {
        endInARow(2);
        List<Long> pauses = IntStream.range(0, 6)
                .mapToObj(each -> {
                    backoff.hasEnded();
                    return backoff.pauseMillis(0);
                })
                .toList();
        assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 100L, 100L);
        endInARow(1_000);
        assertThat(backoff.pauseMillis(0)).isEqualTo(100);
    }

    @Test
    void shouldWaitForAttemptsThatFailedToo() {
        assertThat(IntStream.range(0, 7).mapToLong(backoff::pauseMillis))
                .containsExactly(0L, 10L, 20L, 40L, 80L, 100L, 100L);
    }

    @Test
    void shouldBeginAnewWhenAWorkerHasServed() {
        endInARow(10);
        backoff.hasServed();
        assertThat(backoff.pauseMillis(0)).isZero();
    }

    @Test
    void shouldSayWhyAfterThreeInARowThatDidNothing() {
        backoff.wasUseless(end("first"));
        backoff.wasUseless(end("second"));
        assertThat(backoff.findUseless()).isEmpty();
        WorkerCrashedException third = end("third");
        backoff.wasUseless(third);
        assertThat(backoff.findUseless()).containsSame(third);
        assertThat(backoff.findUseless()).as("it counts anew").isEmpty();
    }

    @Test
    void shouldForgetThoseThatDidNothingWhenOneWasOfUse() {
        backoff.wasUseless(end("first"));
        backoff.wasUseless(end("second"));
        backoff.wasOfUse();
        backoff.wasUseless(end("third"));
        assertThat(backoff.findUseless()).isEmpty();
    }
}
