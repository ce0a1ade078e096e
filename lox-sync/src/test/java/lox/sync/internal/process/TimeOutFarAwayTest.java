package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.RemoteRun;
import org.junit.jupiter.api.Test;

/** The limit of a task's time holds for the task, not for its way, and for no other task. */
class TimeOutFarAwayTest {
    private final RunQueue runs = new RunQueue();

    private TaskRun sent(long id, int tasks) {
        TaskRun run = RunToNowhere.of(id, tasks);
        runs.add(run);
        return run;
    }

    @Test
    void shouldLetAResultTravelBeforeItsTaskHasTakenTooLong() {
        SilentLink near = new SilentLink(0);
        SilentLink far = new SilentLink(TimeUnit.DAYS.toNanos(1));
        TaskTimeLimit limit = new TaskTimeLimit(near, runs, 1);
        TaskTimeLimit limitFarAway = new TaskTimeLimit(far, runs, 1);
        near.started = 1;
        far.started = 1;

        assertThat(limit.isExceeded()).isFalse(); // it has not been seen before
        assertThat(limitFarAway.isExceeded()).isFalse();

        assertThat(limit.isExceeded()).isTrue();
        assertThat(limitFarAway.isExceeded()).isFalse();
    }

    @Test
    void shouldFailTheTaskThatHasTakenTooLong() {
        SilentLink link = new SilentLink(0);
        WorkerLifecycle lifecycle = new WorkerLifecycle("far", link, runs, false);
        TaskRun first = sent(1, 2);
        TaskRun behind = sent(2, 2);
        link.started = 1;

        lifecycle.timeOut(1);
        lifecycle.settle();

        assertThat(link.killed).isTrue();
        assertThatThrownBy(() -> first.result(0)).isInstanceOf(RemoteRun.TimedOut.class);
        assertThat(first.limit()).isEqualTo(1);
        assertThat(behind.limit()).isZero();
    }

    /** While the order to kill the worker was on its way, the task ended, and the next one had begun. */
    @Test
    void shouldNotSayOfTheNextTaskThatItHasTakenTooLong() {
        SilentLink link = new SilentLink(0);
        WorkerLifecycle lifecycle = new WorkerLifecycle("far", link, runs, false);
        TaskRun first = sent(1, 1);
        TaskRun behind = sent(2, 2);
        link.started = 1;

        lifecycle.timeOut(1);
        first.ended("done");
        runs.countEnded();
        link.started = 2;
        lifecycle.settle();

        assertThat(first.settled()).isEqualTo(1);
        assertThatThrownBy(() -> behind.result(0))
                .isInstanceOf(WorkerCrashedException.class)
                .hasMessageContaining("process 1 of \"far\" was killed, since the task before took too long");
        assertThat(behind.limit()).isEqualTo(1);
    }
}
