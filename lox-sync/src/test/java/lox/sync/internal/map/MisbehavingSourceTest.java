package lox.sync.internal.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.EngineDialect;
import lox.sync.internal.core.Nulls;
import lox.sync.internal.core.Recorder;
import lox.sync.internal.core.Tap;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.spi.Work;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sources and subscribers that do what they must not, and the ends that a map can come to. */
class MisbehavingSourceTest {
    private final Workers workers = Workers.threads(2).build();
    private final EngineDialect dialect = new EngineDialect();
    private final Dispatcher<Integer, Integer> negate = dispatcher(i -> -i);
    private final Tap tap = new Tap();

    private Dispatcher<Integer, Integer> dispatcher(Work<Integer, Integer> work) {
        return Dispatchers.of(work, EngineAccess.lanes(workers), dialect);
    }

    @AfterEach
    void close() {
        workers.close();
    }

    private static <R> Mapping<Integer, R> map(Dispatcher<Integer, R> by, Recorder<R> recorder, int ahead) {
        return Mapping.of(by, recorder, MapOptions.inOrder(ahead), null);
    }

    @Test
    void shouldAskForAheadAndThenForAsManyAsHaveLeft() {
        Recorder<Integer> recorder = new Recorder<>();
        Mapping<Integer, Integer> map = map(negate, recorder, 5);
        map.onSubscribe(tap);
        assertThat(tap.requested).hasValue(5);
        IntStream.range(0, 5).forEach(map::onNext);
        assertThat(tap.requested).hasValue(5);

        recorder.request(2);
        await(() -> recorder.results.size() == 2);
        await(() -> tap.requested.get() == 7);
        recorder.request(1);
        await(() -> tap.requested.get() == 8);

        assertThat(recorder.results).containsExactly(0, -1, -2);
        assertThat(map.underWay()).isEqualTo(2);
        recorder.checkProtocol();
    }

    @Test
    void shouldFailWhenTheSourceSendsMoreThanWasRequested() throws InterruptedException {
        Recorder<Integer> recorder = new Recorder<>();
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(tap);

        IntStream.range(0, 10).forEach(map::onNext);
        assertThat(tap.cancels.get()).isPositive();
        recorder.request(Long.MAX_VALUE);

        assertThat(recorder.awaitFailure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more than the 3");
        assertThat(recorder.results).containsExactly(0, -1, -2);
        assertThat(recorder.discarded).containsExactly(3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void shouldLoseNothingWhenTheSourceSendsFromManyThreads() throws InterruptedException {
        Recorder<Integer> recorder = Recorder.unbounded();
        Mapping<Integer, Integer> map = map(negate, recorder, 100_000);
        map.onSubscribe(tap);
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            int first = t * 10_000;
            threads[t] = new Thread(() -> IntStream.range(first, first + 10_000).forEach(map::onNext));
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        map.onComplete();

        Set<Integer> distinct = new HashSet<>(recorder.awaitCompletion());
        assertThat(recorder.results).hasSize(40_000);
        assertThat(distinct).hasSize(40_000);
        for (int t = 0; t < threads.length; t++) {
            int thread = t;
            assertThat(recorder.results.stream().filter(i -> -i / 10_000 == thread))
                    .as("in the order of thread %s", t)
                    .isSortedAccordingTo((a, b) -> Integer.compare(b, a));
        }
    }

    @Test
    void shouldWaitForASourceThatNeverEndsAndStopAtACancel() {
        Recorder<Integer> recorder = Recorder.unbounded();
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(tap);
        map.onNext(1);
        await(() -> recorder.results.size() == 1);
        assertThat(recorder.isEnded()).isFalse();

        recorder.cancel();
        map.onNext(2);

        assertThat(tap.cancels).hasValue(1);
        assertThat(recorder.results).containsExactly(-1);
        assertThat(recorder.discarded).containsExactly(2);
        assertThat(recorder.isEnded()).isFalse();
    }

    @Test
    void shouldCompleteEmptyWithoutDemand() throws InterruptedException {
        Recorder<Integer> recorder = new Recorder<>();
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(tap);
        map.onComplete();

        assertThat(recorder.awaitCompletion()).isEmpty();
    }

    @Test
    void shouldAskForNothingWhenCancelledBeforeTheStart() {
        Recorder<Integer> recorder = new Recorder<>(Recorder::cancel, result -> {});
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(tap);
        map.onNext(1);
        map.onComplete();

        assertThat(tap.requested).hasValue(0);
        assertThat(tap.cancels).hasValue(1);
        assertThat(recorder.results).isEmpty();
        assertThat(recorder.completions).hasValue(0);
        assertThat(recorder.discarded).containsExactly(1);
    }

    @Test
    void shouldCancelASecondSubscription() throws InterruptedException {
        Recorder<Integer> recorder = Recorder.unbounded();
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(tap);
        Tap second = new Tap();
        map.onSubscribe(second);
        map.onNext(1);
        map.onComplete();

        assertThat(second.cancels).hasValue(1);
        assertThat(tap.cancels).hasValue(0);
        assertThat(recorder.awaitCompletion()).containsExactly(-1);
    }

    @Test
    void shouldKeepToTheFirstEnd() throws InterruptedException {
        Recorder<Integer> recorder = Recorder.unbounded();
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(tap);
        map.onNext(1);
        map.onComplete();
        map.onError(new IllegalStateException("too late"));
        map.onNext(2);
        map.onComplete();

        assertThat(recorder.awaitCompletion()).containsExactly(-1);
        assertThat(recorder.dropped)
                .singleElement()
                .satisfies(late -> assertThat(late).hasMessage("too late"));
        assertThat(recorder.discarded).containsExactly(2);
    }

    @Test
    void shouldRefuseNullsAsTheSpecificationSays() {
        Mapping<Integer, Integer> map = map(negate, new Recorder<>(), 3);
        assertThatNullPointerException().isThrownBy(() -> map.onSubscribe(Nulls.of()));
        map.onSubscribe(tap);
        assertThatNullPointerException().isThrownBy(() -> map.onNext(Nulls.of()));
        assertThatNullPointerException().isThrownBy(() -> map.onError(Nulls.of()));
    }

    @Test
    void shouldFailWhenTheSourceThrowsAtARequest() throws InterruptedException {
        Recorder<Integer> recorder = Recorder.unbounded();
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                throw new IllegalStateException("no");
            }

            @Override
            public void cancel() {}
        });

        assertThat(recorder.awaitFailure()).hasMessage("no");
    }

