package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code map} among the operations of plain Java's streams. What all dialects promise is in the contract tests. */
class MapTest {
    private final Scatter<Integer, Integer> twice = Lox.thread(3, i -> 2 * i);

    private static List<Integer> doubled(int size) {
        return IntStream.range(0, size).mapToObj(i -> 2 * i).toList();
    }

    private static List<Integer> values(Stream<Outcome<Integer>> outcomes) {
        return outcomes.map(outcome -> ((Outcome.Success<Integer>) outcome).value())
                .toList();
    }

    @Test
    void shouldMapStreamsAndIterables() {
        List<Integer> numbers = IntStream.range(0, 10_000).boxed().toList();

        assertThat(twice.map(numbers).toList()).isEqualTo(doubled(10_000));
        assertThat(twice.map(numbers.stream(), 50).toList()).isEqualTo(doubled(10_000));
        assertThat(twice.mapDelayError(numbers, 1).toList()).isEqualTo(doubled(10_000));
        assertThat(twice.mapDelayError(numbers.stream()).toList()).isEqualTo(doubled(10_000));
        assertThat(twice.map(Stream.<Integer>empty()).toList()).isEmpty();
    }

    @Test
    void shouldTakeNothingBeforeTheTerminalOperation() {
        AtomicInteger taken = new AtomicInteger();
        Stream<Integer> mapped = twice.map(Stream.iterate(0, i -> i + 1).peek(i -> taken.incrementAndGet()));

        assertThat(taken).hasValue(0);
        assertThat(mapped.limit(4).toList()).isEqualTo(doubled(4));
        assertThat(taken.get()).isBetween(4, 4 + 4 * 3);
        mapped.close();
    }

    @Test
    void shouldAskTheSourceInTheCallersThreadAlone() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        twice.map(IntStream.range(0, 5_000).boxed().peek(i -> threads.add(Thread.currentThread())), 20)
                .forEach(i -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void shouldRunTasksEvenForACount() {
        AtomicInteger ran = new AtomicInteger();
        Scatter<Integer, Integer> counting = Lox.thread(2, i -> ran.incrementAndGet());

        assertThat(counting.map(List.of(1, 2, 3)).count()).isEqualTo(3);
        assertThat(ran).hasValue(3);
    }

    @Test
    void shouldBeSequentialHoweverItIsAsked() {
        assertThat(twice.map(IntStream.range(0, 5_000).boxed().parallel()).isParallel())
                .isFalse();
        assertThat(twice.map(IntStream.range(0, 5_000).boxed()).parallel().toList())
                .isEqualTo(doubled(5_000));
    }

    @Test
    void shouldStopWhenItIsClosedHalfWay() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(3);
        CountDownLatch interrupted = new CountDownLatch(2);
        AtomicInteger closed = new AtomicInteger();
        Scatter<Integer, Integer> function = Lox.thread(3, i -> {
            started.countDown();
            if (i > 0) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            }
            started.await(); // no more is asked for than it takes to have a first result
            return i;
        });

        try (Stream<Integer> mapped = function.map(Stream.iterate(0, i -> i + 1).onClose(closed::incrementAndGet))) {
            Iterator<Integer> results = mapped.iterator();
            assertThat(results.next()).isZero();
        }

        assertThat(interrupted.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(closed).hasValue(1);
        function.scatter(0);
        assertThat(function.gather()).containsExactly(0);
    }

