package lox.sync.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads are the test's own: what asks for one lies in a queue. */
class SerialExecutorTest {
    private final Deque<Runnable> asked = new ArrayDeque<>();
    private final AtomicBoolean contended = new AtomicBoolean();
    private final AtomicLong time = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final SerialExecutor executor = new SerialExecutor(this::ask, contended::get, time::get);
    private final List<Integer> ran = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    private void ask(Runnable worker) {
        if (closed.get()) {
            throw new RejectedExecutionException("closed");
        }
        asked.add(worker);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private void put(int... numbers) {
        IntStream.of(numbers).forEach(number -> executor.execute(() -> ran.add(number)));
    }

    @Test
    void shouldAskForOneThreadAndRunAllInTheOrderTheyCame() {
        put(1, 2, 3);
        assertThat(asked).hasSize(1);

        asked.remove().run();
        assertThat(ran).containsExactly(1, 2, 3);
        assertThat(asked).isEmpty();

        put(4);
        assertThat(asked).hasSize(1);
        asked.remove().run();
        assertThat(ran).containsExactly(1, 2, 3, 4);
    }

    @Test
    void shouldRunWhatAJobPutsAfterWhatIsThere() {
        executor.execute(() -> put(3));
        put(2);

        asked.remove().run();

        assertThat(ran).containsExactly(2, 3);
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldGoOnAfterAJobThatThrowsAndReportIt() throws InterruptedException {
        List<Throwable> reported = new ArrayList<>();
        executor.execute(() -> {
            throw new IllegalStateException("planned");
        });
        put(2);

        Thread thread = new Thread(asked.remove());
        thread.setUncaughtExceptionHandler((where, failure) -> reported.add(failure));
        thread.start();
        thread.join(Patience.LIMIT.toMillis());

        assertThat(ran).containsExactly(2);
        assertThat(reported)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("planned"));
    }

    @Test
    void shouldNotLetAnInterruptReachTheNextJob() {
        executor.execute(() -> Thread.currentThread().interrupt());
        executor.execute(() -> ran.add(Thread.currentThread().isInterrupted() ? 1 : 0));

        asked.remove().run();

        assertThat(ran).containsExactly(0);
        assertThat(Thread.interrupted()).isFalse();
    }

    // ---- turns -----------------------------------------------------------------------------------------------------

    @Test
    void shouldMakeRoomForOthersAfterItsTurnAndKeepTheOrder() {
        contended.set(true);
        put(1);
        executor.execute(() -> time.addAndGet(2_000_000));
        put(3, 4);

        asked.remove().run();
        assertThat(ran).containsExactly(1);
        assertThat(asked).hasSize(1);
        put(5); // while it waits for its next turn: nobody else is asked for
        assertThat(asked).hasSize(1);
        asked.remove().run();

        assertThat(ran).containsExactly(1, 3, 4, 5);
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldKeepItsThreadWhileNobodyElseWantsIt() {
        executor.execute(() -> time.addAndGet(2_000_000));
        put(2);

        asked.remove().run();

        assertThat(ran).containsExactly(2);
        assertThat(asked).isEmpty();
    }

    // ---- refusal ---------------------------------------------------------------------------------------------------

    @Test
    void shouldPassARefusalOnAndWorkWhenThereAreThreadsAgain() {
        closed.set(true);
        FutureTask<Integer> refused = new FutureTask<>(() -> 1);
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.execute(refused))
                .withMessage("closed");
        assertThat(refused).isCancelled();

        closed.set(false);
        put(2);
        asked.remove().run();
        assertThat(ran).containsExactly(2);
    }

    @Test
    void shouldCancelThoseThatWaitWhenItsNextTurnIsRefused() {
        contended.set(true);
        executor.execute(() -> time.addAndGet(2_000_000));
        FutureTask<Integer> waiting = new FutureTask<>(() -> 1);
        executor.execute(waiting);

        closed.set(true);
        asked.remove().run();

        assertThat(waiting).isCancelled();
        closed.set(false);
        contended.set(false);
        put(3);
        asked.remove().run();
        assertThat(ran).containsExactly(3);
    }

    // ---- races -----------------------------------------------------------------------------------------------------

    /** Four producers: never two jobs at once, nothing lost, each producer's in its order. */
    @Test
    void shouldRunOneAtATimeInEachProducersOrder() throws InterruptedException {
        int each = 5_000;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicBoolean others = new AtomicBoolean();
        CountDownLatch left = new CountDownLatch(4 * each);
        SerialExecutor real = new SerialExecutor(threads, () -> !others.compareAndSet(false, true), System::nanoTime);
        List<List<Integer>> seen = new ArrayList<>(); // each written by jobs alone, one at a time
        List<Thread> producers = new ArrayList<>();
        for (int producer = 0; producer < 4; producer++) {
            List<Integer> mine = new ArrayList<>();
            seen.add(mine);
            producers.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    int number = i;
                    real.execute(() -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        mine.add(number);
                        inside.decrementAndGet();
                        left.countDown();
                    });
                }
            }));
        }

        producers.forEach(Thread::start);
        assertThat(left.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(most).hasValue(1);
        assertThat(seen)
                .allSatisfy(mine -> assertThat(mine)
                        .isEqualTo(IntStream.range(0, each).boxed().toList()));
    }

    /** A refusal may meet producers at any instant: each job runs, is cancelled, or its producer is told. */
    @Tag("race")
    @Test
    void shouldForgetNobodyWhenThreadsAreRefusedAtAnyInstant() throws Exception {
        for (int round = 0; round < 200; round++) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicBoolean others = new AtomicBoolean(true);
            SerialExecutor raced = new SerialExecutor(
                    worker -> {
                        if (over.get()) {
                            throw new RejectedExecutionException("closed");
                        }
                        threads.execute(worker);
                    },
                    others::get,
                    System::nanoTime);
            List<FutureTask<Integer>> jobs = new ArrayList<>();
            Thread[] producers = new Thread[2];
            for (int producer = 0; producer < producers.length; producer++) {
                List<FutureTask<Integer>> mine = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    mine.add(new FutureTask<>(() -> 1));
                }
                jobs.addAll(mine);
                producers[producer] = new Thread(() -> {
                    for (FutureTask<Integer> job : mine) {
                        try {
                            raced.execute(job);
                        } catch (RejectedExecutionException told) {
                            assertThat(job).isDone();
                        }
                    }
                });
                producers[producer].start();
            }
            for (int spin = round * 53 % 3_000; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            over.set(true);
            for (Thread producer : producers) {
                producer.join(Patience.LIMIT.toMillis());
            }
            for (FutureTask<Integer> job : jobs) {
                try {
                    assertThat(job.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
                } catch (CancellationException refused) {
                    assertThat(job).isCancelled();
                }
            }
        }
    }
}
