package lox.sync.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that throw, block, interrupt or use up the stack: no task notices. */
class BadListenerTest {
    private static final int TASKS = 1_000;
    private static final String NAME = "bad-listener";

    private final EventLog log = new EventLog();
    private final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();
    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    @BeforeEach
    void listenToReports() {
        Thread tester = Thread.currentThread();
        // A batch that a test before has discarded may be reported as late as now, by a thread of other Workers.
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            if (thread == tester || thread.getName().startsWith(NAME + "-")) {
                reported.add(failure);
            }
        });
    }

    @AfterEach
    void forgetReports() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    private static final class Broken extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Throws at one of its methods. */
    private static class Throwing implements TaskListener {
        private final String where;
        private final AtomicInteger calls = new AtomicInteger();

        Throwing(String where) {
            this.where = where;
        }

        private void at(String method) {
            if (method.equals(where)) {
                calls.incrementAndGet();
                throw new Broken();
            }
        }

        @Override
        public void batchOpened(BatchEvent batch) {
            at("batchOpened");
        }

        @Override
        public void tasksScattered(BatchEvent batch, long tasks) {
            at("tasksScattered");
        }

        @Override
        public void batchSealed(BatchEvent batch, long tasks) {
            at("batchSealed");
        }

        @Override
        public void batchEnded(BatchEvent batch, BatchEnd end) {
            at("batchEnded");
        }

        @Override
        public void taskStarted(TaskEvent task) {
            at("taskStarted");
        }

        @Override
        public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
            at("taskEnded");
        }
    }

    private List<Integer> run(TaskListener bad) {
        Scatter<Integer, Integer> next =
                Lox.on(Workers.threads(1).named(NAME).listeners(bad, log).build(), number -> {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new InterruptedException("by a listener");
                    }
                    return number + 1;
                });
        IntStream.range(0, TASKS).forEach(next::scatter);
        return next.gather();
    }

    private void checkWhole(List<Integer> results) {
        assertThat(results).isEqualTo(IntStream.rangeClosed(1, TASKS).boxed().toList());
        assertThat(log.faults).isEmpty();
        assertThat(log.ends()).isEqualTo(Map.of(TaskEnd.SUCCEEDED, TASKS));
        assertThat(log.batchEnds).containsValue(BatchEnd.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"batchOpened", "tasksScattered", "batchSealed", "batchEnded", "taskStarted", "taskEnded"})
    void shouldReportWhatItThrowsOnceAndCallItNoMore(String where) {
        Throwing bad = new Throwing(where);
        checkWhole(run(bad));
        assertThat(bad.calls.get()).isBetween(1, 2); // the thread that scatters and the worker may be in it at once
        assertThat(reported).singleElement().isInstanceOf(Broken.class);
    }

    @Test
    void shouldSurviveAListenerWithoutEnd() {
        checkWhole(run(new TaskListener() {
            @Override
            @SuppressWarnings("InfiniteRecursion") // on purpose
            public void taskStarted(TaskEvent task) {
                taskStarted(task);
            }
        }));
        assertThat(reported).singleElement().isInstanceOf(StackOverflowError.class);
    }

    @Test
    void shouldKeepAListenersInterruptFromTasks() {
        checkWhole(run(new TaskListener() {
            @Override
            public void taskStarted(TaskEvent task) {
                Thread.currentThread().interrupt();
            }

            @Override
            public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
                Thread.currentThread().interrupt();
            }
        }));
        assertThat(reported).isEmpty();
    }

    /** One worker is held up; the other runs all the tasks but the one in its hands. */
    @Test
    void shouldSlowDownNobodyElse() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean held = new AtomicBoolean();
        AtomicInteger others = new AtomicInteger();
        Workers two = Workers.threads(2)
                .named(NAME)
                .listeners(new TaskListener() {
                    @Override
                    public void taskStarted(TaskEvent task) {
                        if (held.compareAndSet(false, true)) {
                            try {
                                goOn.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    }
                })
                .build();
        Scatter<Integer, Integer> count = Lox.on(two, number -> others.incrementAndGet());
        IntStream.range(0, TASKS).forEach(count::scatter);
        Patience.until("the other worker has run the rest", () -> others.get() == TASKS - 1);
        goOn.countDown();
        assertThat(count.gather()).hasSize(TASKS);
        assertThat(reported).isEmpty();
    }

    /** A cancel interrupts the task, not the listener that is told of it. */
    @Test
    void shouldNotInterruptAListenerForABatch() throws InterruptedException {
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean called = new AtomicBoolean();
        Workers one = Workers.threads(1)
                .listeners(
                        new TaskListener() {
                            @Override
                            public void taskStarted(TaskEvent task) {
                                inListener.countDown();
                                try {
                                    cancelled.await();
                                } catch (InterruptedException e) {
                                    interrupted.set(true);
                                }
                            }
                        },
                        log)
                .build();
        Scatter<Integer, Integer> call = Lox.on(one, number -> {
            called.set(true);
            return number;
        });
        call.scatter(1);
        assertThat(inListener.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        call.discard();
        cancelled.countDown();
        Patience.until("the end is told", () -> !log.ended.isEmpty());
        assertThat(interrupted).isFalse();
        assertThat(called).isFalse();
        assertThat(log.ends()).isEqualTo(Map.of(TaskEnd.CANCELLED, 1));
    }
}
