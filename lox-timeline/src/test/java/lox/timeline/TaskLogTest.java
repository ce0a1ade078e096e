package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
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
        assertThat(log.kept().attempts()).hasSize(10_000);
        assertThat(log.kept().letGo()).isZero();
    }

    @Test
    void shouldKeepTheLastAndCountTheRest() {
        TaskLog log = new TaskLog(1_000);
        for (int i = 0; i < 100_000; i++) {
            add(log, i, i);
        }
        List<Attempt> attempts = log.kept().attempts();
        assertThat(attempts).hasSizeBetween(1_000, 1_000 + (2 * TaskLog.STRIPES + 1) * TaskChunk.SIZE);
        assertThat(attempts.size() + log.kept().letGo()).isEqualTo(100_000);
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
        assertThat(log.kept().attempts())
                .extracting(Attempt::index)
                .contains(99_999L)
                .doesNotContain(-1L);
    }

    /** As many threads as chunks are open fill theirs at about the same time. */
    @Test
    void shouldShowTheLastUpToTheLimitAndCountTheRestHoweverManyThreadsAdd() throws Exception {
        int tasks = 30 * TaskChunk.SIZE * TaskLog.STRIPES / 10;
        for (int limit : new int[] {1, 1_000, 2 * TaskChunk.SIZE}) {
            TaskLog log = new TaskLog(limit);
            List<ExecutorService> threads = Stream.generate(Executors::newSingleThreadExecutor)
                    .limit(2 * TaskLog.STRIPES)
                    .toList();
            for (int i = 0; i < tasks; i++) {
                int number = i;
                threads.get(i % threads.size())
                        .submit(() -> add(log, number, number))
                        .get(Patience.SECONDS, TimeUnit.SECONDS);
            }
            threads.forEach(ExecutorService::shutdown);
            AttemptLog.Kept kept = log.kept();
            List<Long> shown =
                    kept.attempts().stream().map(Attempt::index).sorted().toList();
            assertThat(shown)
                    .hasSizeBetween(limit, limit + (2 * TaskLog.STRIPES + 1) * TaskChunk.SIZE)
                    .isEqualTo(LongStream.range(tasks - shown.size(), tasks)
                            .boxed()
                            .toList());
            assertThat(shown.size() + kept.letGo()).isEqualTo(tasks);
        }
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
            for (Attempt attempt : log.kept().attempts()) {
                assertThat(attempt.started()).isEqualTo(attempt.index());
            }
        }
        for (Thread thread : all) {
            thread.join(Patience.LIMIT.toMillis());
        }
        Set<Long> indexes = new HashSet<>();
        log.kept().attempts().forEach(attempt -> indexes.add(attempt.index()));
        assertThat(indexes).hasSize(threads * each);
        assertThat(log.kept().attempts()).hasSize(threads * each);
    }

    @Test
    void shouldCountEachAttemptOnceWhileThreadsAdd() throws Exception {
        TaskLog log = new TaskLog(100);
        AtomicLong begun = new AtomicLong();
        AtomicLong done = new AtomicLong();
        List<Thread> threads = Stream.generate(() -> new Thread(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        add(log, i, begun.incrementAndGet());
                        done.incrementAndGet();
                    }
                }))
                .limit(4)
                .toList();
        threads.forEach(Thread::start);
        boolean going;
        do {
            going = threads.stream().anyMatch(Thread::isAlive);
            long least = done.get();
            AttemptLog.Kept kept = log.kept();
            assertThat(kept.attempts().size() + kept.letGo()).isBetween(least, begun.get());
            assertThat(kept.attempts()).hasSizeGreaterThanOrEqualTo((int) Math.min(100, least));
        } while (going);
        assertThat(done.get()).isEqualTo(400_000);
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
