package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.EngineDialect;
import lox.sync.internal.core.Gathering;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.QueueLimit;
import lox.sync.internal.pool.TaskPolicy;
import lox.sync.internal.time.WorkerThreads;
import lox.sync.process.Codec;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Worker processes at a distance keep what process mode promises: each task's result once and in order, a crash costs
 * the task that ran and no other, a limit holds for the task and not for its way.
 *
 * <p>Each task that runs leaves a file, so that no run is missed, whatever becomes of its worker.
 */
class DistantWorkersTest {
    private static final int WORKERS = 2;
    private static final int TASKS = 400;

    @TempDir
    private Path directory;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final List<LanePool> pools = new ArrayList<>();

    @AfterEach
    void close() {
        pools.forEach(LanePool::close);
        Processes.await(
                "no child writes into the directory any more",
                () -> ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
    }

    /** What a task is to do, and where it leaves its file. */
    private record Order(String directory, int number, int spins, boolean dies, boolean hangs)
            implements Serializable {}

    private static int carryOut(Order order) {
        try {
            Files.createTempFile(Path.of(order.directory), order.number + "-", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int spin = order.spins; spin > 0; spin--) {
            Thread.onSpinWait();
        }
        if (order.dies) {
            Runtime.getRuntime().halt(9);
        }
        while (order.hangs) {
            LockSupport.park();
        }
        return order.number;
    }

    /** A process's first file takes long, on a busy machine longer than a task may: it loads classes for the name. */
    private static int prepare(int number) throws IOException {
        Files.delete(Files.createTempFile("lox-", ".test"));
        return number;
    }

    /** Two of all tasks, as each death costs the start of a process; the race has many, at random. */
    private static boolean isDeadly(int number) {
        return number % 197 == 50;
    }

    private Order order(int number, int spins, boolean dies, boolean hangs) {
        return new Order(directory.toString(), number, spins, dies, hangs);
    }

    private Dispatcher<Order, Integer> workers(long tripNanos, @Nullable Duration taskTimeout, int retryCrashed) {
        Work<Order, Integer> work = DistantWorkersTest::carryOut;
        return Dispatchers.of(work, pool(tripNanos, taskTimeout, retryCrashed), new EngineDialect());
    }

    private LanePool pool(long tripNanos, @Nullable Duration taskTimeout, int retryCrashed, TaskListener... listeners) {
        PoolObserver observer = new PoolObserver("distant", List.of(listeners));
        WorkerContext context = WorkerContext.of(
                observer,
                new WorkerOptions(
                        List.of("-XX:TieredStopAtLevel=1", "-Xmx64m"),
                        null,
                        Map.of(),
                        Set.of(),
                        null,
                        0,
                        DistantWorkersTest::prepare,
                        Integer.MAX_VALUE,
                        Duration.ofMinutes(1),
                        taskTimeout,
                        retryCrashed,
                        0,
                        null,
                        Codec.javaSerialization(),
                        null,
                        null));
        TaskPolicy policy = taskTimeout == null
                ? TaskPolicy.NONE
                : new TaskPolicy(
                        taskTimeout.toNanos(),
                        (index, name) -> new TimeoutException("task " + index),
                        TaskPolicy.NONE.retry(),
                        TaskPolicy.NONE.arguments());
        LanePool made = new LanePool(
                observer,
                WORKERS,
                QueueLimit.NONE,
                policy,
                WorkerThreads.platform("distant"),
                new WorkerPool(context, new NestingLimit("distant"), new DistantHost(context, tripNanos)));
        pools.add(made);
        return made;
    }

    /** How often each task has run, by its number. */
    private Map<Integer, Long> runs() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.valueOf(name.substring(0, name.indexOf('-'))))
                    .collect(Collectors.groupingBy(number -> number, Collectors.counting()));
        }
    }

    private static <R> List<Object> outcomes(Dispatcher<?, R> dispatcher) throws Throwable {
        return dispatcher.await(dispatcher.<Object>gatherSettled((i, value) -> value, (i, failure) -> failure, null));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 500_000, 1_000_000, 20_000_000})
    void shouldRunEveryTaskOnceAndInOrder(long tripNanos) throws Throwable {
        Dispatcher<Order, Integer> echo = workers(tripNanos, null, 0);
        Random random = new Random(seed);

        IntStream.range(0, TASKS).forEach(i -> echo.scatter(order(i, random.nextInt(20_000), false, false)));

        assertThat(echo.await(echo.gather(null)))
                .isEqualTo(IntStream.range(0, TASKS).boxed().toList());
        assertThat(runs())
                .hasSize(TASKS)
                .allSatisfy((number, times) ->
                        assertThat(times).as("task %d", number).isEqualTo(1));
    }

    @Test
    void shouldCostTheTaskThatRanAndNoOther() throws Throwable {
        Dispatcher<Order, Integer> echo = workers(1_000_000, null, 0);
        Random random = new Random(seed);

        IntStream.range(0, TASKS).forEach(i -> echo.scatter(order(i, random.nextInt(20_000), isDeadly(i), false)));
        List<Object> outcomes = outcomes(echo);

        for (int i = 0; i < TASKS; i++) {
            if (isDeadly(i)) {
                assertThat(outcomes.get(i)).as("task %d", i).isInstanceOf(WorkerCrashedException.class);
            } else {
                assertThat(outcomes.get(i)).as("task %d, seed %d", i, seed).isEqualTo(i);
            }
        }
        assertThat(runs())
                .hasSize(TASKS)
                .allSatisfy((number, times) ->
                        assertThat(times).as("task %d", number).isEqualTo(1));
    }

    @Test
    void shouldRunATaskAgainThatTookItsWorkerDown() throws Throwable {
        Dispatcher<Order, Integer> echo = workers(1_000_000, null, 1);

        IntStream.range(0, TASKS).forEach(i -> echo.scatter(order(i, 100, isDeadly(i), false)));
        List<Object> outcomes = outcomes(echo);

        assertThat(outcomes.stream().filter(WorkerCrashedException.class::isInstance))
                .hasSize(2);
        assertThat(runs())
                .hasSize(TASKS)
                .allSatisfy((number, times) ->
                        assertThat(times).as("task %d", number).isEqualTo(isDeadly(number) ? 2 : 1));
    }

    @Test
    void shouldStopBothRunsOfABatchThatIsCancelled() throws Throwable {
        Dispatcher<Order, Integer> echo = workers(5_000_000, null, 0);
        IntStream.range(0, TASKS).forEach(i -> echo.scatter(order(i, 100, false, false)));
        assertThat(echo.await(echo.gather(null))).hasSize(TASKS); // runs are long by now

        IntStream.range(TASKS, 3 * TASKS).forEach(i -> echo.scatter(order(i, 100, false, i % 30 == 29)));
        Gathering<List<Integer>> gathering = echo.gather(null);
        Processes.await("a task hangs", () -> hasRun(TASKS + 19));
        gathering.cancel("enough");

        assertThatThrownBy(() -> echo.await(gathering)).isInstanceOf(CancellationException.class);
        echo.scatter(order(3 * TASKS, 100, false, false));
        assertThat(echo.await(echo.gather(null))).containsExactly(3 * TASKS);
        assertThat(runs())
                .allSatisfy((number, times) ->
                        assertThat(times).as("task %d", number).isEqualTo(1));
        assertThat(runs()).hasSizeLessThan(3 * TASKS);
    }

    private boolean hasRun(int number) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(number + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** While two runs are under way, workers die, tasks hang until their limit, and batches are cancelled. */
    @Tag("race")
    @Test
    void shouldRunNoTaskTwiceWhateverHappens() throws Throwable {
        Dispatcher<Order, Integer> echo = workers(2_000_000, Duration.ofSeconds(2), 0);
        Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            int first = round * TASKS;
            for (int i = first; i < first + TASKS; i++) {
                echo.scatter(order(i, random.nextInt(5_000), random.nextInt(150) == 0, random.nextInt(300) == 0));
            }
            if (round % 3 == 2) {
                Gathering<List<Integer>> gathering = echo.gather(null);
                LockSupport.parkNanos(random.nextInt(100_000_000));
                gathering.cancel("enough");
            } else {
                check(first, outcomes(echo));
            }
        }
        int last = 6 * TASKS;
        echo.scatter(order(last, 0, false, false));
        assertThat(outcomes(echo)).containsExactly(last);
        assertThat(runs())
                .as("seed %d", seed)
                .allSatisfy((number, times) ->
                        assertThat(times).as("task %d, seed %d", number, seed).isEqualTo(1));
    }

    private void check(int first, List<Object> outcomes) throws IOException {
        Map<Integer, Long> runs = runs();
        assertThat(outcomes).hasSize(TASKS);
        for (int i = 0; i < TASKS; i++) {
            Object outcome = outcomes.get(i);
            if (!(outcome instanceof WorkerCrashedException || outcome instanceof TimeoutException)) {
                assertThat(outcome).as("task %d, seed %d", first + i, seed).isEqualTo(first + i);
            }
            assertThat(runs).as("task %d, seed %d", first + i, seed).containsKey(first + i);
        }
    }

    @Test
    void shouldPassResultsOnToAnotherFunctionFarAway() throws Throwable {
        EngineDialect dialect = new EngineDialect();
        Work<Order, Integer> work = DistantWorkersTest::carryOut;
        Work<Integer, Integer> next = number -> number + 1_000;
        Dispatcher<Order, Integer> chain = Dispatchers.chain(
                Dispatchers.of(work, pool(1_000_000, null, 0), dialect),
                Dispatchers.of(next, pool(2_000_000, null, 0), dialect));

        IntStream.range(0, TASKS).forEach(i -> chain.scatter(order(i, 100, false, false)));

        assertThat(chain.await(chain.gather(null)))
                .isEqualTo(IntStream.range(1_000, 1_000 + TASKS).boxed().toList());
        assertThat(runs())
                .hasSize(TASKS)
                .allSatisfy((number, times) ->
                        assertThat(times).as("task %d", number).isEqualTo(1));
    }

    /** Counts starts and ends by the number of the task. */
    private static final class Counts implements TaskListener {
        private final AtomicIntegerArray started = new AtomicIntegerArray(TASKS);
        private final AtomicIntegerArray ended = new AtomicIntegerArray(TASKS);

        @Override
        public void taskStarted(TaskEvent task) {
            started.incrementAndGet((int) task.index());
        }

        @Override
        public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
            if (end != TaskEnd.RETRIED) { // taken back when it was thought to be under way
                ended.addAndGet((int) task.index(), end == TaskEnd.SUCCEEDED && ranNanos >= 0 ? 1 : TASKS);
            }
        }
    }

    @Test
    void shouldTellListenersOfEachTaskOnce() throws Throwable {
        Counts counts = new Counts();
        Work<Order, Integer> work = DistantWorkersTest::carryOut;
        Dispatcher<Order, Integer> echo = Dispatchers.of(work, pool(1_000_000, null, 0, counts), new EngineDialect());

        IntStream.range(0, TASKS).forEach(i -> echo.scatter(order(i, 100, false, false)));
        assertThat(echo.await(echo.gather(null))).hasSize(TASKS);

        for (int i = 0; i < TASKS; i++) {
            assertThat(counts.ended.get(i)).as("ends of task %d", i).isEqualTo(1);
            assertThat(counts.started.get(i)).as("starts of task %d", i).isPositive();
        }
    }

    @Test
    void shouldGoOnWithAnotherWorkerWhenOneIsKilledFromOutside() throws Throwable {
        Dispatcher<Order, Integer> echo = workers(5_000_000, null, 0);
        IntStream.range(0, 2 * TASKS).forEach(i -> echo.scatter(order(i, 40_000, false, false)));
        Gathering<List<Object>> gathering =
                echo.gatherSettled((i, value) -> (Object) value, (i, failure) -> failure, null);
        Thread killer = new Thread(() -> {
            for (int kills = 0; kills < 5; kills++) {
                int at = kills * TASKS / 4 + 20;
                Processes.await("task " + at + " has run", () -> hasRun(at) || gathering.isEnded());
                ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
            }
        });
        killer.start();

        List<Object> outcomes = echo.await(gathering);
        killer.join();

        for (int i = 0; i < 2 * TASKS; i++) {
            if (!(outcomes.get(i) instanceof WorkerCrashedException)) {
                assertThat(outcomes.get(i)).as("task %d", i).isEqualTo(i);
            }
        }
        assertThat(outcomes.stream().filter(WorkerCrashedException.class::isInstance))
                .hasSizeLessThanOrEqualTo(10);
        assertThat(runs())
                .allSatisfy((number, times) ->
                        assertThat(times).as("task %d", number).isEqualTo(1));
    }
}
