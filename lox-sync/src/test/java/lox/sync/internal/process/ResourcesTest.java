package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.OutputLine;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** What is left of processes that are gone: nothing. */
class ResourcesTest {
    /** Each costs the start of a JVM. With {@code -Dlox.crashes=200} also 10,000 tasks run over fifty processes. */
    private static final int CRASHES = Integer.getInteger("lox.crashes", 20);

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static Set<String> loxThreads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith(name))
                .collect(Collectors.toSet());
    }

    private static long descriptors() {
        return count(DESCRIPTORS);
    }

    private static long count(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<Path> directories() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("lox"))
                    .collect(Collectors.toCollection(HashSet::new));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void warmUp() { // what the JVM opens once and keeps
        try (Workers workers = Workers.processes(1).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            function.scatter(1);
            assertThat(function.gather()).containsExactly(1);
        }
    }

    private static void checkNothingIsLeft(String name, long descriptorsBefore, Set<Path> directoriesBefore) {
        Processes.await("no thread is left", () -> loxThreads(name + "-worker").isEmpty());
        Processes.await("no directory is left", () -> {
            Set<Path> now = directories();
            now.removeAll(directoriesBefore);
            return now.stream().noneMatch(ResourcesTest::isOurs);
        });
        if (Files.isDirectory(DESCRIPTORS)) {
            Processes.await("no descriptor is left", () -> descriptors() <= descriptorsBefore + 2);
        }
    }

    /** Other programs that run at the same time may have directories of their own. */
    private static boolean isOurs(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void shouldLeaveNothingAfterAThousandBatches() {
        warmUp();
        Set<Path> directories = directories();
        long descriptors = descriptors();
        try (Workers workers = Workers.processes(2).named("thousand").build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i + 1);
            for (int batch = 0; batch < 1_000; batch++) {
                function.scatter(batch);
                function.scatter(batch + 1);
                assertThat(function.gather()).containsExactly(batch + 1, batch + 2);
            }
        }
        checkNothingIsLeft("thousand", descriptors, directories);
    }

    @Test
    void shouldLeaveNothingAfterManyCrashes() {
        warmUp();
        Set<Path> directories = directories();
        long descriptors = descriptors();
        try (Workers workers =
                Workers.processes(2).named("crashes").output(line -> {}).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                Runtime.getRuntime().halt(i);
                return i;
            });
            for (int i = 0; i < CRASHES; i++) {
                function.scatter(1);
            }
            assertThat(function.gatherSettled()).hasSize(CRASHES);
        }
        checkNothingIsLeft("crashes", descriptors, directories);
    }

    @Test
    void shouldRunThousandsOfTasksOverRecycledProcesses() {
        warmUp();
        Set<Path> directories = directories();
        long descriptors = descriptors();
        try (Workers workers =
                Workers.processes(2).named("recycled").maxTasksPerWorker(200).build()) {
            Scatter<Integer, List<Long>> function = Lox.on(
                    workers, i -> List.of((long) i, ProcessHandle.current().pid()));
            int tasks = 50 * CRASHES;
            IntStream.range(0, tasks).forEach(function::scatter);
            List<List<Long>> results = function.gather();
            for (int i = 0; i < tasks; i++) {
                assertThat(results.get(i).get(0)).isEqualTo(i);
            }
            assertThat(results.stream().map(result -> result.get(1)).distinct())
                    .hasSizeGreaterThanOrEqualTo(tasks / 200);
        }
        checkNothingIsLeft("recycled", descriptors, directories);
    }

    @Test
    void shouldKeepTheParentsHeapFlatOverAMillionTasks() {
        Scatter<Integer, Integer> function = Lox.process(2, i -> i);
        long before = 0;
        for (int batch = 0; batch < 10; batch++) {
            IntStream.range(0, 100_000).forEach(function::scatter);
            assertThat(function.gather()).hasSize(100_000);
            if (batch == 2) {
                before = heap();
            }
        }
        assertThat(heap() - before).isLessThan(8L << 20);
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** The clock has a timer for idle workers, which may be far ahead. */
    @Test
    void shouldKeepNothingOfWorkersThatAreClosed() throws InterruptedException {
        WeakReference<Object> listener = new WeakReference<>(closed(new Lines()));
        Patience.until("the closed workers are collected", () -> {
            System.gc();
            return listener.get() == null;
        });
    }

    private static final class Lines implements Consumer<OutputLine> {
        @Override
        public void accept(OutputLine line) {
            // it is there to be referred to
        }
    }

    private static Lines closed(Lines listener) throws InterruptedException {
        Workers workers = Workers.processes(1)
                .idleTimeout(Duration.ofDays(1))
                .output(listener)
                .build();
        try (workers) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            function.scatter(1);
            assertThat(function.gather()).containsExactly(1);
        }
        assertThat(workers.awaitTermination(Patience.LIMIT)).isTrue();
        return listener;
    }
}
