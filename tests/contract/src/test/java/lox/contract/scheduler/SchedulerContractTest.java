package lox.contract.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.contract.scheduler.SubjectScheduler.Handle;
import lox.contract.scheduler.SubjectScheduler.Target;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the schedulers' own suites of both libraries expect of a scheduler, of every scheduler that lox gives them. */
class SchedulerContractTest {
    private static final long ONCE = SubjectScheduler.ONCE;

    private @Nullable SubjectScheduler made;

    private SubjectScheduler make(Subject subject, int workers) {
        SubjectScheduler scheduler = subject.over(workers);
        made = scheduler;
        return scheduler;
    }

    @AfterEach
    void end() {
        if (made != null) {
            made.workers().close();
            made.reset();
        }
    }

    /** Each scheduler, directly and by a worker. */
    static Stream<Arguments> ways() {
        return Stream.of(Subject.values())
                .flatMap(subject -> Stream.of(Arguments.of(subject, false), Arguments.of(subject, true)));
    }

    private static Target target(SubjectScheduler scheduler, boolean byWorker) {
        return byWorker ? scheduler.newWorker() : scheduler.direct();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** A task that waits until it is interrupted. */
    private static final class Sleeper implements Runnable {
        final CountDownLatch running = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);

        @Override
        public void run() {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
        }
    }

