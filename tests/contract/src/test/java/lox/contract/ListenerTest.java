package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.event.BatchEnd;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;

/** {@code Workers….listeners}. */
@OnceOverProcesses("ProcessListenerTest (lox-sync): what a child reports of its tasks")
class ListenerTest extends ContractTest {
    /** Counts, and finds what does not fit together. */
    private static final class Counts implements TaskListener {
        private final Map<TaskEnd, AtomicLong> ends = new ConcurrentHashMap<>();
        private final Map<BatchEnd, AtomicLong> batchEnds = new ConcurrentHashMap<>();
        private final Set<TaskEvent> underWay = ConcurrentHashMap.newKeySet();
        private final Queue<String> faults = new ConcurrentLinkedQueue<>();
        private final Queue<TaskEvent> started = new ConcurrentLinkedQueue<>();
        private final AtomicLong opened = new AtomicLong();
        private final AtomicLong scattered = new AtomicLong();
        private final AtomicLong sealed = new AtomicLong();

        @Override
        public void batchOpened(BatchEvent batch) {
            opened.incrementAndGet();
        }

        @Override
        public void tasksScattered(BatchEvent batch, long tasks) {
            scattered.addAndGet(tasks);
        }

        @Override
        public void batchSealed(BatchEvent batch, long tasks) {
            sealed.addAndGet(tasks);
        }

        @Override
        public void batchEnded(BatchEvent batch, BatchEnd end) {
            batchEnds.computeIfAbsent(end, key -> new AtomicLong()).incrementAndGet();
        }

        @Override
        public void taskStarted(TaskEvent task) {
            started.add(task);
            if (!underWay.add(task)) {
                faults.add("started twice: " + task);
            }
        }

        @Override
        public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
            if (end != TaskEnd.DROPPED && !underWay.remove(task)) {
                faults.add(end + " without a start: " + task);
            }
            ends.computeIfAbsent(end, key -> new AtomicLong()).incrementAndGet(); // last: who awaits it checks the rest
        }

        long of(TaskEnd end) {
            AtomicLong count = ends.get(end);
            return count == null ? 0 : count.get();
        }

        long last() {
            return of(TaskEnd.SUCCEEDED) + of(TaskEnd.FAILED) + of(TaskEnd.CANCELLED) + of(TaskEnd.DROPPED);
        }
    }

    private final Counts counts = new Counts();

    private void checkBatch(int tasks, BatchEnd end) {
        assertThat(counts.faults).isEmpty();
        assertThat(counts.underWay).isEmpty();
        assertThat(counts.opened).hasValue(1);
        assertThat(counts.scattered).hasValue(tasks);
        assertThat(counts.batchEnds.keySet()).containsExactly(end);
        assertThat(counts.batchEnds.get(end)).hasValue(1);
        assertThat(counts.last()).isEqualTo(tasks);
    }

    @OnSharedAndInlineWorkers
    void shouldTellOfEachAttemptAndOfTheBatch(Setup setup) {
        Face<Integer, Integer> function = open(
                        setup,
                        2,
                        builder ->
                                builder.named("told").retry(1, failure -> true).listeners(counts))
                .function(i -> {
                    if (i % 10 == 3) {
                        throw new IllegalArgumentException("three");
                    }
                    return i;
                });
        scatterAll(function, 0, 100);
        assertThat(function.gatherSettled().await()).hasSize(100);

        checkBatch(100, BatchEnd.COMPLETED);
        assertThat(counts.of(TaskEnd.SUCCEEDED)).isEqualTo(90);
        assertThat(counts.of(TaskEnd.FAILED)).isEqualTo(10);
        assertThat(counts.of(TaskEnd.RETRIED)).isGreaterThanOrEqualTo(10); // a process may give some back
        assertThat(counts.sealed).hasValue(100);
        assertThat(counts.started).allSatisfy(task -> {
            assertThat(task.batch().workers()).isEqualTo("told");
            assertThat(task.worker()).isNotEmpty();
            assertThat(task.index()).isBetween(0L, 99L);
        });
    }

    @OnSharedWorkers
    void shouldTellWhatBecomesOfACancelledBatch(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = open(
                        setup, 2, builder -> builder.named("cancelled").listeners(counts))
                .function(i -> {
                    turnstile.pass();
                    return i;
                });
        scatterAll(function, 0, 50);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(2);
        gather.cancel();
        turnstile.awaitInterrupts(2);

        Patience.until("all is told", () -> counts.last() == 50 && !counts.batchEnds.isEmpty());
        checkBatch(50, BatchEnd.CANCELLED);
        assertThat(counts.of(TaskEnd.CANCELLED)).isEqualTo(2);
    }

    @OnSharedAndInlineWorkers
    void shouldTellOfAMapAsOneBatch(Setup setup) {
        Face<Integer, Integer> function = open(
                        setup, 2, builder -> builder.named("mapped").listeners(counts))
                .function(i -> -i);
        int elements = 2_100; // more than a segment
        assertThat(function.map(numbers(0, elements)).await()).hasSize(elements);

        Patience.until("the end is told", () -> !counts.batchEnds.isEmpty());
        checkBatch(elements, BatchEnd.COMPLETED);
        assertThat(counts.of(TaskEnd.SUCCEEDED)).isEqualTo(elements);
    }
}
