package lox.sync.internal.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.EngineDialect;
import lox.sync.internal.core.Recorder;
import lox.sync.internal.core.Tap;
import lox.sync.internal.engine.Dispatchers;
import lox.test.Patience;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Emission × request × cancel × completion, in threads of their own that meet by the machine's chance. What must hold: results
 * are a prefix of the sequential map's, or of each key's, or any of them; all of them, and one end, unless somebody cancelled; never more taken in than ahead; and every
 * element that was sent is given on or discarded, once.
 */
@Tag("race")
class MapRaceTest {
    private static final long NANOS = 3_000_000_000L;

    /** Sends from a thread of its own what is requested, and watches how much is out. */
    private static final class Pump implements Flow.Subscription, Runnable {
        private final Mapping<Integer, Integer> map;
        private final int elements;
        private final boolean fails;
        final AtomicLong requested = new AtomicLong();
        final AtomicBoolean cancelled = new AtomicBoolean();
        final AtomicInteger sent = new AtomicInteger();

        Pump(Mapping<Integer, Integer> map, int elements, boolean fails) {
            this.map = map;
            this.elements = elements;
            this.fails = fails;
        }

        @Override
        public void request(long n) {
            requested.addAndGet(n);
        }

        @Override
        public void cancel() {
            cancelled.set(true);
        }

        @Override
        public void run() {
            while (!cancelled.get()) {
                if (sent.get() == elements) {
                    if (fails) {
                        map.onError(new IllegalStateException("of the source"));
                    } else {
                        map.onComplete();
                    }
                    return;
                }
                if (sent.get() < requested.get()) {
                    map.onNext(sent.getAndIncrement());
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void shouldKeepEveryPromiseWhateverMeets() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        long rounds = 0;
        for (long start = System.nanoTime(); rounds <= 10 || System.nanoTime() - start < NANOS; rounds++) {
            try {
                race(random);
            } catch (Throwable failure) {
                throw new AssertionError("seed " + seed + ", round " + rounds + ": " + failure, failure);
            }
        }
    }

    private static void race(Random random) throws Exception {
        int workersCount = 1 + random.nextInt(4);
        int ahead = 1 + random.nextInt(6);
        int elements = random.nextInt(60);
        boolean cancels = random.nextInt(3) == 0;
        int cancelAfter = random.nextInt(400);
        boolean fails = random.nextInt(4) == 0;
        int[] pauses = random.ints(elements, 0, 60).toArray();
        int[] requests = random.ints(elements + 1, 1, 5).toArray();
        int keys = 1 + random.nextInt(3);
        int kind = random.nextInt(3);
        MapOptions<Integer, Integer, Integer> options = switch (kind) {
            case 0 -> MapOptions.inOrder(ahead);
            case 1 -> MapOptions.unordered(ahead);
            default -> MapOptions.byKey(ahead, i -> i % keys);
        };
        try (Workers workers = Workers.threads(workersCount).build()) {
            Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(
                    i -> {
                        for (int spin = 0; spin < pauses[i]; spin++) {
                            Thread.onSpinWait();
                        }
                        return i + 1_000;
                    },
                    EngineAccess.lanes(workers),
                    new EngineDialect());
            Recorder<Integer> recorder = new Recorder<>();
            Mapping<Integer, Integer> map = Mapping.of(dispatcher, recorder, options, null);
            Pump pump = new Pump(map, elements, fails);
            CyclicBarrier limiter = new CyclicBarrier(cancels ? 3 : 2);
            map.onSubscribe(pump);
            List<Thread> threads = new ArrayList<>();
            threads.add(start(limiter, pump));
            threads.add(start(limiter, () -> {
                for (int request : requests) {
                    recorder.request(request);
                }
            }));
            if (cancels) {
                threads.add(start(limiter, () -> {
                    for (int spin = 0; spin < cancelAfter; spin++) {
                        Thread.onSpinWait();
                    }
                    recorder.cancel();
                }));
            }
            for (Thread thread : threads) {
                thread.join(Patience.LIMIT.toMillis());
                assertThat(thread.isAlive()).as("%s hangs", thread).isFalse();
            }
            if (!cancels) {
                recorder.awaitEnd();
                assertThat(recorder.results).hasSize(elements);
                assertThat(recorder.failure.get() != null).isEqualTo(fails);
                assertThat(recorder.completions).hasValue(fails ? 0 : 1);
            }
            // Every element: given on, discarded before it ran, or discarded after.
            try {
                MisbehavingSourceTest.await(
                        () -> recorder.results.size() + recorder.discarded.size() >= pump.sent.get());
            } catch (AssertionError late) {
                throw new AssertionError(
                        "sent " + pump.sent + ", results " + recorder.results + ", discarded " + recorder.discarded
                                + ", cancels " + cancels + ", fails " + fails,
                        late);
            }
            if (kind == 0) {
                assertThat(recorder.results)
                        .containsExactlyElementsOf(IntStream.range(1_000, 1_000 + recorder.results.size())
                                .boxed()
                                .toList());
            } else if (kind == 2) {
                assertKeysInOrder(recorder.results, keys);
            }
            List<Integer> met = new ArrayList<>(recorder.results);
            recorder.discarded.forEach(value -> met.add((Integer) value));
            assertThat(met.stream().map(i -> i % 1_000))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, pump.sent.get()).boxed().toList());
            assertThat(pump.requested.get()).isLessThanOrEqualTo(recorder.results.size() + (long) ahead);
            recorder.checkProtocol();
        }
    }

