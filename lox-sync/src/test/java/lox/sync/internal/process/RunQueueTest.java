package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The order of results, and which is the last, when several runs are under way. */
class RunQueueTest {
    private final RunQueue runs = new RunQueue();
    private final TaskRun first = RunToNowhere.of(1, 3);
    private final TaskRun behind = RunToNowhere.of(2, 2);

    private void sendBoth() {
        assertThat(runs.add(first)).isTrue();
        assertThat(runs.add(behind)).isTrue();
    }

    @Test
    void shouldExpectTheResultsOfOneRunAfterThoseOfTheOther() {
        sendBoth();
        for (int i = 0; i < 3; i++) {
            assertThat(runs.first()).isSameAs(first);
            first.ended(i);
        }
        assertThat(runs.first()).isSameAs(behind);
    }

    @Test
    void shouldPassARunWhoseRestWasTakenBack() {
        sendBoth();
        first.ended(0);
        first.answerRecall(1);

        assertThat(runs.first()).isSameAs(behind);
    }

    @Test
    void shouldKnowTheLastTaskThoughARunBehindWasTakenBackWhole() {
        sendBoth();
        first.ended(0);
        first.ended(1);
        assertThat(runs.isAtLastTask()).isFalse();

        behind.answerRecall(0);

        assertThat(runs.isAtLastTask()).isTrue();
        assertThat(runs.first()).isSameAs(first);
        first.ended(2);
        assertThat(runs.isAtLastTask()).isFalse();
        assertThat(runs.first()).isNull();
    }
}
