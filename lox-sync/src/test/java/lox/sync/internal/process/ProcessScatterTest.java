package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.sync.BiScatter;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** Scatter and gather over processes. */
class ProcessScatterTest {
    @Test
    void shouldGatherInScatterOrder() {
        Scatter<Integer, Integer> twice = Lox.process(2, i -> i * 2);
        IntStream.range(0, 1000).forEach(twice::scatter);
        assertThat(twice.gather())
                .isEqualTo(IntStream.range(0, 1000).map(i -> i * 2).boxed().toList());
    }

    @Test
    void shouldGatherManyShortTasksInScatterOrder() {
        Scatter<Integer, Integer> next = Lox.process(2, i -> i + 1);
        for (int round = 0; round < 3; round++) {
            IntStream.range(0, 200_000).forEach(next::scatter);
            assertThat(next.gather())
                    .isEqualTo(IntStream.rangeClosed(1, 200_000).boxed().toList());
        }
    }

    /** Large ones follow each other closely, in both directions at once. */
    @Test
    void shouldBringLargeAndSmallArraysBackInScatterOrder() {
        Random random = new Random(7);
        Scatter<byte[], byte[]> echo = Lox.process(2, bytes -> bytes);
        for (int round = 0; round < 3; round++) {
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                byte[] bytes = new byte[i % 5 == 0 ? random.nextInt(100) : random.nextInt(1 << 20)];
                random.nextBytes(bytes);
                sent.add(bytes);
                echo.scatter(bytes);
            }
            List<byte[]> results = echo.gather();
            assertThat(results).hasSize(sent.size());
            for (int i = 0; i < sent.size(); i++) {
                assertThat(results.get(i)).as("round %d, %d", round, i).isEqualTo(sent.get(i));
            }
        }
    }

    @Test
    void shouldSendNoMoreTogetherThanASixteenthOfTheWorkersHeap() {
        assertThat(Worker.mostBytes(16 << 20)).isEqualTo(1 << 20);
        assertThat(Worker.mostBytes(127 << 20)).isEqualTo((127 << 20) / 16);
        assertThat(Worker.mostBytes(6L << 30)).isEqualTo(8 << 20);
    }

    /** Sixteen of these would fill it. */
    @Test
    void shouldTakeManyLargeArgumentsWithASmallHeap() throws Exception {
        try (Workers workers = Workers.processes(1).maxHeap(16 << 20).build()) {
            Scatter<byte[], Integer> last = Lox.on(workers, bytes -> (int) bytes[bytes.length - 1]);
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                byte[] bytes = new byte[1 << 20];
                bytes[bytes.length - 1] = (byte) i;
                expected.add((int) (byte) i);
                last.scatter(bytes);
            }
            assertThat(last.gather()).isEqualTo(expected);
        }
    }

    @Test
    void shouldTakeTwoArguments() {
        BiScatter<String, Integer, String> repeat = Lox.biProcess(2, String::repeat);
        repeat.scatter("ab", 2);
        repeat.scatter("c", 3);
        assertThat(repeat.gather()).containsExactly("abab", "ccc");
    }

    /** In a task's own thread, whose process the gather has to share. */
    @Test
    void shouldGatherInAListenerOnTheSameWorkers() throws Exception {
        try (Workers workers = Workers.processes(1).build()) {
            Scatter<Integer, Integer> outer = Lox.on(workers, i -> i + 1);
            Scatter<Integer, Integer> inner = Lox.on(workers, i -> i * 10);
            CompletableFuture<List<Integer>> gathered = outer.submit(1)
                    .thenApply(result -> {
                        inner.scatter(result);
                        inner.scatter(result + 1);
                        return inner.gather();
                    })
                    .toCompletableFuture();
            IntStream.range(0, 50).forEach(outer::scatter);
            assertThat(gathered.get(Patience.SECONDS, TimeUnit.SECONDS)).containsExactly(20, 30);
            assertThat(outer.gather()).hasSize(50);
        }
    }

    @Test
    void shouldShareProcessesBetweenFunctions() {
        try (Workers workers = Workers.processes(2).build()) {
            List<Scatter<Integer, String>> functions = new ArrayList<>();
            for (int i = 0; i < 100; i++) { // more than a process remembers
                String name = "f" + i;
                functions.add(Lox.on(workers, argument -> name + argument));
            }
            for (int round = 0; round < 3; round++) {
                functions.forEach(function -> IntStream.range(0, 3).forEach(function::scatter));
                for (int i = 0; i < 100; i++) {
                    assertThat(functions.get(i).gather()).containsExactly("f" + i + 0, "f" + i + 1, "f" + i + 2);
                }
            }
        }
    }

    @Test
    void shouldRunInTheCallersThreadWithZeroWorkers() {
        Scatter<Integer, Thread> function = Lox.process(0, i -> Thread.currentThread());
        function.scatter(1);
        assertThat(function.gather()).containsExactly(Thread.currentThread());
    }

    @Test
    void shouldRunInOtherProcesses() {
        Scatter<Integer, Long> pid = Lox.process(2, i -> ProcessHandle.current().pid());
        pid.scatter(1);
        List<Long> pids = pid.gather();
        assertThat(pids).hasSize(1).doesNotContain(ProcessHandle.current().pid());
    }
}
