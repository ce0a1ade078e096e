package lox.sync.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestraintTest {
    private final Restraint restraint = new Restraint();

    private static WorkerCrashedException end(String words) {
        return new WorkerCrashedException(words);
    }

    private void endInARow(int processes) {
        IntStream.range(0, processes).forEach(each -> restraint.hasEnded());
    }

    @Test
    void shouldNotHoldUpTheFirstStarts() {
        assertThat(restraint.pauseMillis(0)).isZero();
        endInARow(2);
        assertThat(restraint.pauseMillis(0)).isZero();
    }

    @Test
    void shouldWaitLongerAndLongerUpToATenthOfASecond() {
        endInARow(2);
        List<Long> pauses = IntStream.range(0, 6)
                .mapToObj(each -> {
                    restraint.hasEnded();
                    return restraint.pauseMillis(0);
                })
                .toList();
        assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 100L, 100L);
        endInARow(1_000);
        assertThat(restraint.pauseMillis(0)).isEqualTo(100);
    }

    @Test
    void shouldWaitForAttemptsThatFailedToo() {
        assertThat(IntStream.range(0, 7).mapToLong(restraint::pauseMillis))
                .containsExactly(0L, 10L, 20L, 40L, 80L, 100L, 100L);
    }

    @Test
    void shouldBeginAnewWhenAWorkerHasServed() {
        endInARow(10);
        restraint.hasServed();
        assertThat(restraint.pauseMillis(0)).isZero();
    }

    @Test
    void shouldSayWhyAfterThreeInARowThatDidNothing() {
        restraint.wasUseless(end("first"));
        restraint.wasUseless(end("second"));
        assertThatCode(restraint::checkUseful).doesNotThrowAnyException();
        WorkerCrashedException third = end("third");
        restraint.wasUseless(third);
        assertThatThrownBy(restraint::checkUseful).isSameAs(third);
        assertThatCode(restraint::checkUseful).as("it counts anew").doesNotThrowAnyException();
    }

    @Test
    void shouldForgetThoseThatDidNothingWhenOneWasOfUse() {
        restraint.wasUseless(end("first"));
        restraint.wasUseless(end("second"));
        restraint.wasOfUse();
        restraint.wasUseless(end("third"));
        assertThatCode(restraint::checkUseful).doesNotThrowAnyException();
    }
}
