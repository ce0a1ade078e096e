package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** {@code gatherStream}, {@code gatherFlux}, {@code gatherFlowable} and {@code gatherAsCompleted}. */
class OneByOneTest extends ContractTest {
    /** A function whose tasks end when the test says so, with their argument. */
    private static final class Held {
        private final Map<Integer, CountDownLatch> latches = new ConcurrentHashMap<>();
        private final AtomicInteger started = new AtomicInteger();
        private final AtomicInteger interrupted = new AtomicInteger();

        int run(int i) throws InterruptedException {
            started.incrementAndGet();
            try {
                Eventually.open(latch(i));
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
            return i;
        }

        void release(int... tasks) {
            for (int i : tasks) {
                latch(i).countDown();
            }
        }

        void releaseAll(int from, int to) {
            numbers(from, to).forEach(i -> release(i));
        }

        private CountDownLatch latch(int i) {
            return latches.computeIfAbsent(i, key -> new CountDownLatch(1));
        }
    }

    // ---- what comes, and when --------------------------------------------------------------------------------------

    @OnAllWorkers
    void shouldGiveAllResultsInScatterOrder(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        scatterAll(function, 0, 1000);

        assertThat(function.gatherStream().await()).isEqualTo(numbers(0, 1000));
    }

    @OnAllWorkers
    void shouldGiveAllResultsAsTheyComplete(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        scatterAll(function, 0, 1000);

        assertThat(function.gatherAsCompleted().await()).containsExactlyInAnyOrderElementsOf(numbers(0, 1000));
    }

    @OnAllWorkers
    void shouldGiveNothingForNothing(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        assertThat(function.gatherStream().await()).isEmpty();
        assertThat(function.gatherAsCompleted().await()).isEmpty();
    }

    @OnAllWorkers
    void shouldCloseTheBatchAtTheCall(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        scatterAll(function, 0, 10);
        Sequence<Integer> first = function.gatherStream();
        scatterAll(function, 10, 20);
        Sequence<Integer> second = function.gatherAsCompleted();
        scatterAll(function, 20, 30);

        assertThat(function.gather().await()).isEqualTo(numbers(20, 30));
        assertThat(second.await()).containsExactlyInAnyOrderElementsOf(numbers(10, 20));
        assertThat(first.await()).isEqualTo(numbers(0, 10));
    }

    @OnConcurrentWorkers
    void shouldGiveEachAsSoonAsItAndAllBeforeItAreReady(Setup setup) {
        Held held = new Held();
        Face<Integer, Integer> function = function(setup, 4, held::run);

        scatterAll(function, 0, 4);
        Reading<Integer> reading = function.gatherStream().read().request(Long.MAX_VALUE);
        held.release(1);
        held.release(0);
        assertThat(reading.awaitReceived(2).received()).containsExactly(0, 1);
        held.release(2);
        assertThat(reading.awaitReceived(3).received()).containsExactly(0, 1, 2);
        assertThat(reading.isOver()).isFalse();
        held.release(3);

        assertThat(reading.awaitEnd()).isEqualTo(numbers(0, 4));
    }

    @OnConcurrentWorkers
    void shouldGiveEachAsSoonAsItIsComplete(Setup setup) {
        Held held = new Held();
        Face<Integer, Integer> function = function(setup, 4, held::run);

        scatterAll(function, 0, 4);
        Reading<Integer> reading = function.gatherAsCompleted().read().request(Long.MAX_VALUE);
        List<Integer> expected = new ArrayList<>();
        for (int i : new int[] {2, 0, 3, 1}) {
            held.release(i);
            expected.add(i);
            assertThat(reading.awaitReceived(expected.size()).received()).isEqualTo(expected);
        }

        assertThat(reading.awaitEnd()).isEqualTo(expected);
    }

    @OnConcurrentWorkers
    void shouldBeginWithWhatIsCompleteInScatterOrder(Setup setup) {
        Held held = new Held();
        AtomicInteger ended = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 4, i -> {
            int result = held.run(i);
            ended.incrementAndGet();
            return result;
        });

