package lox.sync.internal.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.Gathering;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.core.RunSizer;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.map.ElementBuffer;
import lox.sync.internal.map.MapOptions;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.result.Completion;
import lox.sync.internal.slot.Slots;
import lox.sync.internal.time.WorkerThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Items of a chain that wait side by side, while lanes get stuck among them, share in each other's ranges, and their batch ends.
 * Both functions have seen short tasks, so items travel together wherever that can be.
 */
@Tag("race")
class SlotRangeRaceTest extends Chains {
    private static final int HELD = -2;

    // each test's own
    private volatile CountDownLatch arrived = new CountDownLatch(0);
    private volatile CountDownLatch open = new CountDownLatch(0);

    @Test
    void shouldMoveItemsOnThoughTheNextOfTheirRunIsStuck() {
        LanePool one = pool("one", 1);
        LanePool other = pool("other", 1);
        for (int round = 0; round < 100; round++) {
            arrived = new CountDownLatch(100);
            Dispatcher<Integer, Integer> chain =
                    Dispatchers.chain(function(one, i -> i == 100 ? block(arrived, i) : i), function(other, i -> {
                        if (i >= 0) {
                            arrived.countDown();
                        }
                        return i;
                    }));
            warmUp(chain);
            IntStream.rangeClosed(0, 100).forEach(chain::scatter);

            assertThat(gather(chain)).hasSize(101).last().isEqualTo(100);
        }
    }

    @Test
    void shouldShareASpanWhoseLaneIsStuck() {
        LanePool one = pool("one", 1);
        LanePool other = pool("other", 2);
        for (int round = 0; round < 100; round++) {
            CountDownLatch others = new CountDownLatch(100);
            Dispatcher<Integer, Integer> chain = Dispatchers.chain(function(one, i -> i), function(other, i -> {
                if (i == 0) {
                    return block(others, i);
                }
                if (i > 0) {
                    others.countDown();
                }
                return i;
            }));
            warmUp(chain);
            IntStream.rangeClosed(0, 100).forEach(chain::scatter);

            assertThat(gather(chain))
                    .isEqualTo(IntStream.rangeClosed(0, 100).boxed().toList());
        }
    }

