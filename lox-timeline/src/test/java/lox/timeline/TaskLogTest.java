package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class TaskLogTest {
    private static final BatchEvent BATCH = SampleRun.batch(1, "w", "f");

    private static void add(TaskLog log, long index, long started) {
        log.add(new TaskEvent(BATCH, index, 1, "w-1", started, 0), TaskEnd.SUCCEEDED, 1);
    }

    @Test
    void shouldKeepAllUpToTheLimit() {
        TaskLog log = new TaskLog(10_000);
        for (int i = 0; i < 10_000; i++) {
            add(log, i, i);
        }
        assertThat(log.attempts()).hasSize(10_000);
        assertThat(log.letGo()).isZero();
    }

    @Test
    void shouldKeepTheLastAndCountTheRest() {
        TaskLog log = new TaskLog(1_000);
        for (int i = 0; i < 100_000; i++) {
            add(log, i, i);
        }
        List<Attempt> attempts = log.attempts();
        assertThat(attempts).hasSizeBetween(1_000, 1_000 + 2 * TaskChunk.SIZE);
        assertThat(attempts.size() + log.letGo()).isEqualTo(100_000);
        assertThat(attempts).extracting(Attempt::index).contains(99_999L).doesNotContain(0L);
    }

    /** The few of a thread that did little are kept for longer than the many of others, but would show idle lanes. */
    @Test
    void shouldShowNothingFromBeforeWhatWasLetGo() throws Exception {
        TaskLog log = new TaskLog(1_000);
        Thread other = new Thread(() -> add(log, -1, 0));
        other.start();
        other.join();
        for (int i = 0; i < 100_000; i++) {
            add(log, i, i);
        }
        assertThat(log.attempts()).extracting(Attempt::index).contains(99_999L).doesNotContain(-1L);
    }

    @Test
    void shouldLoseNothingWhenManyThreadsAdd() throws Exception {
        int threads = 8;
        int each = 20_000;
        TaskLog log = new TaskLog(threads * each);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t * each;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return; // the attempts will be missing
                }
                for (int i = first; i < first + each; i++) {
                    add(log, i, i);
                }
            });
            thread.start();
            all.add(thread);
        }
        start.countDown();
        while (all.stream().anyMatch(Thread::isAlive)) { // whole attempts at any time
            for (Attempt attempt : log.attempts()) {
                assertThat(attempt.started()).isEqualTo(attempt.index());
            }
        }
        for (Thread thread : all) {
            thread.join(Patience.LIMIT.toMillis());
        }
        Set<Long> indexes = new HashSet<>();
        log.attempts().forEach(attempt -> indexes.add(attempt.index()));
        assertThat(indexes).hasSize(threads * each);
        assertThat(log.attempts()).hasSize(threads * each);
    }

    @Test
    void shouldRefuseALimitBelowOne() {
        assertThatThrownBy(() -> Timeline.create(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be at least 1, but is 0");
    }

    @Test
    void shouldLetGoOfProcessesTooWhereThereAreVeryMany() {
        WorkerLog log = new WorkerLog();
        for (int i = 0; i < WorkerLog.LIMIT + 5; i++) {
            log.started(new lox.sync.event.WorkerEvent("w", "w-" + i, i, i));
        }
        assertThat(log.spans())
                .hasSize(WorkerLog.LIMIT)
                .first()
                .satisfies(span -> assertThat(span.started()).isEqualTo(5));
    }
}