        scatterAll(function, 0, 4);
        for (int i : new int[] {3, 1}) {
            int before = ended.get();
            held.release(i);
            Eventually.until("task " + i + " has ended", () -> ended.get() > before);
        }
        // a result is stored a moment after its task has ended; when two more have started, their workers have passed
        // that
        scatterAll(function, 4, 6);
        Eventually.until("two more have started", () -> held.started.get() == 6);
        Sequence<Integer> completed = function.gatherAsCompleted();
        held.release(0, 2, 4, 5);

        assertThat(completed.await()).startsWith(1, 3).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @OnConcurrentWorkers
    void shouldNotHoldBackResultsBeforeALongTaskAmongShortOnes(Setup setup) {
        CountDownLatch open = new CountDownLatch(1);
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i < 0) {
                Eventually.open(open);
            }
            return i;
        });

        for (boolean asCompleted : new boolean[] {false, true}) {
            scatterAll(function, 0, rounds(setup, 20_000)); // from here on they are taken up in runs
            function.gather().await();
            scatterAll(function, 0, 2_000);
            function.scatter(-1);
            Sequence<Integer> sequence = asCompleted ? function.gatherAsCompleted() : function.gatherStream();
            Reading<Integer> reading = sequence.read().request(Long.MAX_VALUE);

            assertThat(reading.awaitReceived(2_000).received()).containsExactlyInAnyOrderElementsOf(numbers(0, 2_000));
            function.scatter(5); // is of the next batch
            if (asCompleted) {
                open.countDown();
                assertThat(reading.awaitEnd()).hasSize(2_001);
            } else {
                reading.cancel();
            }
            Eventually.until("the next one has run", () -> function.pending() == 0);
            function.gather().await();
        }
    }

    // ---- back-pressure and subscribers -----------------------------------------------------------------------------

    @OnAllWorkers
    void shouldGiveNoMoreThanRequested(Setup setup) {
        for (boolean asCompleted : new boolean[] {false, true}) {
            AtomicInteger ran = new AtomicInteger();
            Face<Integer, Integer> function = function(setup, 1, i -> {
                ran.incrementAndGet();
                return i;
            });

            scatterAll(function, 0, 100);
            Sequence<Integer> sequence = asCompleted ? function.gatherAsCompleted() : function.gatherStream();
            Reading<Integer> reading = sequence.read();
            Eventually.until("all run, asked for or not", () -> ran.get() == 100);
            reading.request(2);
            reading.awaitReceived(2);
            reading.request(3);
            reading.awaitReceived(5);

            assertThat(reading.received()).hasSize(5);
            assertThat(reading.isOver()).isFalse();
            assertThat(reading.request(95).awaitEnd()).containsExactlyInAnyOrderElementsOf(numbers(0, 100));
        }
    }

    @WithSubscribers
    void shouldGiveEverySubscriberTheSameAtItsOwnPace(Setup setup) {
        Face<Integer, Integer> function = function(setup, 4, i -> {
            LockSupport.parkNanos(i % 7 * 10_000L);
            return i;
        });

        scatterAll(function, 0, 300);
        Sequence<Integer> completed = function.gatherAsCompleted();
        Reading<Integer> early = completed.read().request(Long.MAX_VALUE);
        Reading<Integer> slow = completed.read();
        for (int i = 0; i < 300; i++) {
            slow.request(1);
        }

        List<Integer> order = early.awaitEnd();
        assertThat(order).containsExactlyInAnyOrderElementsOf(numbers(0, 300));
        assertThat(slow.awaitEnd()).isEqualTo(order);
        assertThat(completed.await()).isEqualTo(order);
    }

    @WithSubscribers
    void shouldGiveWhoComesLaterTheSame(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        scatterAll(function, 0, 50);
        Sequence<Integer> sequence = function.gatherStream();

        assertThat(sequence.await()).isEqualTo(numbers(0, 50));
        assertThat(sequence.await()).isEqualTo(numbers(0, 50));
        assertThat(sequence.read().request(7).awaitReceived(7).received()).isEqualTo(numbers(0, 7));
    }

    // ---- failures --------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldFailAtOnceAfterTheResultsThatWereReady(Setup setup) {
        Held held = new Held();
        IOException failure = new IOException("planned");
        Face<Integer, Integer> function = function(setup, 4, i -> {
            held.run(i);
            if (i == 2) {
                throw failure;
            }
            return i;
        });

        scatterAll(function, 0, 20);
        held.release(0);
        Reading<Integer> reading = function.gatherStream().read().request(Long.MAX_VALUE);
        reading.awaitReceived(1);
        Eventually.until("four run", () -> held.started.get() == 5);
        held.release(2);

        assertIs(setup, setup.library().failureOfTask(reading.awaitFailure()), failure);
        assertThat(reading.received()).containsExactly(0);
        Eventually.until("1, 3 and 4 are interrupted", () -> held.interrupted.get() == 3);
        held.releaseAll(30, 40);
        scatterAll(function, 30, 40);
        assertThat(function.gather().await()).isEqualTo(numbers(30, 40));
    }

    @WithSubscribers
    void shouldFailEverySubscriberAfterTheSameResults(Setup setup) {
        RuntimeException failure = new IllegalStateException("planned");
        for (boolean asCompleted : new boolean[] {false, true}) {
            Face<Integer, Integer> function = function(setup, 1, i -> {
                if (i == 5) {
                    throw failure;
                }
                return i;
            });

            scatterAll(function, 0, 6); // no more: what ends before the gather may come before the failure
            Sequence<Integer> sequence = asCompleted ? function.gatherAsCompleted() : function.gatherStream();
            for (int subscriber = 0; subscriber < 3; subscriber++) {
                Reading<Integer> reading = sequence.read();
                assertIs(setup, reading.request(5).awaitReceived(5).awaitFailure(), failure);
                assertThat(reading.received()).containsExactlyInAnyOrderElementsOf(numbers(0, 5));
            }
        }
    }

    @OnAllWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldRefuseANullResultNamingItsIndex(Setup setup) {
        for (boolean asCompleted : new boolean[] {false, true}) {
            Face<Integer, @Nullable Integer> function =
                    open(setup, 1, builder -> builder).function(i -> i == 3 ? null : i);

            scatterAll(function, 0, 10);
            Sequence<@Nullable Integer> sequence = asCompleted ? function.gatherAsCompleted() : function.gatherStream();
            Reading<@Nullable Integer> reading = sequence.read().request(Long.MAX_VALUE);

            assertThat(reading.awaitFailure())
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("3");
            assertThat(reading.received()).hasSize(3);
            scatterAll(function, 0, 3);
            assertThat(function.gather().await()).hasSize(3);
        }
    }

    @OnConcurrentWorkers
    void shouldFailWhenTheWorkersAreClosed(Setup setup) {
        Held held = new Held();
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(held::run);

        scatterAll(function, 0, 10);
        Reading<Integer> reading = function.gatherStream().read().request(Long.MAX_VALUE);
        held.release(0);
        reading.awaitReceived(1);
        site.workers().close();

        assertThat(reading.awaitFailure()).isInstanceOf(CancellationException.class);
    }

    // ---- cancelling ------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldCancelWhatHasRunWhenTheLastSubscriberLeavesEarly(Setup setup) {
        if (!setup.library().hasSubscribers()) {
            return;
        }
        for (boolean asCompleted : new boolean[] {false, true}) {
            AtomicInteger ran = new AtomicInteger();
            Face<Integer, Integer> function = function(setup, 2, i -> {
                ran.incrementAndGet();
                return i;
            });
            scatterAll(function, 0, 10);
            Sequence<Integer> sequence = asCompleted ? function.gatherAsCompleted() : function.gatherStream();
            Eventually.until("all have run", () -> ran.get() == 10);
            Reading<Integer> first = sequence.read().request(3);
            Reading<Integer> second = sequence.read().request(5);
            first.awaitReceived(3);
            second.awaitReceived(5);

            first.cancel();
            Reading<Integer> third = sequence.read().request(1);
            third.awaitReceived(1);
            third.cancel();
            second.cancel();

            assertThat(sequence.awaitFailure()).isInstanceOf(CancellationException.class);
        }
    }

    @OnConcurrentWorkers
    void shouldCancelTheRestWhenTheLastSubscriberLeaves(Setup setup) {
        for (boolean asCompleted : new boolean[] {false, true}) {
            Held held = new Held();
            Face<Integer, Integer> function = function(setup, 2, held::run);

            scatterAll(function, 0, 100);
            Sequence<Integer> sequence = asCompleted ? function.gatherAsCompleted() : function.gatherStream();
            Reading<Integer> reading = sequence.read().request(Long.MAX_VALUE);
            held.release(0);
            reading.awaitReceived(1);
            Eventually.until("two run", () -> held.started.get() == 3);
            reading.cancel();

            Eventually.until("both are interrupted", () -> held.interrupted.get() == 2);
            assertThat(function.pending()).isZero();
            if (setup.library().hasSubscribers()) {
                assertThat(sequence.awaitFailure()).isInstanceOf(CancellationException.class);
            }
            held.releaseAll(200, 210);
            scatterAll(function, 200, 210);
            assertThat(function.gatherStream().await()).isEqualTo(numbers(200, 210));
        }
    }

    @WithSubscribers
    void shouldGoOnWhileOneSubscriberIsLeft(Setup setup) {
        Held held = new Held();
        Face<Integer, Integer> function = function(setup, 2, held::run);

        scatterAll(function, 0, 10);
        Sequence<Integer> sequence = function.gatherStream();
        Reading<Integer> leaves = sequence.read().request(Long.MAX_VALUE);
        Reading<Integer> stays = sequence.read().request(Long.MAX_VALUE);
        leaves.cancel();
        held.releaseAll(0, 10);

        assertThat(stays.awaitEnd()).isEqualTo(numbers(0, 10));
        assertThat(leaves.isOver()).isFalse();
        assertThat(held.interrupted).hasValue(0);
    }

    @WithSubscribers
    void shouldKeepTheResultsWhenTheLastSubscriberLeavesWithAllOfThem(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        for (int round = 0; round < 200; round++) {
            scatterAll(function, 0, 5);
            Sequence<Integer> sequence = function.gatherStream();
            sequence.read().request(5).awaitReceived(5).cancel();
            assertThat(sequence.await()).isEqualTo(numbers(0, 5));
        }
    }

    // ---- races -----------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldLoseNothingHoweverItIsRequested(Setup setup) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Face<Integer, Integer> function = function(setup, 3, i -> {
            for (int spin = i * 7919 % 300; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            return i;
        });

        for (int round = 0; round < 150; round++) {
            int size = random.nextInt(600);
            scatterAll(function, 0, size);
            boolean asCompleted = random.nextBoolean();
            Reading<Integer> reading = (asCompleted ? function.gatherAsCompleted() : function.gatherStream()).read();
            for (int asked = 0; asked < size; ) {
                int more = 1 + random.nextInt(200);
                reading.request(more);
                asked += more;
            }
            List<Integer> received = new ArrayList<>(reading.awaitEnd());
            if (asCompleted) {
                Collections.sort(received);
            }
            assertThat(received).as("seed %d, round %d", seed, round).isEqualTo(numbers(0, size));
        }
    }

    @WithSubscribers
    void shouldSurviveACancelAtAnyInstant(Setup setup) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        for (int round = 0; round < 300; round++) {
            scatterAll(function, 0, 100);
            Sequence<Integer> sequence = random.nextBoolean() ? function.gatherAsCompleted() : function.gatherStream();
            Reading<Integer> reading = sequence.read().request(random.nextInt(100) + 1);
            for (int spin = random.nextInt(2000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            reading.cancel();
            function.scatter(7);
            assertThat(function.gather().await())
                    .as("seed %d, round %d", seed, round)
                    .containsExactly(7);
        }
    }
}