    private static void assertKeysInOrder(Collection<Integer> results, int keys) {
        int[] next = IntStream.range(0, keys).toArray();
        for (int result : results) {
            int element = result - 1_000;
            assertThat(element).as("after its key's last, in %s", results).isEqualTo(next[element % keys]);
            next[element % keys] += keys;
        }
    }

    private static Thread start(CyclicBarrier limiter, Runnable job) {
        Thread thread = new Thread(() -> {
            try {
                limiter.await();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            job.run();
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void shouldGiveTheHeadOnOrDiscardItWhenItCompletesAsTheSubscriberCancels() throws Exception {
        try (Workers workers = Workers.threads(3).build()) {
            long rounds = 0;
            for (long start = System.nanoTime(); rounds <= 10 || System.nanoTime() - start < NANOS; rounds++) {
                CountDownLatch head = new CountDownLatch(1);
                AtomicInteger started = new AtomicInteger();
                Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(
                        i -> {
                            started.incrementAndGet();
                            while (i == 0 && head.getCount() > 0) {
                                Thread.onSpinWait(); // deaf to the interrupt
                            }
                            return i;
                        },
                        EngineAccess.lanes(workers),
                        new EngineDialect());
                Recorder<Integer> recorder = Recorder.unbounded();
                Mapping<Integer, Integer> map = Mapping.of(dispatcher, recorder, MapOptions.inOrder(3), null);
                map.onSubscribe(new Tap());
                IntStream.range(0, 3).forEach(map::onNext);
                MisbehavingSourceTest.await(() -> started.get() == 3);
                CyclicBarrier limiter = new CyclicBarrier(2);
                Thread canceller = start(limiter, recorder::cancel);
                limiter.await();
                head.countDown();
                canceller.join();
                MisbehavingSourceTest.await(() -> recorder.results.size() + recorder.discarded.size() >= 3);
                List<Integer> met = new ArrayList<>(recorder.results);
                recorder.discarded.forEach(value -> met.add((Integer) value));
                assertThat(met).containsExactlyInAnyOrder(0, 1, 2);
                assertThat(recorder.results)
                        .containsExactlyElementsOf(IntStream.range(0, recorder.results.size())
                                .boxed()
                                .toList());
                recorder.checkProtocol();
            }
        }
    }

    @Test
    void shouldNeverStrandAnElementThatComesAsTheLanesLeave() throws Exception {
        try (Workers workers = Workers.threads(2).build()) {
            Dispatcher<Integer, Integer> dispatcher =
                    Dispatchers.of(i -> i, EngineAccess.lanes(workers), new EngineDialect());
            Recorder<Integer> one = Recorder.unbounded();
            Recorder<Integer> two = Recorder.unbounded();
            Mapping<Integer, Integer> first = Mapping.of(dispatcher, one, MapOptions.inOrder(2), null);
            Mapping<Integer, Integer> second = Mapping.of(dispatcher, two, MapOptions.inOrder(2), null);
            first.onSubscribe(new Tap());
            second.onSubscribe(new Tap());
            Random random = new Random(42);
            int sent = 0;
            for (long start = System.nanoTime(); System.nanoTime() - start < NANOS; ) {
                first.onNext(sent);
                if (random.nextInt(4) == 0) {
                    int now = sent + 1;
                    MisbehavingSourceTest.await(() -> one.received.get() == now);
                }
                second.onNext(sent);
                sent++;
                int all = sent;
                MisbehavingSourceTest.await(() -> one.received.get() == all && two.received.get() == all);
                for (int spin = random.nextInt(2_000); spin > 0; spin--) {
                    Thread.onSpinWait(); // until lanes linger, or leave, or have gone
                }
            }
            first.onComplete();
            second.onComplete();
            assertThat(one.awaitCompletion()).hasSize(sent);
            assertThat(two.awaitCompletion()).hasSize(sent);
        }
    }
}