    // ---- one task --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("ways")
    void shouldRunATaskOnceSeenByTheHookAndBeDisposedAtItsEnd(Subject subject, boolean byWorker)
            throws InterruptedException {
        SubjectScheduler scheduler = make(subject, 2);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Handle task = target(scheduler, byWorker).schedule(() -> {
            runs.incrementAndGet();
            try {
                await(mayEnd);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(task.isDisposed()).isFalse();
        mayEnd.countDown();
        Patience.until("the task is disposed of", task::isDisposed);
        assertThat(runs).hasValue(1);
        assertThat(scheduler.seen()).isEqualTo(1);
        assertThat(scheduler.told()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldInterruptARunningTaskThatIsDisposedOf(Subject subject, boolean byWorker) throws InterruptedException {
        Sleeper sleeper = new Sleeper();
        Handle task = target(make(subject, 2), byWorker).schedule(sleeper);
        await(sleeper.running);
        assertThat(task.isDisposed()).isFalse();
        task.dispose();
        task.dispose();
        await(sleeper.interrupted);
        assertThat(task.isDisposed()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNeverRunATaskThatWasDisposedOfBefore(Subject subject, boolean byWorker) throws InterruptedException {
        Target target = target(make(subject, 1), byWorker);
        Sleeper sleeper = new Sleeper();
        Handle first = target.schedule(sleeper);
        await(sleeper.running);
        AtomicInteger runs = new AtomicInteger();
        target.schedule(runs::incrementAndGet).dispose();
        target.schedule(runs::incrementAndGet, 1, ONCE).dispose();
        target.schedule(runs::incrementAndGet, 1, 1).dispose();
        CountDownLatch last = new CountDownLatch(1);
        target.schedule(last::countDown, 50, ONCE);
        first.dispose();
        await(last);
        assertThat(runs).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("ways")
    @SuppressWarnings("NullAway") // no task, on purpose
    void shouldRefuseNoTask(Subject subject, boolean byWorker) {
        Target target = target(make(subject, 1), byWorker);
        assertThatThrownBy(() -> target.schedule(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> target.schedule(null, 10, ONCE)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> target.schedule(null, 10, 10)).isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldGoOnAfterATaskThatThrowsAndTellTheHookOnce(Subject subject, boolean byWorker)
            throws InterruptedException {
        SubjectScheduler scheduler = make(subject, 1);
        Target target = target(scheduler, byWorker);
        for (Throwable failure :
                List.of(new IllegalStateException("on purpose"), new StackOverflowError("on purpose"))) {
            CountDownLatch ran = new CountDownLatch(1);
            target.schedule(() -> SchedulerContractTest.<RuntimeException>sneak(failure));
            target.schedule(ran::countDown);
            await(ran);
        }
        assertThat(scheduler.told()).hasSize(2);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("ways")
    void shouldKeepDelays(Subject subject, boolean byWorker) throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        long begun = System.nanoTime();
        target(make(subject, 1), byWorker).schedule(ran::countDown, 30, ONCE);
        await(ran);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldRepeatUntilDisposedOfAlsoWithoutAPause(Subject subject, boolean byWorker) throws InterruptedException {
        Target target = target(make(subject, 2), byWorker);
        for (long period : new long[] {1, 0}) {
            for (long delay : new long[] {0, 2}) {
                CountDownLatch ten = new CountDownLatch(10);
                AtomicInteger atOnce = new AtomicInteger();
                AtomicBoolean overlapped = new AtomicBoolean();
                Handle task = target.schedule(
                        () -> {
                            if (atOnce.incrementAndGet() > 1) {
                                overlapped.set(true);
                            }
                            ten.countDown();
                            atOnce.decrementAndGet();
                        },
                        delay,
                        period);
                await(ten);
                task.dispose();
                assertThat(task.isDisposed()).isTrue();
                assertThat(overlapped).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldOrderDelayedTasksOfAWorkerByTheirTime(Subject subject) throws InterruptedException {
        Target worker = make(subject, 2).newWorker();
        List<String> order = new ArrayList<>(); // not safe for use from many threads, nor has it to be
        CountDownLatch all = new CountDownLatch(3);
        worker.schedule(() -> {
            worker.schedule(() -> put(order, "first", all));
            worker.schedule(() -> put(order, "fourth", all), 3_600_000, ONCE); // this thread may be suspended here
            worker.schedule(() -> put(order, "third", all), 20, ONCE);
            worker.schedule(() -> put(order, "second", all));
        });
        await(all);
        assertThat(order).containsExactly("first", "second", "third");
    }

    private static void put(List<String> order, String name, CountDownLatch all) {
        order.add(name);
        all.countDown();
    }

    // ---- workers ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void shouldRunTheTasksOfAWorkerInOrderOneByOne(Subject subject) throws InterruptedException {
        int tasks = 20_000;
        Target worker = make(subject, 2).newWorker();
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

    @ParameterizedTest
    @EnumSource
    void shouldRunNestedTasksOfAWorkerAfterTheOneThatSchedulesThem(Subject subject) throws InterruptedException {
        Target worker = make(subject, 2).newWorker();
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

    @ParameterizedTest
    @EnumSource
    void shouldLetAWorkersTaskScheduleItselfAHundredThousandTimes(Subject subject) throws InterruptedException {
        Target worker = make(subject, 2).newWorker();
        CountDownLatch all = new CountDownLatch(100_000);
        worker.schedule(new Runnable() {
            @Override
            public void run() {
                all.countDown();
                if (all.getCount() > 0) {
                    worker.schedule(this);
                }
            }
        });
        await(all);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndOneWorkerAndLeaveTheOthers(Subject subject) throws InterruptedException {
        SubjectScheduler scheduler = make(subject, 2);
        Target worker = scheduler.newWorker();
        Sleeper sleeper = new Sleeper();
        worker.schedule(sleeper);
        await(sleeper.running);
        List<Handle> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(worker.schedule(() -> {}));
        }
        assertThat(worker.isDisposed()).isFalse();
        worker.dispose();
        worker.dispose();
        await(sleeper.interrupted);
        assertThat(worker.isDisposed()).isTrue();
        assertThat(waiting).allMatch(Handle::isDisposed);
        assertRefuses(worker);
        CountDownLatch others = new CountDownLatch(2);
        scheduler.newWorker().schedule(others::countDown);
        scheduler.direct().schedule(others::countDown);
        await(others);
        assertThat(scheduler.told()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotInterruptATaskThatDisposesOfItsOwnWorker(Subject subject) throws InterruptedException {
        Target worker = make(subject, 1).newWorker();
        AtomicBoolean interrupted = new AtomicBoolean(true);
        CountDownLatch ran = new CountDownLatch(1);
        worker.schedule(() -> {
            worker.dispose();
            interrupted.set(Thread.currentThread().isInterrupted());
            ran.countDown();
        });
        await(ran);
        assertThat(interrupted).isFalse();
    }

    /** Tasks that schedule themselves while their worker is disposed of, or all workers with their scheduler. */
    @ParameterizedTest
    @MethodSource("ways")
    void shouldTellNobodyOfWhatItsOwnDisposalRefuses(Subject subject, boolean ofAll) throws InterruptedException {
        SubjectScheduler scheduler = make(subject, 2);
        for (int i = 0; i < (ofAll ? 100 : 3_000); i++) {
            Target worker = scheduler.newWorker();
            CountDownLatch running = new CountDownLatch(1);
            worker.schedule(new Runnable() {
                @Override
                public void run() {
                    running.countDown();
                    try {
                        worker.schedule(this);
                    } catch (RejectedExecutionException disposed) {
                        return; // as Reactor tells it
                    }
                }
            });
            await(running);
            if (ofAll) {
                scheduler.direct().dispose();
                assertThat(scheduler.told()).isEmpty();
                scheduler = subject.on(scheduler.workers());
                made = scheduler;
            } else {
                worker.dispose();
            }
            assertThat(scheduler.told()).isEmpty();
        }
    }

    // ---- places ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void shouldNeverRunMoreAtOnceThanThereAreWorkers(Subject subject) throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> all = make(subject, 2)
                .pipeline(300, () -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(1_000);
                    return now.decrementAndGet();
                })
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(all).hasSize(300);
        assertThat(most).hasValueBetween(1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunInTheCallersThreadWithoutWorkers(Subject subject) throws InterruptedException {
        SubjectScheduler scheduler = make(subject, 0);
        for (Target target : List.of(scheduler.direct(), scheduler.newWorker())) {
            List<Thread> threads = new ArrayList<>();
            target.schedule(() -> threads.add(Thread.currentThread()));
            assertThat(threads).containsExactly(Thread.currentThread());

            // what waits for its time must not hold up the clock
            Sleeper sleeper = new Sleeper();
            Handle delayed = target.schedule(sleeper, 1, ONCE);
            await(sleeper.running);
            CountDownLatch ran = new CountDownLatch(1);
            scheduler.newWorker().schedule(ran::countDown, 1, ONCE);
            await(ran);
            delayed.dispose();
            await(sleeper.interrupted);
        }
        scheduler.workers().close();
        assertRefuses(scheduler.direct());
        assertRefuses(scheduler.newWorker());
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    private static void assertRefuses(Target target) {
        AtomicInteger runs = new AtomicInteger();
        for (long[] times : new long[][] {{0, ONCE}, {10, ONCE}, {10, 10}, {0, 0}}) {
            assertThatThrownBy(() -> target.schedule(runs::incrementAndGet, times[0], times[1]))
                    .isInstanceOf(RejectedExecutionException.class);
        }
        assertThat(runs).hasValue(0);
    }

    /** The two ends of a scheduler. */
    private static void end(SubjectScheduler scheduler, boolean byWorkers) {
        if (byWorkers) {
            scheduler.workers().close();
            scheduler.workers().close();
        } else {
            scheduler.direct().dispose();
            scheduler.direct().dispose();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldInterruptDropAndRefuseWhenDisposedOfOrItsWorkersClosed(Subject subject, boolean byWorkers)
            throws InterruptedException {
        SubjectScheduler scheduler = make(subject, 2);
        Target worker = scheduler.newWorker();
        List<Sleeper> sleepers = List.of(new Sleeper(), new Sleeper());
        worker.schedule(sleepers.get(0));
        scheduler.direct().schedule(sleepers.get(1));
        for (Sleeper sleeper : sleepers) {
            await(sleeper.running);
        }
        AtomicInteger runs = new AtomicInteger();
        List<Handle> waiting = List.of(
                worker.schedule(runs::incrementAndGet),
                worker.schedule(runs::incrementAndGet, 1, 1),
                scheduler.direct().schedule(runs::incrementAndGet),
                scheduler.direct().schedule(runs::incrementAndGet, 1, ONCE));

        end(scheduler, byWorkers);

        for (Sleeper sleeper : sleepers) {
            await(sleeper.interrupted);
        }
        assertRefuses(scheduler.direct());
        assertRefuses(worker);
        assertRefuses(scheduler.newWorker());
        for (Handle handle : waiting) {
            if (!handle.isDisposed()) {
                handle.dispose(); // RxJava's own periodic tasks do not know that they will not run
            }
        }
        assertThat(runs).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveItsWorkersAloneWhenDisposedOf(Subject subject) throws InterruptedException {
        SubjectScheduler scheduler = make(subject, 1);
        scheduler.direct().dispose();
        lox.sync.Scatter<Integer, Integer> beside = lox.sync.Lox.on(scheduler.workers(), i -> i + 1);
        beside.scatter(1);
        beside.scatter(2);
        assertThat(beside.gather()).containsExactly(2, 3);
    }

    private static int endless(int i) throws InterruptedException {
        while (i > 0) {
            Thread.onSpinWait();
        }
        return i;
    }

    @ParameterizedTest
    @MethodSource("processes")
    void shouldEndCallsThatRunAndThatWaitWithAnError(Subject subject, boolean byWorkers, @TempDir Path directory)
            throws Exception {
        SubjectScheduler scheduler = make(subject, 1);
        assertThat(scheduler.call(i -> i + 1, 1).get(Patience.SECONDS, TimeUnit.SECONDS))
                .isEqualTo(2);
        String begun = directory.resolve("begun").toString();
        var running = scheduler.call(
                i -> {
                    Files.createFile(Path.of(begun));
                    return endless(i);
                },
                1);
        Patience.until("the first call runs", () -> Files.exists(Path.of(begun)));
        var waiting = scheduler.call(SchedulerContractTest::endless, 1);

        end(scheduler, byWorkers);

        assertThatThrownBy(() -> waiting.get(Patience.SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> running.get(Patience.SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(java.util.concurrent.CancellationException.class);
        assertThatThrownBy(() -> scheduler.call(i -> i + 1, 1).get(Patience.SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(scheduler.told()).isEmpty();
    }

    /** Whatever call meets the end: it has its result, or is refused, or cancelled. Nobody else is told of it. */
    @ParameterizedTest
    @MethodSource("processes")
    void shouldEndEveryCallThatMeetsTheEnd(Subject subject, boolean byWorkers) throws Exception {
        int callers = 3;
        int most = 400; // of each caller at once
        SubjectScheduler scheduler = make(subject, 1);
        CountDownLatch underWay = new CountDownLatch(callers);
        AtomicBoolean ended = new AtomicBoolean();
        List<CompletableFuture<List<CompletableFuture<Integer>>>> calling = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            boolean waits = caller == 0; // so that the end meets a call that runs as well as calls that wait
            calling.add(CompletableFuture.supplyAsync(
                    () -> {
                        List<CompletableFuture<Integer>> calls = new ArrayList<>();
                        boolean last = false;
                        for (int i = 0; !last; i++) {
                            last = ended.get(); // the last call comes after the end
                            CompletableFuture<Integer> call = scheduler.call(n -> n + 1, i);
                            calls.add(call);
                            if (waits || i == 0 || i > most) {
                                endOf(call, i);
                            }
                            if (i == most / 10) {
                                underWay.countDown();
                            }
                        }
                        return calls;
                    },
                    task -> new Thread(task, "caller").start()));
        }
        await(underWay);

        end(scheduler, byWorkers);

        ended.set(true);
        int refused = 0;
        for (CompletableFuture<List<CompletableFuture<Integer>>> caller : calling) {
            List<CompletableFuture<Integer>> calls = caller.get(Patience.SECONDS, TimeUnit.SECONDS);
            for (int i = 0; i < calls.size(); i++) {
                refused += endOf(calls.get(i), i) ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(callers);
        assertThat(scheduler.told()).isEmpty();
    }

    /** Awaits the end of a call: true if it has its result, false if it was refused or cancelled. */
    private static boolean endOf(CompletableFuture<Integer> call, int argument) {
        try {
            assertThat(call.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(argument + 1);
            return true;
        } catch (ExecutionException refused) {
            assertThat(refused).hasCauseInstanceOf(RejectedExecutionException.class);
        } catch (java.util.concurrent.CancellationException underWay) {
            assertThat(underWay).hasMessageNotContaining("null");
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
        return false;
    }

    static Stream<Arguments> processes() {
        return Stream.of(Subject.REACTOR_PROCESSES, Subject.RXJAVA_PROCESSES)
                .flatMap(subject -> Stream.of(Arguments.of(subject, false), Arguments.of(subject, true)));
    }
}
