package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import lox.sync.Workers;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are closed when an argument has been accepted and is not stored yet, so that the thread that closes them
 * cannot find it: it does not run, and nobody waits for it.
 */
class CloseWhileStoringTest extends ContractTest {
    /** Closes the workers of the first batch that is told of, in the thread that scatters. */
    private static final class Closing implements TaskListener {
        private final CompletableFuture<Workers> workers = new CompletableFuture<>();
        private final Queue<TaskEnd> ends = new ConcurrentLinkedQueue<>();

        @Override
        public void batchOpened(BatchEvent batch) {
            workers.join().close();
        }

        @Override
        public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
            ends.add(end);
        }
    }

    /** Every way in which an argument comes to a function. */
    static Map<String, Function<Face<Integer, Integer>, Result<?>>> ways() {
        Map<String, Function<Face<Integer, Integer>, Result<?>>> ways = new LinkedHashMap<>();
        ways.put("scatter", function -> {
            function.scatter(0);
            return function.gather();
        });
        ways.put("batch", function -> {
            Own<Integer, Integer> batch = function.batch();
            batch.scatter(0);
            return batch.gather();
        });
        ways.put("gather", function -> function.gather(List.of(0)));
        ways.put("submit", function -> function.submit(0));
        ways.put("expand", function -> function.expand(List.of(0), i -> List.of()));
        ways.put("map", function -> function.map(List.of(0)));
        ways.put("mapSettled", function -> function.mapSettled(List.of(0), Mapped.plainly()));
        ways.put("mapByKey", function -> function.mapByKey(List.of(0), i -> i, Mapped.plainly()));
        return ways;
    }

    @OnConcurrentWorkers
    void shouldNotRunWhatIsStoredAfterTheClose(Setup setup) {
        ways().forEach((name, way) -> {
            Closing closing = new Closing();
            Site site = open(setup, 1, builder -> builder.listeners(closing));
            closing.workers.complete(site.workers());
            Face<Integer, Integer> function = site.function(i -> i);

            assertThat(refusal(() -> way.apply(function))).as(name).isInstanceOf(CancellationException.class);

            assertThat(closing.ends).as(name).containsOnly(TaskEnd.DROPPED).hasSizeLessThan(2);
            assertThat(function.pending()).as(name).isZero();
        });
    }
}
