package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.exceptions.Exceptions;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.SchedulerRunnableIntrospection;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Workers;
import lox.sync.process.SerializationException;
import lox.sync.process.WorkerCrashedException;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What RxJava expects of any scheduler, and functions in child JVMs. */
class ProcessSchedulerTest {
    private static final long LIMIT = Patience.SECONDS;
    private final ProcessScheduler jvms = ProcessScheduler.create(2);
    private final List<Throwable> toldToThePlugins = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        RxJavaPlugins.setErrorHandler(toldToThePlugins::add);
    }

    @AfterEach
    void shutdown() {
        jvms.shutdown();
        RxJavaPlugins.reset();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    // ---- any scheduler ---------------------------------------------------------------------------------------------

    /** The two ways to schedule. */
    enum Way {
        DIRECT,
        WORKER;

        Disposable schedule(Scheduler scheduler, Runnable task, long delay, long period) {
            Scheduler.Worker worker = this == WORKER ? scheduler.createWorker() : null;
            if (period > 0) {
                return worker == null
                        ? scheduler.schedulePeriodicallyDirect(task, delay, period, TimeUnit.MILLISECONDS)
                        : worker.schedulePeriodically(task, delay, period, TimeUnit.MILLISECONDS);
            }
            if (delay > 0) {
                return worker == null
                        ? scheduler.scheduleDirect(task, delay, TimeUnit.MILLISECONDS)
                        : worker.schedule(task, delay, TimeUnit.MILLISECONDS);
            }
            return worker == null ? scheduler.scheduleDirect(task) : worker.schedule(task);
        }
    }

    private static void waitForInterrupt(CountDownLatch running, CountDownLatch interrupted) {
        running.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException expected) {
            interrupted.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldInterruptARunningTaskThatIsDisposedOf(Way way) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);

        Disposable task = way.schedule(jvms, () -> waitForInterrupt(running, interrupted), 0, 0);
        await(running);
        assertThat(task.isDisposed()).isFalse();
        task.dispose();
        task.dispose();

        await(interrupted);
        assertThat(task.isDisposed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepDelays(Way way) throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        long begun = System.nanoTime();
        way.schedule(jvms, ran::countDown, 30, 0);
        await(ran);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotRunADelayedTaskThatIsDisposedOf(Way way) throws InterruptedException {
        // Both threads are held: the task cannot run before it is disposed of, however late that is.
        CountDownLatch held = new CountDownLatch(2);
        CountDownLatch mayGo = new CountDownLatch(1);
        for (int thread = 0; thread < 2; thread++) {
            jvms.scheduleDirect(() -> {
                held.countDown();
                try {
                    await(mayGo);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        await(held);
        AtomicInteger runs = new AtomicInteger();
        way.schedule(jvms, runs::incrementAndGet, 20, 0).dispose();
        CountDownLatch later = new CountDownLatch(1);
        jvms.scheduleDirect(later::countDown, 60, TimeUnit.MILLISECONDS);
        mayGo.countDown();
        await(later);
        assertThat(runs).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunPeriodicTasksUntilDisposedOf(Way way) throws InterruptedException {
        CountDownLatch three = new CountDownLatch(3);
        AtomicInteger runs = new AtomicInteger();
        Disposable task = way.schedule(
                jvms,
                () -> {
                    runs.incrementAndGet();
                    three.countDown();
                },
                1,
                1);
        await(three);
        task.dispose();
        int atDisposal = runs.get();
        CountDownLatch later = new CountDownLatch(1);
        jvms.scheduleDirect(later::countDown, 50, TimeUnit.MILLISECONDS);
        await(later);
        assertThat(runs.get()).isBetween(3, atDisposal + 1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRejectWhatComesAfterItsEnd(Way way) {
        jvms.shutdown();
        jvms.shutdown();

        for (long[] times : new long[][] {{0, 0}, {10, 0}}) {
            assertThat(way.schedule(jvms, () -> {}, times[0], times[1]).isDisposed())
                    .isTrue();
        }
        assertThat(toldToThePlugins).hasSize(2).allMatch(e -> hasCause(e, RejectedExecutionException.class));
    }

    private static boolean hasCause(Throwable failure, Class<?> type) {
        return type.isInstance(failure) || (failure.getCause() != null && hasCause(failure.getCause(), type));
    }

    @Test
    void shouldTellWhatItWraps() {
        Runnable task = () -> {};
        List<Disposable> scheduled = List.of(
                jvms.scheduleDirect(task),
                jvms.scheduleDirect(task, 100, TimeUnit.MILLISECONDS),
                jvms.schedulePeriodicallyDirect(task, 100, 100, TimeUnit.MILLISECONDS),
                jvms.createWorker().schedule(task),
                jvms.createWorker().schedule(task, 100, TimeUnit.MILLISECONDS));
        for (Disposable disposable : scheduled) {
            assertThat(disposable).isInstanceOf(SchedulerRunnableIntrospection.class);
            assertThat(((SchedulerRunnableIntrospection) disposable).getWrappedRunnable())
                    .isSameAs(task);
            assertThat(disposable.toString()).isNotEmpty();
            disposable.dispose();
        }
    }

    /** Calls that are disposed of at any instant: while they wait, are sent, run, or have ended. */
    @Test
    void shouldTellThePluginsNothingOfItsOwnDisposals() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            Disposable call = jvms.call(n -> n + 1, i).subscribe(n -> {}, toldToThePlugins::add);
            long until = System.nanoTime() + i % 300 * 1_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            call.dispose();
        }
        for (Way way : Way.values()) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            Disposable task = way.schedule(
                    jvms,
                    () -> {
                        begun.countDown();
                        try {
                            jvms.remote(ProcessSchedulerTest::endless).apply(1);
                        } catch (Throwable killed) {
                            ended.countDown();
                            throw Exceptions.propagate(killed);
                        }
                    },
                    0,
                    0);
            await(begun);
            task.dispose();
            await(ended);
        }
        assertThat(jvms.call(n -> n + 1, 1).blockingGet()).isEqualTo(2);
        assertThat(toldToThePlugins).isEmpty();
    }

    @Test
    void shouldRefuseSilentlyWhatComesAfterAWorkersDisposal() throws InterruptedException {
        Scheduler.Worker worker = jvms.createWorker();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        worker.schedule(() -> waitForInterrupt(running, interrupted));
        List<Disposable> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(worker.schedule(() -> {}));
        }
        await(running);

        worker.dispose();

        await(interrupted);
        assertThat(worker.isDisposed()).isTrue();
        assertThat(waiting).allMatch(Disposable::isDisposed);
        assertThat(worker.schedule(() -> {}).isDisposed()).isTrue();
        CountDownLatch others = new CountDownLatch(1);
        jvms.createWorker().schedule(others::countDown);
        await(others);
        assertThat(toldToThePlugins).isEmpty();
    }

    @Test
    void shouldRunTheTasksOfAWorkerInOrderOneByOne() throws InterruptedException {
        int tasks = 20_000;
        Scheduler.Worker worker = jvms.createWorker();
        List<Integer> order = new ArrayList<>(); // not safe for use from many threads, nor has it to be
        CountDownLatch all = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            int number = i;
            worker.schedule(() -> {
                order.add(number);
                all.countDown();
            });
        }
        await(all);
        assertThat(order).isEqualTo(IntStream.range(0, tasks).boxed().toList());
    }

    @Test
    void shouldRunNestedTasksAfterTheOneThatSchedulesThem() throws InterruptedException {
        Scheduler.Worker worker = jvms.createWorker();
        List<String> order = new ArrayList<>();
        CountDownLatch last = new CountDownLatch(1);
        worker.schedule(() -> {
            order.add("outer begins");
            worker.schedule(() -> {
                order.add("inner");
                last.countDown();
            });
            order.add("outer ends");
        });
        await(last);
        assertThat(order).containsExactly("outer begins", "outer ends", "inner");
    }

    @Test
    void shouldNotInterruptATaskThatDisposesOfItsOwnWorker() throws InterruptedException {
        Scheduler.Worker worker = jvms.createWorker();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        CountDownLatch ran = new CountDownLatch(1);
        worker.schedule(() -> {
            worker.dispose();
            interrupted.set(Thread.currentThread().isInterrupted());
            ran.countDown();
        });
        await(ran);
        assertThat(interrupted).hasValue(false);
    }

    @Test
    void shouldShowTasksToThePluginsAndGoOnAfterAFailure() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        RxJavaPlugins.setScheduleHandler(task -> {
            seen.incrementAndGet();
            return task;
        });
        Scheduler.Worker worker = jvms.createWorker();
        CountDownLatch ran = new CountDownLatch(1);
        worker.schedule(() -> {
            throw new IllegalStateException("of a task, on purpose");
        });
        worker.schedule(ran::countDown);
        await(ran);

        assertThat(seen).hasValue(2);
        assertThat(toldToThePlugins)
                .singleElement()
                .satisfies(e ->
                        assertThat(hasCause(e, IllegalStateException.class)).isTrue());
    }

    @Test
    void shouldNeverRunMoreAtOnceThanThereAreWorkers() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> all = Flowable.range(0, 400)
                .parallel(8)
                .runOn(jvms)
                .map(i -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(1_000);
                    now.decrementAndGet();
                    return i;
                })
                .sequential()
                .sorted()
                .toList()
                .timeout(LIMIT, TimeUnit.SECONDS)
                .blockingGet();
        assertThat(all).isEqualTo(IntStream.range(0, 400).boxed().toList());
        assertThat(most).hasValueBetween(1, 2);
        assertThatThrownBy(() -> ProcessScheduler.on(Workers.threads(2).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be processes");
    }

    // ---- functions in child JVMs -----------------------------------------------------------------------------------

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static <T> T get(Single<T> single) {
        return single.timeout(LIMIT, TimeUnit.SECONDS).blockingGet();
    }

    private static Throwable failure(Single<?> single) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        single.timeout(LIMIT, TimeUnit.SECONDS)
                .doOnError(thrown::set)
                .ignoreElement()
                .onErrorComplete()
                .blockingAwait();
        return Objects.requireNonNull(thrown.get(), "it has not failed");
    }

    @Test
    void shouldRunFunctionsInAsManyChildrenAsThereAreWorkers() {
        List<Long> processes = get(Flowable.range(0, 200)
                .parallel(2)
                .runOn(jvms)
                .map(jvms.remote(i -> pid()))
                .sequential()
                .distinct()
                .toList());

        assertThat(processes).hasSizeBetween(1, 2).doesNotContain(pid());
    }

    @Test
    void shouldBringTheResultsInThePipelinesOrder() {
        assertThat(get(Flowable.range(0, 100)
                        .observeOn(jvms)
                        .map(jvms.remote(i -> i * i))
                        .toList()))
                .isEqualTo(IntStream.range(0, 100).mapToObj(i -> i * i).toList());
    }

    /** An error that cannot be told in words. */
    @SuppressWarnings("OverrideThrowableToString") // it is toString() that misbehaves
    static final class Wordless extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new AssertionError("no words");
        }
    }

    private static int failing(String how) throws IOException {
        if (how.equals("checked")) {
            throw new IOException("no file");
        }
        if (how.equals("error")) {
            throw new StackOverflowError("deep");
        }
        if (how.equals("wordless")) {
            throw new Wordless();
        }
        if (how.equals("crash")) {
            Runtime.getRuntime().halt(9);
        }
        return how.length();
    }

    @Test
    @SuppressWarnings("NullAway") // a function that returns null on purpose
    void shouldPassFailuresOn() {
        assertThat(failure(jvms.call(ProcessSchedulerTest::failing, "checked")))
                .isInstanceOf(IOException.class)
                .hasMessage("no file");
        assertThat(failure(jvms.call(ProcessSchedulerTest::failing, "error"))).isInstanceOf(StackOverflowError.class);
        assertThat(failure(jvms.call(ProcessSchedulerTest::failing, "crash")))
                .isInstanceOf(WorkerCrashedException.class);
        assertThat(failure(jvms.call(i -> (Integer) null, 1))).isInstanceOf(NullPointerException.class);
        Object local = new Object();
        assertThat(failure(jvms.call(i -> local.hashCode(), 1)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("java.lang.Object");
        assertThat(failure(Single.just("error").observeOn(jvms).map(jvms.remote(ProcessSchedulerTest::failing))))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        Throwable wordless =
                failure(Single.just("wordless").observeOn(jvms).map(jvms.remote(ProcessSchedulerTest::failing)));
        assertThat(Objects.requireNonNull(wordless.getCause()).getClass()).isEqualTo(Wordless.class);
        assertThat(failure(Single.just("checked").observeOn(jvms).map(jvms.remote(ProcessSchedulerTest::failing))))
                .isInstanceOf(IOException.class);
        assertThat(get(jvms.call(ProcessSchedulerTest::failing, "fine"))).isEqualTo(4);
        assertThat(toldToThePlugins).isEmpty();
    }

    private static int endless(int i) {
        while (i > 0) {
            Thread.onSpinWait();
        }
        return i;
    }

    @Test
    void shouldKillAnEndlessLoopThatIsDisposedOf() {
        assertThat(failure(jvms.call(ProcessSchedulerTest::endless, 1).timeout(2, TimeUnit.SECONDS)))
                .isInstanceOf(TimeoutException.class);
        assertThat(failure(jvms.call(ProcessSchedulerTest::endless, 1).timeout(2, TimeUnit.SECONDS)))
                .isInstanceOf(TimeoutException.class);

        assertThat(get(jvms.call(ProcessSchedulerTest::endless, 0))).isZero();
        assertThat(toldToThePlugins).isEmpty();
    }

    @Test
    void shouldWorkOnAnyThreadThatMayBlock() throws Throwable {
        assertThat(jvms.remote((Integer i) -> i + 1).apply(1)).isEqualTo(2);

        assertThat(failure(Single.just(1).observeOn(Schedulers.computation()).map(jvms.remote(i -> i + 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("on the scheduler's own threads");
    }

    @Test
    void shouldRunAllInTheCallersThreadWithoutWorkers() {
        Single<Long> here = ProcessScheduler.create(0).call(i -> pid(), 1);
        assertThat(get(here)).isEqualTo(pid());
    }
}