    /** A lane that shares a range of its stage may be late: then the items wait for another stage, and are not its own. */
    @Test
    void shouldRunEachFunctionOnceForEachItem() {
        int items = 20_000;
        Random random = new Random(7);
        AtomicIntegerArray[] calls = {
            new AtomicIntegerArray(items), new AtomicIntegerArray(items), new AtomicIntegerArray(items)
        };
        boolean[] slow = new boolean[3 * items];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = random.nextInt(3_000) == 0;
        }
        Dispatcher<Integer, Integer> chain = Dispatchers.chain(
                Dispatchers.chain(counting(calls, slow, 0), counting(calls, slow, 1)), counting(calls, slow, 2));
        int rounds = 10;
        for (int round = 0; round < rounds; round++) {
            IntStream.range(0, items).forEach(chain::scatter);
            assertThat(gather(chain))
                    .isEqualTo(IntStream.range(0, items).boxed().toList());
        }
        for (AtomicIntegerArray each : calls) {
            assertThat(IntStream.range(0, items).filter(i -> each.get(i) != rounds))
                    .isEmpty();
        }
    }

    /** The same at an instant where it would be wrong for certain, if a state did not say which stage an item waits for. */
    @Test
    void shouldLeaveAloneWhatWaitsForALaterFunction() {
        AtomicInteger calls = new AtomicInteger();
        AtomicBoolean scattered = new AtomicBoolean();
        Dispatcher<Integer, Integer> chain = Dispatchers.chain(
                Dispatchers.chain(function(pool("one", 1), i -> hold(scattered, i)), function(pool("two", 2), i -> {
                    calls.addAndGet(i < 0 ? 0 : 1);
                    if (i == 0) {
                        return block(arrived, i);
                    }
                    arrived.countDown();
                    return i;
                })),
                function(pool("three", 1), i -> i < 0 ? i : block(open, i)));
        Lanes second = ((Stage) Objects.requireNonNull(chain.next())).lanes();
        for (int round = 0; round < 50; round++) {
            warmUp(chain);
            calls.set(0);
            arrived = new CountDownLatch(101); // the one that is held is one of them
            open = new CountDownLatch(1);
            scattered.set(false);
            chain.scatter(HELD);
            IntStream.rangeClosed(0, 100).forEach(chain::scatter);
            scattered.set(true);

            await(() -> arrived.getCount() == 0, "the second function to be through with all but one");
            await(second::isIdle, "its lanes to have gone over all they had claimed");
            open.countDown();
            assertThat(gather(chain)).hasSize(102);
            assertThat(calls).hasValue(101);
        }
    }

    /** Until all are there, so that the next run has them all; and for less time than the watch takes to find it stuck. */
    private static Integer hold(AtomicBoolean scattered, Integer item) {
        while (item == HELD && !scattered.get()) {
            Thread.onSpinWait();
        }
        return item;
    }

    private Dispatcher<Integer, Integer> counting(AtomicIntegerArray[] calls, boolean[] slow, int number) {
        AtomicIntegerArray mine = calls[number];
        return function(pool("f" + number, 3), i -> {
            mine.incrementAndGet(i);
            if (slow[number * mine.length() + i]) {
                LockSupport.parkNanos(4_000_000); // longer than the watch takes between two looks
            }
            return i;
        });
    }

    /** Is told of an argument that has been dropped. */
    private interface Discards extends ElementBuffer.Listener {
        @Override
        default void settled() {}

        @Override
        default void stopped() {}

        @Override
        default void dropped(Throwable failure) {}
    }

    @Test
    void shouldDropWhatIsPassedOnAfterItsBatchHasEnded() {
        Queue<Runnable> lanes = new ArrayDeque<>();
        LanePool one = new LanePool("one", 1, Integer.MAX_VALUE, lanes::add, () -> {});
        LanePool never = new LanePool("never", 1, Integer.MAX_VALUE, lane -> {}, () -> {});
        AtomicReference<@Nullable ElementBuffer<Integer, Integer>> map = new AtomicReference<>();
        Dispatcher<Integer, Integer> chain = Dispatchers.chain(
                function(one, i -> {
                    Objects.requireNonNull(map.get()).stop(new CancellationException("in the middle of the task"));
                    return i;
                }),
                function(never, i -> i));
        AtomicInteger told = new AtomicInteger();
        Discards discards = value -> told.incrementAndGet();
        ElementBuffer<Integer, Integer> passage = new ElementBuffer<>(chain, MapOptions.inOrder(1), null, discards);
        map.set(passage);
        passage.offer(7);

        lanes.remove().run();

        assertThat(told).hasValue(1);
    }

    /** The one who ends the batch has gone over the slot, and takes the batch out of the range just after that lies in the queue. */
    @Test
    void shouldDropWhatIsPassedOnWhileItsBatchIsBeingEnded() {
        AtomicBoolean goneOver = new AtomicBoolean();
        AtomicBoolean inTheQueue = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        LanePool never = new LanePool(
                "never",
                1,
                Integer.MAX_VALUE,
                lane -> {
                    inTheQueue.set(true);
                    await(ended::get, "the batch to have ended");
                },
                () -> {});
        Dispatcher<Integer, Integer> chain = Dispatchers.chain(
                function(pool("one", 1), i -> {
                    arrived.countDown();
                    await(goneOver::get, "the slot to be passed over");
                    return i;
                }),
                function(never, i -> i));
        arrived = new CountDownLatch(1);
        AtomicInteger told = new AtomicInteger();
        Discards discards = value -> {
            if (Objects.equals(value, 8)) { // in the thread that ends the batch, behind the first slot
                goneOver.set(true);
                await(inTheQueue::get, "the first item to lie in the queue");
            } else {
                told.incrementAndGet();
            }
        };
        ElementBuffer<Integer, Integer> passage = new ElementBuffer<>(chain, MapOptions.inOrder(1), null, discards);
        passage.offer(7);
        passage.offer(8);
        await(() -> arrived.getCount() == 0, "the first item to run");

        passage.stop(new CancellationException("in the middle of the task"));
        ended.set(true);

        await(() -> told.get() == 1, "it to be dropped");
    }

    /** The watch must not go when nobody bets any more and nothing is left to start: what is pending is left. */
    @Test
    void shouldMoveItemsOnThoughNobodyBetsAnyMore() {
        AtomicReference<@Nullable Dispatcher<Integer, Integer>> made = new AtomicReference<>();
        Dispatcher<Integer, Integer> chain = Dispatchers.chain(
                function(pool("one", 1), i -> {
                    if (i == 100) {
                        Dispatcher<Integer, Integer> mine = Objects.requireNonNull(made.get());
                        mine.lanes().finishedRun(mine.batches().open(), new RunSizer(), DEADLINE_NANOS, 1);
                        return block(arrived, i);
                    }
                    return i;
                }),
                function(pool("two", 1), i -> {
                    arrived.countDown();
                    return i;
                }));
        made.set(chain);
        for (int round = 0; round < 20; round++) {
            warmUp(chain);
            arrived = new CountDownLatch(100);
            IntStream.rangeClosed(0, 100).forEach(chain::scatter);
            assertThat(gather(chain)).hasSize(101);
        }
    }

    private static class Listener implements Completion.Observer<@Nullable Integer> {
        private final AtomicInteger told;

        Listener(AtomicInteger told) {
            this.told = told;
        }

        @Override
        public void succeeded(@Nullable Integer result) {
            told.incrementAndGet();
        }

        @Override
        public void failed(Throwable failure) {
            told.incrementAndGet();
        }
    }

    @Test
    void shouldTellEachListenerOnceThoughItsSubmitIsCancelledAtAnyInstant() {
        Dispatcher<Integer, Integer> chain = Dispatchers.chain(
                Dispatchers.chain(function(pool("one", 2), i -> i), function(pool("two", 2), i -> i)),
                function(pool("three", 2), i -> i));
        warmUp(chain);
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            int items = 1 + random.nextInt(200);
            AtomicInteger told = new AtomicInteger();
            List<Gathering<Integer>> results = new ArrayList<>();
            for (int i = 0; i < items; i++) {
                Gathering<Integer> result = chain.submit(i);
                result.observe(new Listener(told));
                results.add(result);
            }
            for (int spin = random.nextInt(3_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            results.forEach(result -> result.cancel("at any instant"));
            await(() -> told.get() >= items, "all to be told");
            assertThat(told).hasValue(items);
        }
        assertThat(dialect.dropped).isEmpty();
        await(() -> chain.pending() == 0, "nothing to be left");
    }

    @Test
    void shouldGiveBackThePlacesOfItemsThatAreDroppedInALimitedQueue() {
        int limit = 7;
        open = new CountDownLatch(1);
        AtomicInteger through = new AtomicInteger();
        LanePool limited = new LanePool("limited", 1, limit, WorkerThreads.platform("limited"), () -> {});
        Dispatcher<Integer, Integer> chain = Dispatchers.chain(
                Dispatchers.chain(function(pool("one", 1), i -> i), function(pool("two", 1), i -> {
                    if (i >= SHORT) {
                        through.incrementAndGet();
                    }
                    return i;
                })),
                function(limited, i -> i < SHORT ? i : block(open, i)));
        Random random = new Random(13);
        for (int round = 0; round < 2_000; round++) {
            IntStream.range(0, 1 + random.nextInt(50)).forEach(chain::scatter);
            Batch batch = chain.gather(null).batch();
            if (batch != null) {
                batch.cancel("to drop what waits");
            }
        }

        IntStream.range(SHORT, SHORT + 100).forEach(chain::scatter);
        int held = 1 + limit + 1; // one runs, so many wait, and one is in the second function's hand
        await(() -> through.get() == held, "the second function to be held back at the limit");
        open.countDown();
        assertThat(gather(chain)).hasSize(100);
    }

    @Test
    void shouldLetGoOfABatchThatHasEndedThoughTheNextFunctionIsStuck() {
        open = new CountDownLatch(1);
        Dispatcher<Integer, Integer> chain = Dispatchers.chain(
                function(pool("one", 1), i -> i), function(pool("two", 1), i -> i == 1 ? block(open, i) : i));
        warmUp(chain);
        chain.scatter(1);
        Gathering<List<Integer>> stuck = chain.gather(null);

        WeakReference<Batch> ended = endedWithItemsInTheQueue(chain);
        chain.scatter(2); // the first function lets go of it, too
        await(
                () -> {
                    System.gc();
                    return ended.get() == null;
                },
                "the batch to be collected");

        open.countDown();
        assertThat(gather(chain)).isEqualTo(List.of(2));
        assertThat(stuck.batch()).isNull();
    }

    private static WeakReference<Batch> endedWithItemsInTheQueue(Dispatcher<Integer, Integer> chain) {
        Batch batch = chain.batches().open();
        IntStream.range(0, 1_000).forEach(i -> chain.scatter(3));
        await(() -> batch.slots().state(999) == Slots.waitingFor(1), "all items to wait for the second function");
        chain.gather(null);
        batch.cancel("nobody wants it");
        return new WeakReference<>(batch);
    }

    @Test
    void shouldChainAsManyFunctionsAsStatesCanTellApart() {
        LanePool pool = pool("all", 2);
        Dispatcher<Integer, Integer> one = function(pool, i -> i + 1);
        Dispatcher<Integer, Integer> chain = one;
        for (int functions = 1; functions <= Slots.MOST_STAGES; functions++) {
            chain = Dispatchers.chain(chain, one);
        }
        IntStream.range(0, 1_000).forEach(chain::scatter);

        assertThat(gather(chain))
                .isEqualTo(IntStream.range(0, 1_000)
                        .map(i -> i + 1 + Slots.MOST_STAGES)
                        .boxed()
                        .toList());
        Dispatcher<Integer, Integer> longest = chain;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dispatchers.chain(longest, one))
                .withMessage("a chain has at most 121 functions, but with next it would have 122");
    }
}