    @Test
    void shouldRefuseToGoOnAfterTheClose() {
        Stream<Integer> mapped = twice.map(IntStream.range(0, 1_000).boxed());
        Iterator<Integer> results = mapped.iterator();
        assertThat(results.next()).isZero();
        mapped.close();

        assertThatThrownBy(() -> {
                    while (results.hasNext()) {
                        results.next();
                    }
                })
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void shouldStopAtAnInterruptAndKeepTheFlag() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        Scatter<Integer, Integer> function = Lox.thread(2, i -> {
            try {
                started.countDown();
                new CountDownLatch(1).await();
                return i;
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        AtomicInteger flags = new AtomicInteger();
        Elsewhere<List<Integer>> caller = Elsewhere.call(() -> {
            try {
                return function.map(List.of(1, 2, 3)).toList();
            } finally {
                flags.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
            }
        });
        started.await();
        caller.thread.interrupt();

        // as a value: from JDK 23 on, get() and join() throw another one in its place
        assertThat(caller.result.<Throwable>handle((results, failure) -> failure))
                .succeedsWithin(Elsewhere.LONG)
                .isInstanceOfSatisfying(
                        CancellationException.class,
                        failure -> assertThat(failure).hasMessageContaining("interrupted while waiting for a map"));
        assertThat(interrupted.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(flags).hasValue(1);
    }

    @Test
    void shouldThrowACheckedExceptionAsTheCause() {
        Scatter<Integer, Integer> failing = Lox.thread(2, i -> {
            throw new IOException("planned");
        });

        assertThatThrownBy(() -> failing.map(List.of(1)).toList())
                .isInstanceOf(GatherException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void shouldHelpInsteadOfDeadlockingOnAWorkerOfTheSameWorkers() {
        try (Workers workers = Workers.threads(1).build()) {
            Scatter<Integer, Integer> inner = Lox.on(workers, i -> i + 1);
            Scatter<Integer, Integer> outer = Lox.on(
                    workers,
                    i -> inner.map(IntStream.range(0, i).boxed())
                            .mapToInt(Integer::intValue)
                            .sum());

            assertThat(outer.map(List.of(3, 100, 5_000)).toList()).containsExactly(6, 5_050, 12_502_500);
        }
    }

    @Test
    void shouldWorkInsideAForkJoinPool() {
        assertThat(ForkJoinPool.commonPool()
                        .submit(() ->
                                twice.map(IntStream.range(0, 1_000).boxed()).toList())
                        .join())
                .isEqualTo(doubled(1_000));
    }

    @Test
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldPassNullArgumentsOnAndRefuseNullResults() {
        Scatter<@Nullable Integer, @Nullable String> function = Lox.thread(2, i -> i == null ? "none" : null);

        assertThat(function.map(Arrays.asList((Integer) null, null)).toList()).containsExactly("none", "none");
        assertThatNullPointerException()
                .isThrownBy(() -> function.map(Arrays.asList(null, 7)).toList())
                .withMessageContaining("element 1 of");
    }

    @Test
    void shouldRunEachElementInTheCallersThreadWithoutWorkers() {
        Scatter<Integer, Thread> function = Lox.thread(0, i -> Thread.currentThread());

        assertThat(function.map(List.of(1, 2, 3))).containsOnly(Thread.currentThread());
    }

    @Test
    @SuppressWarnings("NullAway") // null on purpose
    void shouldCheckItsInput() {
        assertThatNullPointerException()
                .isThrownBy(() -> twice.map((Stream<Integer>) null))
                .withMessage("source");
        assertThatNullPointerException()
                .isThrownBy(() -> twice.map((Iterable<Integer>) null))
                .withMessage("source");
        Stream<Integer> source = Stream.of(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> twice.map(source, -1))
                .withMessage("ahead must be 0 or more, but was -1");
        assertThat(twice.map(source).toList()).as("still unused").containsExactly(2);
        assertThatIllegalStateException().isThrownBy(() -> twice.map(source));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> twice.mapDelayError(List.of(1), -1))
                .withMessageContaining("ahead");
    }

    @Test
    void shouldMapInEveryOtherWay() {
        List<Integer> numbers = IntStream.range(0, 5_000).boxed().toList();

        assertThat(values(twice.mapSettled(numbers.stream()))).isEqualTo(doubled(5_000));
        assertThat(values(twice.mapSettled(numbers))).isEqualTo(doubled(5_000));
        assertThat(values(twice.mapSettled(numbers, 7))).isEqualTo(doubled(5_000));
        assertThat(twice.mapUnordered(numbers.stream()).toList()).containsExactlyInAnyOrderElementsOf(doubled(5_000));
        assertThat(twice.mapUnordered(numbers).toList()).containsExactlyInAnyOrderElementsOf(doubled(5_000));
        assertThat(twice.mapUnordered(numbers, 7).toList()).containsExactlyInAnyOrderElementsOf(doubled(5_000));
        assertThat(twice.mapByKey(numbers.stream(), i -> 0).toList()).isEqualTo(doubled(5_000));
        assertThat(twice.mapByKey(numbers, i -> 0).toList()).isEqualTo(doubled(5_000));
        assertThat(twice.mapByKey(numbers, i -> 0, 7).toList()).isEqualTo(doubled(5_000));
    }

    /** Elements of several segments are under way in a chain whose only worker waits for them. */
    @Test
    void shouldMapThroughAChainInsideATaskOnItsOnlyWorker() {
        try (Workers workers = Workers.threads(1).build()) {
            Scatter<Integer, Integer> chain =
                    Lox.<Integer, Integer>on(workers, i -> i + 1).andThen(Lox.on(workers, i -> 2 * i));
            Scatter<Integer, Long> outer = Lox.on(workers, many -> {
                try (Stream<Integer> results =
                        chain.mapUnordered(IntStream.range(0, many).boxed(), 5_000)) {
                    return results.count();
                }
            });
            outer.scatter(9_000);
            Scatter<Integer, Long> keyed = Lox.on(workers, many -> {
                try (Stream<Integer> results =
                        chain.mapByKey(IntStream.range(0, many).boxed(), i -> i % 7)) {
                    return results.count();
                }
            });
            keyed.scatter(9_000);

            assertThat(outer.gather(Patience.LIMIT)).containsExactly(9_000L);
            assertThat(keyed.gather(Patience.LIMIT)).containsExactly(9_000L);
        }
    }
}
