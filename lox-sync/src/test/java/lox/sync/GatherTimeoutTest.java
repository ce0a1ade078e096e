package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatherTimeoutTest {
    enum Gather {
        GATHER,
        DELAY_ERROR,
        STREAM,
        AS_COMPLETED,
        SETTLED_AS_COMPLETED;

        List<Integer> call(Scatter<Integer, Integer> function, Duration time) {
            return switch (this) {
                case GATHER -> function.gather(time);
                case DELAY_ERROR -> function.gatherDelayError(time);
                case STREAM -> read(function.gatherStream(time));
                case AS_COMPLETED -> read(function.gatherAsCompleted(time));
                case SETTLED_AS_COMPLETED ->
                    read(function.gatherSettledAsCompleted(time)
                            .map(outcome -> ((Outcome.Success<Integer>) outcome).value()));
            };
        }

        private static List<Integer> read(Stream<Integer> results) {
            try (results) {
                return results.toList();
            }
        }
    }

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    private int wait(int i) throws InterruptedException {
        if (i > 0) {
            running.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        }
        return i;
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailAndCancelTheBatch(Gather gather) throws InterruptedException {
        Scatter<Integer, Integer> function = Lox.thread(1, this::wait);
        function.scatter(1);
        function.scatter(2);
        running.await();

        assertThatExceptionOfType(GatherTimeoutException.class)
                .isThrownBy(() -> gather.call(function, Duration.ofMillis(10)))
                .withMessageContaining("took longer than PT0.01S")
                .satisfies(late -> assertThat(late.limit()).isEqualTo(Duration.ofMillis(10)));

        interrupted.await();
        assertThat(function.pending()).isZero();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        function.scatter(0);
        assertThat(function.gather()).containsExactly(0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveWhatIsThereInTime(Gather gather) {
        Scatter<Integer, Integer> function = Lox.thread(1, this::wait);
        for (Duration enough : List.of(Duration.ofDays(1), Duration.ofSeconds(Long.MAX_VALUE))) {
            function.scatter(0);
            assertThat(gather.call(function, enough)).containsExactly(0);
        }
        assertThat(gather.call(function, Duration.ZERO)).isEmpty();
        assertThat(gather.call(function, Duration.ofSeconds(-1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndWhereTheGathererHelps(Gather gather) throws InterruptedException {
        Workers one = Workers.threads(1).build();
        Scatter<Integer, Integer> inner = Lox.on(one, this::wait);
        Scatter<Integer, Integer> outer = Lox.on(one, i -> {
            inner.scatter(1);
            return gather.call(inner, Duration.ofMillis(10)).size();
        });
        outer.scatter(0);

        assertThatExceptionOfType(GatherTimeoutException.class).isThrownBy(outer::gather);
        interrupted.await();
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNullAndLeaveTheBatchOpen(Gather gather) {
        Scatter<Integer, Integer> function = Lox.thread(1, this::wait);
        function.scatter(0);

        assertThatNullPointerException().isThrownBy(() -> gather.call(function, null));

        assertThat(function.gather()).containsExactly(0);
    }

    @Test
    void shouldEndAGatherOfAStreamToo() throws InterruptedException {
        Scatter<Integer, Integer> function = Lox.thread(1, this::wait);
        GatherOptions soon = GatherOptions.create().timeout(Duration.ofMillis(10));

        assertThatExceptionOfType(GatherTimeoutException.class)
                .isThrownBy(() -> function.gather(Stream.of(1, 2), soon));

        interrupted.await();
        assertThat(function.gather(Stream.of(0, 0), GatherOptions.create())).containsExactly(0, 0);
    }
}
