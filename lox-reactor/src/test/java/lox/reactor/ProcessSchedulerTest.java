package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What Reactor expects of any scheduler, and functions in child JVMs. */
class ProcessSchedulerTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private final ProcessScheduler jvms = ProcessScheduler.create(2);

    @AfterEach
    void dispose() {
        jvms.dispose();
        Schedulers.resetOnScheduleHook("lox-test");
        Schedulers.resetOnHandleError();
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
                        ? scheduler.schedulePeriodically(task, delay, period, TimeUnit.MILLISECONDS)
                        : worker.schedulePeriodically(task, delay, period, TimeUnit.MILLISECONDS);
            }
            if (delay > 0) {
                return worker == null
                        ? scheduler.schedule(task, delay, TimeUnit.MILLISECONDS)
                        : worker.schedule(task, delay, TimeUnit.MILLISECONDS);
            }
            return worker == null ? scheduler.schedule(task) : worker.schedule(task);
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
    void shouldKeepDelays(Way way) throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        long begun = System.nanoTime();
        way.schedule(jvms, ran::countDown, 30, 0);
        await(ran);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
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
        CountDownLatch later = new CountDownLatch(1);
        jvms.schedule(later::countDown, 50, TimeUnit.MILLISECONDS);
        int atDisposal = runs.get();
        await(later);
        assertThat(runs.get()).isBetween(3, atDisposal + 1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRejectWhatComesAfterItsDisposal(Way way) {
        assertThat(jvms.isDisposed()).isFalse();
        jvms.dispose();
        jvms.dispose();
        assertThat(jvms.isDisposed()).isTrue();

        for (long[] times : new long[][] {{0, 0}, {10, 0}, {10, 10}}) {
            assertThatThrownBy(() -> way.schedule(jvms, () -> {}, times[0], times[1]))
                    .isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void shouldRejectWhatComesAfterAWorkersDisposal() throws InterruptedException {
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
        assertThatThrownBy(() -> worker.schedule(() -> {})).isInstanceOf(RejectedExecutionException.class);
        CountDownLatch others = new CountDownLatch(1);
        jvms.createWorker().schedule(others::countDown);
        await(others);
    }

    @Test
    void shouldInterruptAllItsWorkersWhenDisposedOf() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        jvms.createWorker().schedule(() -> waitForInterrupt(running, interrupted));
        jvms.schedule(() -> waitForInterrupt(running, interrupted));
        await(running);

        jvms.dispose();

        await(interrupted);
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
    void shouldNeverRunMoreAtOnceThanThereAreWorkers() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Scatter<Integer, Integer> beside;
        try (Workers shared = Workers.processes(2).build()) {
            ProcessScheduler scheduler = ProcessScheduler.on(shared);
            List<Integer> all = Flux.range(0, 400)
                    .parallel(8)
                    .runOn(scheduler)
                    .map(i -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        LockSupport.parkNanos(1_000);
                        now.decrementAndGet();
                        return i;
                    })
                    .sequential()
                    .collectSortedList()
                    .block(LIMIT);
            assertThat(all).isEqualTo(IntStream.range(0, 400).boxed().toList());
            beside = Lox.on(shared, i -> i + 1);
            assertThat(beside.submit(1).block(LIMIT)).isEqualTo(2);
            scheduler.dispose();
            assertThat(beside.submit(2).block(LIMIT)).isEqualTo(3);
        }
        assertThat(most).hasValueBetween(1, 2);
    }

    @Test
    void shouldShowTasksToTheHooksAndTheirFailuresToo() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        Schedulers.onScheduleHook("lox-test", task -> {
            seen.incrementAndGet();
            return task;
        });
        Schedulers.onHandleError((thread, failure) -> failed.countDown());

        jvms.schedule(() -> {
            throw new IllegalStateException("of a task, on purpose");
        });
        await(failed);
        CountDownLatch ran = new CountDownLatch(1);
        jvms.createWorker().schedule(ran::countDown);
        await(ran);
        assertThat(seen).hasValue(2);
    }

    @Test
    void shouldNotBeStartedAgain() {
        jvms.init();
        jvms.init();
        jvms.dispose();

        assertThatThrownBy(jvms::init).isInstanceOf(IllegalStateException.class);
        assertThat(jvms.isDisposed()).isTrue();
    }

    @Test
    void shouldTellHowMuchThereIsToDo() throws InterruptedException {
        Scheduler.Worker worker = jvms.createWorker();
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        worker.schedule(() -> waitForInterrupt(running, interrupted));
        jvms.schedule(() -> waitForInterrupt(running, interrupted));
        await(running);
        worker.schedule(() -> {});

        Scannable ofWorker = Scannable.from(worker);
        assertThat(ofWorker.isScanAvailable()).isTrue();
        assertThat(ofWorker.scan(Scannable.Attr.PARENT)).isInstanceOf(Scheduler.class);
        assertThat(ofWorker.scan(Scannable.Attr.NAME)).isEqualTo(jvms + ".worker");
        assertThat(ofWorker.scan(Scannable.Attr.BUFFERED)).isEqualTo(2);
        assertThat(ofWorker.scan(Scannable.Attr.CAPACITY)).isEqualTo(1);
        assertThat(ofWorker.scan(Scannable.Attr.TERMINATED)).isFalse();
        assertThat(ofWorker.scan(Scannable.Attr.CANCELLED)).isFalse();
        assertThat(jvms.scan(Scannable.Attr.NAME)).isEqualTo(jvms.toString());
        assertThat(jvms.scan(Scannable.Attr.BUFFERED)).isEqualTo(3);
        assertThat(jvms.scan(Scannable.Attr.LARGE_BUFFERED)).isEqualTo(3L);
        assertThat(jvms.scan(Scannable.Attr.CAPACITY)).isEqualTo(2);
        assertThat(jvms.scan(Scannable.Attr.TERMINATED)).isFalse();

        worker.dispose();
        assertThat(ofWorker.scan(Scannable.Attr.TERMINATED)).isTrue();
        assertThat(ofWorker.scan(Scannable.Attr.CANCELLED)).isTrue();
        assertThat(ofWorker.scan(Scannable.Attr.BUFFERED)).isZero();
        jvms.dispose();
        assertThat(jvms.scan(Scannable.Attr.TERMINATED)).isTrue();
        assertThat(jvms.scan(Scannable.Attr.CANCELLED)).isTrue();
    }

    // ---- a graceful end --------------------------------------------------------------------------------------------

    /** Waits, deaf to interrupts. */
    private static void hold(CountDownLatch running, CountDownLatch mayEnd) {
        running.countDown();
        while (mayEnd.getCount() > 0) {
            LockSupport.parkNanos(100_000);
            Thread.interrupted();
        }
    }

    @Test
    void shouldWaitForWhatRunsAndWhatWaitsWhenDisposedOfGracefully() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        Scheduler.Worker worker = jvms.createWorker();
        worker.schedule(() -> hold(running, mayEnd));
        jvms.schedule(() -> hold(running, mayEnd));
        await(running);
        worker.schedule(ended::incrementAndGet);
        jvms.schedule(ended::incrementAndGet);
        jvms.schedule(ended::incrementAndGet, 1, TimeUnit.MILLISECONDS);
        AtomicReference<Object> called = new AtomicReference<>();
        jvms.call(i -> i + 1, 1).subscribe(called::set, called::set);
        Mono<Void> first = jvms.disposeGracefully();
        Mono<Void> second = jvms.disposeGracefully();
        assertThat(jvms.isDisposed()).as("before anybody subscribes").isFalse();

        StepVerifier.create(first).expectTimeout(Duration.ofMillis(50)).verify();
        StepVerifier.create(second).expectTimeout(Duration.ofMillis(50)).verify();

        assertThat(jvms.isDisposed()).isTrue();
        assertThatThrownBy(() -> jvms.schedule(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> worker.schedule(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(ended).hasValue(0);
        mayEnd.countDown();
        StepVerifier.create(first).expectComplete().verify(LIMIT);
        StepVerifier.create(second).expectComplete().verify(LIMIT);
        assertThat(ended).hasValue(3);
        assertThat(called).hasValue(2);
        assertThatThrownBy(jvms::init).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldEndWhatAGracefulDisposalWaitsFor() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        jvms.createWorker().schedule(() -> waitForInterrupt(running, interrupted));
        await(running);
        AtomicInteger periods = new AtomicInteger();
        jvms.schedulePeriodically(periods::incrementAndGet, 1, 1, TimeUnit.HOURS);

        StepVerifier.create(jvms.disposeGracefully().timeout(Duration.ofMillis(50)))
                .expectError(TimeoutException.class)
                .verify(LIMIT);
        assertThat(interrupted.getCount()).isEqualTo(1);
        jvms.dispose();

        await(interrupted);
        StepVerifier.create(jvms.disposeGracefully()).expectComplete().verify(LIMIT);
    }

    @Test
    void shouldTellOfItself() {
        assertThat(jvms.toString()).startsWith("ProcessScheduler[lox-processes-");
        assertThatThrownBy(() -> ProcessScheduler.on(Workers.threads(2).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be processes");
    }

    // ---- functions in child JVMs -----------------------------------------------------------------------------------

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    @Test
    void shouldRunFunctionsInAsManyChildrenAsThereAreWorkers() {
        List<Long> processes = Flux.range(0, 200)
                .parallel(2)
                .runOn(jvms)
                .map(jvms.remote(i -> pid()))
                .sequential()
                .distinct()
                .collectList()
                .block(LIMIT);

        assertThat(processes).hasSizeBetween(1, 2).doesNotContain(pid());
    }

    @Test
    void shouldBringTheResultsInThePipelinesOrder() {
        StepVerifier.create(Flux.range(0, 100).publishOn(jvms).map(jvms.remote(i -> i * i)))
                .expectNextSequence(IntStream.range(0, 100).mapToObj(i -> i * i).toList())
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldCallOneFunction() {
        StepVerifier.create(Mono.zip(jvms.call(i -> i + 1, 5), jvms.call(String::length, "four")))
                .assertNext(both -> {
                    assertThat(both.getT1()).isEqualTo(6);
                    assertThat(both.getT2()).isEqualTo(4);
                })
                .expectComplete()
                .verify(LIMIT);
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
        StepVerifier.create(jvms.call(ProcessSchedulerTest::failing, "checked"))
                .expectErrorSatisfies(
                        e -> assertThat(e).isInstanceOf(IOException.class).hasMessage("no file"))
                .verify(LIMIT);
        StepVerifier.create(jvms.call(ProcessSchedulerTest::failing, "error"))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StackOverflowError.class))
                .verify(LIMIT);
        StepVerifier.create(jvms.call(ProcessSchedulerTest::failing, "crash"))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(WorkerCrashedException.class))
                .verify(LIMIT);
        StepVerifier.create(jvms.call(i -> (Integer) null, 1))
                .expectError(NullPointerException.class)
                .verify(LIMIT);
        Object local = new Object();
        StepVerifier.create(jvms.call(i -> local.hashCode(), 1))
                .expectErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(SerializationException.class)
                        .hasMessageContaining("java.lang.Object"))
                .verify(LIMIT);
        StepVerifier.create(Flux.just("error").publishOn(jvms).map(jvms.remote(ProcessSchedulerTest::failing)))
                .expectErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(StackOverflowError.class))
                .verify(LIMIT);
        StepVerifier.create(Flux.just("wordless").publishOn(jvms).map(jvms.remote(ProcessSchedulerTest::failing)))
                .expectErrorSatisfies(e -> assertThat(e.getCause().getClass()).isEqualTo(Wordless.class))
                .verify(LIMIT);
        StepVerifier.create(Flux.just("checked").publishOn(jvms).map(jvms.remote(ProcessSchedulerTest::failing)))
                .expectError(IOException.class)
                .verify(LIMIT);
        assertThat(jvms.call(ProcessSchedulerTest::failing, "fine").block(LIMIT))
                .isEqualTo(4);
    }

    @Test
    void shouldCostACrashOneElement() {
        List<String> words = List.of("a", "bb", "crash", "dddd", "eeeee");

        List<Integer> lengths = Flux.fromIterable(words)
                .parallel(2)
                .runOn(jvms)
                .flatMap(word -> Mono.just(word)
                        .map(jvms.remote(ProcessSchedulerTest::failing))
                        .onErrorReturn(WorkerCrashedException.class, -1))
                .sequential()
                .collectSortedList()
                .block(LIMIT);

        assertThat(lengths).containsExactly(-1, 1, 2, 4, 5);
    }

    private static int endless(int i) {
        while (i > 0) {
            Thread.onSpinWait();
        }
        return i;
    }

    @Test
    void shouldKillAnEndlessLoopThatIsCancelled() {
        StepVerifier.create(jvms.call(ProcessSchedulerTest::endless, 1).timeout(Duration.ofSeconds(2)))
                .expectError(TimeoutException.class)
                .verify(LIMIT);
        StepVerifier.create(Flux.just(1, 2)
                        .parallel(2)
                        .runOn(jvms)
                        .map(jvms.remote(ProcessSchedulerTest::endless))
                        .sequential()
                        .timeout(Duration.ofSeconds(2)))
                .expectError(TimeoutException.class)
                .verify(LIMIT);

        assertThat(jvms.call(ProcessSchedulerTest::endless, 0).block(LIMIT)).isZero();
    }

    @Test
    void shouldWorkOnAnyThreadThatMayBlock() {
        assertThat(jvms.remote((Integer i) -> i + 1).apply(1)).isEqualTo(2);

        StepVerifier.create(Mono.just(1).publishOn(Schedulers.parallel()).map(jvms.remote(i -> i + 1)))
                .expectErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("on the scheduler's own threads"))
                .verify(LIMIT);
    }

    @Test
    void shouldRunAllInTheCallersThreadWithoutWorkers() {
        ProcessScheduler none = ProcessScheduler.create(0);

        assertThat(none.call(i -> pid(), 1).block(LIMIT)).isEqualTo(pid());
    }
}