    @Test
    void shouldSignalAnIllegalRequest() throws InterruptedException {
        for (long illegal : new long[] {0, -1, Long.MIN_VALUE}) {
            Recorder<Integer> recorder = new Recorder<>();
            Tap source = new Tap();
            Mapping<Integer, Integer> map = map(negate, recorder, 3);
            map.onSubscribe(source);
            map.request(illegal);

            assertThat(recorder.awaitFailure())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3.9");
            assertThat(source.cancels.get()).isPositive();
        }
    }

    @Test
    void shouldStopWhenTheSubscriberThrows() throws InterruptedException {
        CountDownLatch thrown = new CountDownLatch(1);
        Recorder<Integer> recorder = new Recorder<>(it -> it.request(Long.MAX_VALUE), result -> {
            thrown.countDown();
            throw new IllegalStateException("of the subscriber");
        });
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(tap);
        map.onNext(1);
        thrown.await();
        await(() -> tap.cancels.get() > 0);
        map.onNext(2);

        await(() -> !recorder.dropped.isEmpty());
        assertThat(recorder.dropped)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("of the subscriber"));
        assertThat(recorder.results).containsExactly(-1);
        assertThat(recorder.isEnded()).isFalse();
    }

    @Tag("race")
    @Test
    void shouldInterruptNeitherSubscriberNorSourceAtACancel() {
        AtomicInteger interrupted = new AtomicInteger();
        for (int round = 0; round < 300; round++) {
            CountDownLatch inSubscriber = new CountDownLatch(1);
            CountDownLatch over = new CountDownLatch(1);
            Recorder<Integer> recorder = new Recorder<>(it -> it.request(Long.MAX_VALUE), result -> {
                inSubscriber.countDown();
                for (int spin = 0; spin < 2_000; spin++) {
                    Thread.onSpinWait();
                }
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.incrementAndGet();
                }
                over.countDown();
            });
            Mapping<Integer, Integer> map = map(negate, recorder, 3);
            map.onSubscribe(new Tap());
            map.onNext(1);
            map.onNext(2);
            await(() -> inSubscriber.getCount() == 0);
            recorder.cancel();
            await(() -> over.getCount() == 0);
        }
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void shouldNotKeepAMapThatHasNothingToDo() {
        Recorder<Integer> recorder = new Recorder<>();
        Mapping<Integer, Integer> map = map(negate, recorder, 3);
        map.onSubscribe(tap);
        map.onNext(1);

        await(() -> negate.sources().others().isEmpty());
        recorder.request(1);
        await(() -> recorder.results.size() == 1);
        map.onNext(2);
        recorder.request(1);
        await(() -> recorder.results.size() == 2);
        recorder.cancel();
    }

    @Test
    void shouldLetGoOfWhatHasBeenPassed() {
        try (Workers none = Workers.inline().build()) {
            Dispatcher<Integer, Integer> inline = Dispatchers.of(i -> -i, EngineAccess.lanes(none), dialect);
            for (Dispatcher<Integer, Integer> dispatcher : List.of(negate, inline)) {
                Recorder<Integer> recorder = Recorder.unbounded();
                Mapping<Integer, Integer> map = map(dispatcher, recorder, 100_000);
                map.onSubscribe(tap);
                IntStream.range(0, 20 * MapSegment.SIZE).forEach(map::onNext);
                await(() -> recorder.received.get() == 20 * MapSegment.SIZE);
                map.onNext(1);
                await(() -> recorder.received.get() == 20 * MapSegment.SIZE + 1);

                int segments = 0;
                for (Batch segment : map.buffer().batches()) {
                    segments += segment.isStreamed() ? 1 : 0;
                }
                assertThat(segments).isLessThanOrEqualTo(2);
                recorder.cancel();
            }
        }
    }

    static void await(java.util.function.BooleanSupplier state) {
        long start = System.nanoTime();
        while (!state.getAsBoolean()) {
            if (System.nanoTime() - start > Patience.LIMIT.toNanos()) {
                throw new AssertionError("not within 20 s");
            }
            LockSupport.parkNanos(1_000);
        }
    }
}
