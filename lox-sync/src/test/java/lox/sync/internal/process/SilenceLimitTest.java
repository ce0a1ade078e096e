package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.spi.RemoteRun;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A worker whose process is frozen is ended, if its tasks' time is limited, and only then. */
class SilenceLimitTest {
    private static final Duration LIMIT = Duration.ofNanos(1); // no task has been started, so none is past it

    private final SilentLink link = new SilentLink(0);
    private final RunQueue runs = new RunQueue();
    private long sent;
    private long clock;

    private SilenceLimit limit(long nanos) {
        return new SilenceLimit(link, runs, () -> sent, nanos, () -> clock);
    }

    private static WorkerContext context(@Nullable Duration taskTimeout, long leastSilenceNanos) {
        WorkerOptions options = PlainOptions.of(taskTimeout);
        WorkerContext context = WorkerContext.of(new PoolObserver("silent", List.of()), options);
        return new WorkerContext(
                context.observer(), options, context.values(), context.loaders(), context.log(), leastSilenceNanos);
    }

    private Worker worker(@Nullable Duration taskTimeout) {
        Worker.Owner nobody = new Worker.Owner() {
            @Override
            public void isReady(Worker worker) {}

            @Override
            public void takeBack(Worker worker) {}

            @Override
            public void withdraw(Worker worker) {}

            @Override
            public void gone(Worker worker) {}
        };
        return new Worker(nobody, context(taskTimeout, 1), 1, link);
    }

    private static RemoteRun open(Worker worker) {
        RemoteRun run = worker.open(x -> x, 1, () -> false);
        run.add("argument");
        return run;
    }

    @Test
    void shouldBeExceededByAWorkerThatDoesNothingAboutItsTasks() {
        SilenceLimit limit = limit(7);
        limit.begin();
        clock += 5;
        assertThat(limit.isExceeded()).isFalse(); // it has not been seen before
        clock += 6;
        assertThat(limit.isExceeded()).isFalse();
        clock++;
        assertThat(limit.isExceeded()).isTrue();
    }

    @Test
    void shouldNotCountTheTimeInWhichAWorkerHadNothingToDo() {
        SilenceLimit limit = limit(TimeUnit.HOURS.toNanos(1));
        assertThat(limit.isExceeded()).isFalse();
        clock += TimeUnit.HOURS.toNanos(2);
        limit.begin();
        assertThat(limit.isExceeded()).isFalse();
        clock += TimeUnit.HOURS.toNanos(1);
        assertThat(limit.isExceeded()).isTrue();
    }

    @Test
    void shouldBeginAgainWithAllThatAWorkerDoes() {
        SilenceLimit limit = limit(0);
        assertThat(limit.isExceeded()).isFalse();
        link.started++;
        assertThat(limit.isExceeded()).isFalse();
        runs.countEnded();
        assertThat(limit.isExceeded()).isFalse();
        sent += 10;
        assertThat(limit.isExceeded()).isFalse();
        link.forwarding = true; // what it has done may not have come
        assertThat(limit.isExceeded()).isFalse();
        link.forwarding = false;
        assertThat(limit.isExceeded()).isTrue();
    }

    @Test
    void shouldLetMessagesTravel() {
        SilenceLimit limit =
                new SilenceLimit(new SilentLink(TimeUnit.DAYS.toNanos(1)), runs, () -> sent, 0, () -> clock);
        assertThat(limit.isExceeded()).isFalse();
        assertThat(limit.isExceeded()).isFalse();
    }

    @Test
    void shouldBeLongerThanATaskMayTake() {
        assertThat(context(Duration.ofNanos(5), 7).silenceNanos()).isEqualTo(10);
        assertThat(context(Duration.ofNanos(2), 7).silenceNanos()).isEqualTo(7);
        assertThat(context(Duration.ofSeconds(Long.MAX_VALUE), 7).silenceNanos())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(context(null, 7).silenceNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldEndAWorkerThatIsWaitedFor() {
        Worker worker = worker(LIMIT);
        RemoteRun run = open(worker);
        run.send(() -> false);
        Patience.until("it is looked at, and killed", () -> {
            worker.watch((TaskRun) run);
            return link.killed;
        });
    }

    @Test
    void shouldEndAWorkerThatTakesInNoMore() {
        Worker worker = worker(LIMIT);
        RemoteRun run = open(worker);
        link.room = 8;
        run.send(() -> false);
        assertThat(link.killed).isTrue();
    }

    @Test
    void shouldEndAWorkerThatDoesNotTakeInTheFunction() {
        link.room = 8;
        worker(LIMIT).open(x -> x, 1, () -> false);
        assertThat(link.killed).isTrue();
    }

    /** A cancelled batch does not wait until the worker takes in the function. */
    @Test
    void shouldEndAWorkerThatDoesNotTakeInTheFunctionWhenItIsNotWantedAnyMore() {
        link.room = 8;
        worker(null).open(x -> x, 1, () -> true);
        assertThat(link.killed).isTrue();
    }

    @Test
    void shouldCountWhatAWorkerHasTakenIn() {
        Worker worker = worker(LIMIT);
        open(worker).send(() -> false);
        assertThat(worker.bytesSent()).isEqualTo(Long.MAX_VALUE - link.room).isPositive();
    }

    @Test
    void shouldWaitForEverWithoutALimitOfTheTasksTime() {
        Worker worker = worker(null);
        RemoteRun run = open(worker);
        run.send(() -> false);
        assertThat(worker.watch((TaskRun) run)).isEqualTo(Long.MAX_VALUE);
        assertThat(link.killed).isFalse();
    }
}
