package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import lox.sync.Task;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import org.jspecify.annotations.Nullable;

/** What listeners are told of functions that do not block: attempts, ends, and the numbers of the places. */
class AsyncListenerTest extends ContractTest {
    private static final class Recorder implements TaskListener {
        private final Queue<TaskEvent> started = new ConcurrentLinkedQueue<>();
        private final Queue<TaskEnd> ends = new ConcurrentLinkedQueue<>();

        @Override
        public void taskStarted(TaskEvent task) {
            started.add(task);
        }

        @Override
        public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
            ends.add(end);
        }
    }

    private final Recorder recorder = new Recorder();

    private Face<Integer, Integer> promising(
            Setup setup, UnaryOperator<Workers.Builder> options, Task<Integer, @Nullable Promise<Integer>> task) {
        Site site = open(
                new Setup(setup.library(), Setup.Kind.ASYNC), 2, builder -> options.apply(builder.listeners(recorder)));
        return setup.library().promising(site.workers(), task);
    }

    @InEachLibrary
    void shouldTellTheAttempt(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function =
                promising(setup, builder -> builder.retry(2, failure -> failure instanceof IOException), calls::begin);
        Observation<Integer> result = function.submit(7).subscribe();

        calls.awaitBegun(1);
        calls.takeNext().promise().fail(new IOException("first"));
        calls.awaitBegun(2);
        calls.takeNext().promise().fail(new IOException("second"));
        calls.awaitBegun(3);
        assertThat(calls.endUntil(result)).isEqualTo(7);

        Eventually.until("all is told", () -> recorder.ends.size() == 3);
        assertThat(recorder.started).extracting(TaskEvent::attempt).containsExactly(1, 2, 3);
        assertThat(recorder.ends).containsExactly(TaskEnd.RETRIED, TaskEnd.RETRIED, TaskEnd.SUCCEEDED);
    }

    @InEachLibrary
    void shouldTellThatACallHasTakenTooLong(Setup setup) {
        Face<Integer, Integer> function =
                promising(setup, builder -> builder.taskTimeout(Duration.ofMillis(1)), i -> new Promise<>());

        assertThat(setup.library().failureOfTask(function.submit(0).awaitFailure()))
                .isInstanceOf(TaskTimeoutException.class);

        Eventually.until("it is told", () -> !recorder.ends.isEmpty());
        assertThat(recorder.ends).containsExactly(TaskEnd.TIMED_OUT);
    }

    /** Of calls one after another the first place is always the free one. */
    @InEachLibrary
    void shouldNumberThePlacesThatAreInUse(Setup setup) {
        Face<Integer, Integer> function = promising(setup, builder -> builder.named("few"), Promise::of);
        for (int i = 0; i < 20; i++) {
            assertThat(function.gather(List.of(i)).await()).containsExactly(i);
        }

        assertThat(recorder.started).hasSize(20).extracting(TaskEvent::worker).containsOnly("few-1");
    }
}
