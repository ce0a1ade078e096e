package lox.sync.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.internal.time.Ticker;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs run when the test takes them out of their queue; time passes when it says so. */
@SuppressWarnings("FutureReturnValueIgnored") // what a job has done is seen elsewhere
class TimedExecutorTest {
    private final ManualTicker ticker = new ManualTicker();
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final TimedExecutor executor = new TimedExecutor(queue::add, ticker);
    private final List<String> ran = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Runnable job(String name) {
        return () -> ran.add(name);
    }

    /** Takes jobs out and runs them until there is none. */
    private void runAll() {
        for (Runnable job = queue.poll(); job != null; job = queue.poll()) {
            job.run();
        }
    }

    private void pass(long millis) {
        ticker.advance(Duration.ofMillis(millis));
        runAll();
    }

    // ---- once ------------------------------------------------------------------------------------------------------

    @Test
    void shouldCompareJobsByTimeAndThenByTheirOrder() {
        Ticker passing = new Ticker() { // time goes on between two looks
                    private long now = Long.MAX_VALUE - 5;

                    @Override
                    public long nanoTime() {
                        return now++;
                    }

                    @Override
                    public Future<?> after(Runnable action, long nanos) {
                        return ticker.after(action, nanos);
                    }
                };
        TimedExecutor real = new TimedExecutor(queue::add, passing);
        List<ScheduledFuture<?>> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(real.schedule(() -> {}, i % 3 * 100L, TimeUnit.NANOSECONDS));
        }
        for (ScheduledFuture<?> one : jobs) {
            for (ScheduledFuture<?> other : jobs) { // itself among them
                assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
                assertThat(one.compareTo(other) == 0).isEqualTo(one == other);
            }
        }
        assertThat(jobs.get(0).compareTo(jobs.get(2))).isNegative();
        assertThat(jobs.get(0).compareTo(jobs.get(3))).isNegative();
        assertThat(jobs.get(1).compareTo(jobs.get(18))).isPositive();
    }

    @Test
    void shouldHandJobsOnInTheOrderTheyCame() throws Exception {
        executor.execute(job("executed"));
        Future<String> submitted = executor.submit(() -> {
            ran.add("submitted");
            return "result";
        });
        Future<?> atOnce = executor.schedule(job("scheduled"), -5, TimeUnit.DAYS);
        assertThat(ran).isEmpty();

        pass(0);

        assertThat(ran).containsExactly("executed", "submitted", "scheduled");
        assertThat(submitted.get()).isEqualTo("result");
        assertThat(atOnce).isDone().isNotCancelled();
    }

    @Test
    void shouldRunAJobWhenItsTimeHasComeAndNotBefore() throws Exception {
        ScheduledFuture<String> late = executor.schedule((Callable<String>) () -> "late", 20, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> soon = executor.schedule(job("soon"), 10, TimeUnit.MILLISECONDS);

        pass(9);
        assertThat(soon.isDone()).isFalse();
        assertThat(soon.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(1);
        assertThat(soon.compareTo(late)).isNegative();
        pass(1);
        assertThat(ran).containsExactly("soon");
        pass(9);
        assertThat(late.isDone()).isFalse();
        pass(1);
        assertThat(late.get()).isEqualTo("late");
    }

    @Test
    void shouldTakeForEverForATime() {
        ScheduledFuture<?> never = executor.schedule(job("never"), Long.MAX_VALUE, TimeUnit.DAYS);

        pass(Duration.ofDays(10_000).toMillis());

        assertThat(never.isDone()).isFalse();
        assertThat(never.getDelay(TimeUnit.DAYS)).isGreaterThan(10_000);
    }

    @Test
    void shouldKeepAJobsFailureInItsFuture() {
        Future<?> failing = executor.schedule(
                () -> {
                    throw new IllegalStateException("planned");
                },
                1,
                TimeUnit.MILLISECONDS);

        pass(1);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failing::get)
                .havingCause()
                .withMessage("planned");
    }

    @Test
    void shouldReportTheFailureOfAJobThatHasNoFuture() throws Exception {
        AtomicReference<Throwable> reported = new AtomicReference<>();
        executor.execute(() -> {
            throw new IllegalStateException("planned");
        });
        executor.execute(job("next"));

        Thread thread = new Thread(this::runAll);
        thread.setUncaughtExceptionHandler((where, failure) -> reported.set(failure));
        thread.start();
        thread.join(Patience.LIMIT.toMillis());

        assertThat(reported.get()).hasMessage("planned");
        assertThat(ran).containsExactly("next");
    }

    // ---- again and again -------------------------------------------------------------------------------------------

    @Test
    void shouldKeepAFixedRateAndCatchUp() {
        executor.scheduleAtFixedRate(job("beat"), 5, 10, TimeUnit.MILLISECONDS);

        pass(4);
        assertThat(ran).isEmpty();
        pass(1);
        assertThat(ran).hasSize(1);
        ticker.advance(Duration.ofMillis(35)); // and no thread was free
        assertThat(ran).hasSize(1);
        pass(0);
        pass(0);
        pass(0);
        assertThat(ran).hasSize(4); // of 5, 15, 25 and 35
        pass(4);
        assertThat(ran).hasSize(4);
        pass(1);
        assertThat(ran).hasSize(5);
    }

    @Test
    void shouldKeepAFixedDelayBetweenEndAndBeginning() {
        executor.scheduleWithFixedDelay(
                () -> {
                    ran.add("slow");
                    ticker.advance(Duration.ofMillis(7));
                },
                0,
                10,
                TimeUnit.MILLISECONDS);

        pass(0);
        assertThat(ran).hasSize(1);
        pass(9);
        assertThat(ran).hasSize(1);
        pass(1);
        assertThat(ran).hasSize(2);
    }

    @Test
    void shouldEndARepeatingJobThatThrowsAndLetTheOthersGoOn() {
        Future<?> failing = executor.scheduleAtFixedRate(
                () -> {
                    ran.add("failing");
                    throw new IllegalStateException("planned");
                },
                1,
                1,
                TimeUnit.MILLISECONDS);
        Future<?> other = executor.scheduleAtFixedRate(job("other"), 1, 1, TimeUnit.MILLISECONDS);

        pass(1);
        pass(1);
        pass(1);

        assertThat(ran).containsExactly("failing", "other", "other", "other");
        assertThatThrownBy(failing::get).hasRootCauseMessage("planned");
        assertThat(other).isNotDone();
        executor.shutdown();
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void shouldLetARepeatingJobEndItself() {
        AtomicReference<ScheduledFuture<?>> self = new AtomicReference<>();
        AtomicInteger flagged = new AtomicInteger();
        self.set(executor.scheduleWithFixedDelay(
                () -> {
                    Objects.requireNonNull(self.get()).cancel(true);
                    flagged.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                    ran.add("once");
                },
                1,
                1,
                TimeUnit.MILLISECONDS));

        pass(1);
        pass(5);

        assertThat(ran).containsExactly("once");
        assertThat(flagged).hasValue(0);
        assertThat(ticker.waiting()).isZero();
    }

    @Test
    void shouldRefuseAPeriodThatIsNone() {
        for (long period : new long[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> executor.scheduleAtFixedRate(job("no"), 0, period, TimeUnit.SECONDS))
                    .withMessageContaining("period")
                    .withMessageContaining("" + period);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> executor.scheduleWithFixedDelay(job("no"), 0, period, TimeUnit.SECONDS))
                    .withMessageContaining("period");
        }
    }

    // ---- cancelling ------------------------------------------------------------------------------------------------

    @Test
    void shouldForgetAJobThatIsCancelledBeforeItsTime() {
        Future<?> once = executor.schedule(job("never"), 1, TimeUnit.MILLISECONDS);
        Future<?> again = executor.scheduleAtFixedRate(job("never"), 1, 1, TimeUnit.MILLISECONDS);

        assertThat(once.cancel(false)).isTrue();
        assertThat(again.cancel(true)).isTrue();
        assertThat(ticker.waiting()).isZero();
        pass(5);

        assertThat(ran).isEmpty();
        assertThatThrownBy(once::get).isInstanceOf(CancellationException.class);
        executor.shutdown();
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void shouldNotRunAJobThatIsCancelledInTheQueue() {
        Future<?> queued = executor.submit(job("never"));

        queued.cancel(false);
        executor.shutdown();
        assertThat(executor.isTerminated()).isFalse(); // it lies in the queue
        runAll();

        assertThat(ran).isEmpty();
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void shouldInterruptARunningJobIfAskedTo() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        TimedExecutor real = new TimedExecutor(threads, ticker);
        CountDownLatch ended = new CountDownLatch(1);
        Future<?> job = real.submit(() -> {
            try {
                running.countDown();
                assertThat(new CountDownLatch(1).await(Patience.SECONDS, TimeUnit.SECONDS))
                        .isTrue();
            } catch (Throwable caught) {
                thrown.set(caught);
            } finally {
                ended.countDown();
            }
        });

        assertThat(running.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(job.cancel(true)).isTrue();

        assertThat(ended.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    @Test
    void shouldRunWhatWasAcceptedButNothingAgainAfterShutdown() throws Exception {
        executor.execute(job("queued"));
        executor.schedule(job("delayed"), 10, TimeUnit.MILLISECONDS);
        Future<?> beat = executor.scheduleAtFixedRate(job("beat"), 5, 5, TimeUnit.MILLISECONDS);
        pass(5);

        executor.shutdown();

        assertThat(executor.isShutdown()).isTrue();
        assertThat(beat).isCancelled();
        for (Runnable refused : List.<Runnable>of(
                () -> executor.execute(job("no")),
                () -> executor.submit(job("no")),
                () -> executor.schedule(job("no"), 1, TimeUnit.DAYS),
                () -> executor.scheduleAtFixedRate(job("no"), 1, 1, TimeUnit.DAYS))) {
            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(refused::run);
        }
        assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isFalse();
        pass(5);
        assertThat(ran).containsExactly("queued", "beat", "delayed");
        assertThat(executor.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void shouldReturnWhatHasNotBegunAndInterruptTheRestAtShutdownNow() throws Exception {
        TimedExecutor real = new TimedExecutor(threads, ticker);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        real.execute(() -> {
            running.countDown();
            try {
                assertThat(new CountDownLatch(1).await(Patience.SECONDS, TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        Future<?> waiting = real.schedule(job("never"), 1, TimeUnit.DAYS);
        assertThat(running.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(real.shutdownNow()).hasSize(1).first().isSameAs(waiting);

        assertThat(interrupted.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(real.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(ticker.waiting()).isZero();
        assertThat(real.shutdownNow()).isEmpty();
    }

    /** A job that is cancelled gives its place to another one, which has to be cancelled as well. */
    @Test
    void shouldRunNothingInThePlaceOfWhatIsCancelledAtShutdownNow() {
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(executor.submit(() -> "ran", new JobObserver<String>() {
                @Override
                public void succeeded(String result) {
                    ran.add(result);
                }

                @Override
                public void failed(Throwable failure) {
                    ran.add("failed");
                }

                @Override
                public void cancelled(Throwable reason) {
                    runAll(); // as the place would that is free now
                }
            }));
        }
        List<Runnable> neverRun = executor.shutdownNow();

        assertThat(ran).isEmpty();
        assertThat(waiting).allSatisfy(job -> assertThat(job).isCancelled());
        assertThat(neverRun).hasSize(10);
        runAll();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(executor.size()).isZero();
    }

    // ---- refusal ---------------------------------------------------------------------------------------------------

    @Test
    void shouldPassARefusalOnAndCancelWhatIsRefusedLater() {
        TimedExecutor closed = new TimedExecutor(
                job -> {
                    throw new RejectedExecutionException("closed");
                },
                ticker);

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> closed.execute(job("no")))
                .withMessage("closed");
        Future<?> later = closed.schedule(job("no"), 1, TimeUnit.MILLISECONDS);
        Future<?> again = closed.scheduleAtFixedRate(job("no"), 1, 1, TimeUnit.MILLISECONDS);
        pass(1);

        assertThat(later).isCancelled();
        assertThat(again).isCancelled();
        closed.shutdown();
        assertThat(closed.isTerminated()).isTrue();
    }

    // ---- races -----------------------------------------------------------------------------------------------------

    /** Whatever meets what: each job runs once or is cancelled, and the executor ends. */
    @Tag("race")
    @Test
    void shouldLoseNoJobToCancelsAndTheEnd() throws Exception {
        for (int round = 0; round < 300; round++) {
            TimedExecutor raced = new TimedExecutor(threads);
            AtomicInteger runs = new AtomicInteger();
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger cancelled = new AtomicInteger();
            List<Future<?>> producers = new ArrayList<>();
            for (int producer = 0; producer < 3; producer++) {
                producers.add(threads.submit(() -> {
                    ThreadLocalRandom random = ThreadLocalRandom.current();
                    try {
                        for (int i = 0; i < 30; i++) {
                            long delay = random.nextInt(300);
                            AtomicBoolean over = new AtomicBoolean(); // a job that runs can be cancelled, too
                            Runnable task = () -> runs.addAndGet(over.compareAndSet(false, true) ? 1 : 0);
                            Future<?> job = delay < 100
                                    ? raced.submit(task)
                                    : raced.schedule(task, delay, TimeUnit.MICROSECONDS);
                            accepted.incrementAndGet();
                            if (random.nextInt(4) == 0 && job.cancel(false) && over.compareAndSet(false, true)) {
                                cancelled.incrementAndGet();
                            }
                        }
                    } catch (RejectedExecutionException ended) {
                        assertThat(raced.isShutdown()).isTrue();
                    }
                }));
            }
            Future<?> beat = raced.scheduleAtFixedRate(() -> {}, 1, 50, TimeUnit.MICROSECONDS);
            for (int spin = round * 37 % 5_000; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            raced.shutdown();
            for (Future<?> producer : producers) {
                producer.get(Patience.SECONDS, TimeUnit.SECONDS);
            }
            assertThat(raced.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS))
                    .as("round %d", round)
                    .isTrue();
            assertThat(runs.get() + cancelled.get()).as("round %d", round).isEqualTo(accepted.get());
            assertThat(beat).isDone();
        }
    }
}
