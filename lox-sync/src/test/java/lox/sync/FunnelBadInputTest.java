package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input fails where it enters, leaves nothing behind, and the next call works. */
@SuppressWarnings("NullAway") // nulls are passed on purpose
class FunnelBadInputTest {
    /** A job id that fails at the n-th question, and at every later one until it is mended. */
    private static final class Moody {
        private final AtomicInteger questions = new AtomicInteger();
        private final boolean inEquals;
        private volatile int failsFrom;

        Moody(int failsFrom, boolean inEquals) {
            this.failsFrom = failsFrom;
            this.inEquals = inEquals;
        }

        void mend() {
            failsFrom = Integer.MAX_VALUE;
        }

        private void ask() {
            if (questions.incrementAndGet() >= failsFrom) {
                throw new UnsupportedOperationException("unhashable");
            }
        }

        @Override
        public int hashCode() {
            if (!inEquals) {
                ask();
            }
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            if (inEquals) {
                ask();
            }
            return this == other;
        }
    }

    @Test
    void shouldNameWhatIsNull() {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        assertThatThrownBy(() -> a.put(null, "x"))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("jobId");
        assertThatThrownBy(() -> a.put(1, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("value");
        assertThatThrownBy(() -> funnel.input(null)).hasMessage("name");
        assertThatThrownBy(() -> funnel.poll(null)).hasMessage("timeout");
        assertThatThrownBy(() -> funnel.fail(null)).hasMessage("failure");
        assertThatThrownBy(() -> funnel.asPublisher().subscribe(null)).hasMessage("subscriber");
        assertThatThrownBy(() -> a.from(null, x -> 1)).hasMessage("publisher");
        assertThatThrownBy(() -> a.from(subscriber -> {}, null)).hasMessage("jobIdOf");
        assertThat(funnel.pendingJobs()).isZero();

        a.put(1, "a");
        b.put(1, "b");
        assertThat(funnel.readyJobs()).isEqualTo(1);
    }

    @Test
    void shouldCheckEveryOptionWhereItIsSet() {
        Funnel.Builder<Integer> builder = Funnel.builder();
        assertThatThrownBy(() -> builder.named(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.pendingLimit(0, WhenFull.FAIL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pendingLimit must be 1 or more, but was 0");
        assertThatThrownBy(() -> builder.pendingLimit(1, null)).hasMessage("policy");
        assertThatThrownBy(() -> builder.expireAfter(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> builder.expireAfter(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.rememberJoined(0)).hasMessageContaining("rememberJoined");
        assertThatThrownBy(() -> builder.prefetch(-1)).hasMessageContaining("prefetch");

        builder.named("n")
                .duplicates(Duplicates.FAIL)
                .lateInputs(LateInputs.REFUSE)
                .pendingLimit(1, WhenFull.FAIL)
                .expireAfter(Duration.ofSeconds(1))
                .onDiscard((job, reason) -> {})
                .rememberJoined(1)
                .prefetch(1)
                .ticker(System::nanoTime);
        List<Runnable> again = List.of(
                () -> builder.named("m"),
                () -> builder.duplicates(Duplicates.FAIL),
                () -> builder.lateInputs(LateInputs.REFUSE),
                () -> builder.pendingLimit(1, WhenFull.FAIL),
                () -> builder.expireAfter(Duration.ofSeconds(1)),
                () -> builder.onDiscard((job, reason) -> {}),
                () -> builder.rememberJoined(1),
                () -> builder.prefetch(1),
                () -> builder.ticker(System::nanoTime));
        assertThat(again)
                .allSatisfy(option -> assertThatThrownBy(option::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("has been set before"));
    }

    /** Python lox: the lock is held for ever. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldGoOnAfterAnIdThatCannotBeHashed(int failsFrom) throws Exception {
        Funnel<Object> funnel = Funnel.builder()
                .pendingLimit(2, WhenFull.FAIL)
                .expireAfter(Duration.ofHours(1))
                .build();
        Funnel.Input<Object, String> a = funnel.input("a");
        Funnel.Input<Object, String> b = funnel.input("b");
        Moody moody = new Moody(failsFrom, false);
        int failures = 0;
        for (int i = 0; i < 3; i++) {
            try {
                a.put(moody, "x");
            } catch (UnsupportedOperationException expected) {
                failures++;
            }
        }
        assertThat(failures).isPositive();
        moody.mend();
        Elsewhere<Void> other = Elsewhere.call(() -> {
            a.put(moody, "mended");
            b.put(moody, "mended");
            a.put("fine", "x");
            b.put("fine", "y");
            return null;
        });
        other.result.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(FunnelTest.readyIds(funnel)).containsExactly(moody, "fine");
        assertThat(funnel.pendingJobs()).isZero();
        a.put(1, "there is");
        a.put(2, "room for two");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGoOnAfterAnIdThatCannotBeCompared(int failsFrom) throws Exception {
        Funnel<Object> funnel =
                Funnel.builder().pendingLimit(3, WhenFull.DISCARD_OLDEST).build();
        Funnel.Input<Object, String> a = funnel.input("a");
        Funnel.Input<Object, String> b = funnel.input("b");
        Moody first = new Moody(failsFrom, true);
        Moody second = new Moody(failsFrom, true);
        a.put(first, "x");
        assertThatThrownBy(() -> {
                    a.put(second, "x");
                    a.put(second, "x");
                })
                .isInstanceOf(UnsupportedOperationException.class);
        first.mend();
        second.mend();
        Elsewhere<Void> other = Elsewhere.call(() -> {
            a.put(second, "mended");
            b.put(second, "mended");
            b.put(first, "mended");
            return null;
        });
        other.result.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(FunnelTest.readyIds(funnel)).containsExactly(second, first);
        assertThat(funnel.pendingJobs()).isZero();
    }

    @Test
    void shouldKnowNoValueOfAnotherFunnelsInput() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, String> only = funnel.input("only");
        Funnel.Input<Integer, String> foreign = Funnel.<Integer>create().input("foreign");
        only.put(1, "x");
        Joined<Integer> joined = funnel.take();
        assertThat(joined.find(foreign)).isEmpty();
        assertThatThrownBy(() -> joined.get(foreign))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("foreign");
        assertThatThrownBy(() -> joined.get(null)).hasMessage("input");
    }
}
