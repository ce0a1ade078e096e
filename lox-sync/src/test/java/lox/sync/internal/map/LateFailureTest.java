package lox.sync.internal.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.EngineDialect;
import lox.sync.internal.core.Recorder;
import lox.sync.internal.core.Tap;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.stream.Follower;
import lox.sync.internal.stream.ResultStream;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A failure or an element that comes as a map ends, or an end that somebody overtakes. Invariant: every failure is signalled or
 * dropped, and every element is given on or discarded, once.
 */
@Tag("race")
class LateFailureTest {
    private static final int ROUNDS = 4_000;

    private final Workers workers = Workers.threads(2).build();
    private final EngineDialect dialect = new EngineDialect();

    @AfterEach
    void close() {
        workers.close();
    }

    private Dispatcher<Integer, Integer> dispatcher(Work<Integer, Integer> work) {
        return Dispatchers.of(work, EngineAccess.lanes(workers), dialect);
    }

    // ---- a map whose results are pushed ----------------------------------------------------------------------------

    @Test
    void shouldDiscardTheElementThatFindsTheWorkersClosed() throws InterruptedException {
        Recorder<Integer> recorder = Recorder.unbounded();
        Mapping<Integer, Integer> map = Mapping.of(dispatcher(i -> i), recorder, MapOptions.inOrder(3), null);
        Tap tap = new Tap();
        map.onSubscribe(tap);
        workers.close();

        map.onNext(7);

        assertThat(recorder.awaitFailure())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("closed");
        assertThat(recorder.discarded).containsExactly(7);
        assertThat(tap.cancels).hasValue(1);
        assertThat(recorder.dropped).isEmpty();
    }

    @Test
    void shouldSignalOrDropTheSourcesFailureThatMeetsACancel() throws Exception {
        Dispatcher<Integer, Integer> dispatcher = dispatcher(i -> i);
        Meeting meeting = new Meeting();
        for (int round = 0; round < ROUNDS; round++) {
            Recorder<Integer> recorder = Recorder.unbounded();
            Mapping<Integer, Integer> map = Mapping.of(dispatcher, recorder, MapOptions.inOrder(3), null);
            map.onSubscribe(new Tap());
            IOException failure = new IOException("of the source");
            meeting.of(() -> map.onError(failure), recorder::cancel);

            assertThat(told(recorder)).as("round %d", round).containsExactly(failure);
        }
        meeting.over();
    }

    @Test
    void shouldSignalOrDropATasksFailureThatMeetsACancel() throws Exception {
        AtomicBoolean fail = new AtomicBoolean();
        AtomicInteger started = new AtomicInteger();
        Dispatcher<Integer, Integer> dispatcher = dispatcher(i -> {
            started.incrementAndGet();
            while (!fail.get()) {
                Thread.onSpinWait(); // deaf to the interrupt
            }
            throw new IOException("of task " + i);
        });
        Meeting meeting = new Meeting();
        for (int round = 0; round < ROUNDS; round++) {
            fail.set(false);
            started.set(0);
            Recorder<Integer> recorder = Recorder.unbounded();
            Mapping<Integer, Integer> map = Mapping.of(dispatcher, recorder, MapOptions.inOrder(3), null);
            map.onSubscribe(new Tap());
            map.onNext(round);
            MisbehavingSourceTest.await(() -> started.get() == 1);
            meeting.of(() -> fail.set(true), recorder::cancel);

            MisbehavingSourceTest.await(() -> !told(recorder).isEmpty());
            assertThat(told(recorder))
                    .as("round %d", round)
                    .singleElement()
                    .satisfies(one -> assertThat(one).isInstanceOf(IOException.class));
        }
        meeting.over();
    }

    @Test
    void shouldSignalOrDropTheDelayedFailuresWhoseEndMeetsACancel() throws Exception {
        Dispatcher<Integer, Integer> dispatcher = dispatcher(i -> {
            throw new IOException("of task " + i);
        });
        Meeting meeting = new Meeting();
        for (int round = 0; round < ROUNDS; round++) {
            Recorder<Integer> recorder = Recorder.unbounded();
            Mapping<Integer, Integer> map = Mapping.of(dispatcher, recorder, MapOptions.delayError(3), null);
            map.onSubscribe(new Tap());
            map.onNext(round);
            meeting.of(map::onComplete, recorder::cancel);

            MisbehavingSourceTest.await(() -> !told(recorder).isEmpty() || recorder.discarded.size() == 1);
            if (recorder.discarded.isEmpty()) {
                assertThat(told(recorder))
                        .as("round %d", round)
                        .singleElement()
                        .satisfies(one -> assertThat(one).isInstanceOf(IOException.class));
            }
        }
        meeting.over();
    }

    /** All failures that somebody has been told of, signalled and dropped. */
    private static List<Throwable> told(Recorder<?> recorder) {
        return Stream.concat(Stream.ofNullable(recorder.failure.get()), recorder.dropped.stream())
                .toList();
    }

    // ---- a map whose results are pulled ----------------------------------------------------------------------------

    @Test
    void shouldDropTheFailureThatIsNeverPulled() throws Throwable {
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        Dispatcher<Integer, Integer> dispatcher = dispatcher(i -> {
            both.countDown();
            both.await(); // else no more would be asked for than the first
            if (i == 1) {
                go.await();
                throw new IOException("never pulled");
            }
            return i;
        });
        Pulling<Integer, Integer> map =
                Pulling.of(dispatcher, Stream.of(0, 1, 2).spliterator(), MapOptions.inOrder(3));
        assertThat(map.advance(result -> {})).isTrue();
        go.countDown();
        MisbehavingSourceTest.await(() -> map.buffer().terminalCause() != null);

        map.close();
        map.close();

        assertThat(dialect.dropped)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("never pulled"));
    }

    @Test
    void shouldDropTheDelayedFailuresOfAMapThatIsClosed() throws Throwable {
        Dispatcher<Integer, Integer> dispatcher = dispatcher(i -> {
            if (i % 2 == 0) {
                throw new IOException("of task " + i);
            }
            return i;
        });
        Pulling<Integer, Integer> map =
                Pulling.of(dispatcher, Stream.of(0, 1, 2, 3, 4, 5).spliterator(), MapOptions.delayError(1));
        assertThat(map.advance(result -> {})).isTrue();
        assertThat(map.advance(result -> {})).isTrue();
        assertThat(dialect.dropped).isEmpty();

        map.close();

        assertThat(dialect.dropped)
                .extracting(Throwable::getMessage)
                .startsWith("of task 0", "of task 2")
                .hasSizeBetween(2, 3); // the last one may have been asked for
        assertThatThrownBy(() -> map.advance(result -> {}))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void shouldThrowOrDropTheFailureThatMeetsACloseInAnotherThread() throws Exception {
        Meeting meeting = new Meeting();
        List<Throwable> allThrown = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            AtomicBoolean fail = new AtomicBoolean();
            Dispatcher<Integer, Integer> dispatcher = dispatcher(i -> {
                while (!fail.get() && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                throw new IOException("of task " + i);
            });
            Pulling<Integer, Integer> map =
                    Pulling.of(dispatcher, Stream.of(round).spliterator(), MapOptions.inOrder(3));
            CountDownLatch ended = new CountDownLatch(1);
            Throwable[] thrown = new Throwable[1];
            meeting.of(
                    () -> {
                        fail.set(true);
                        try {
                            map.advance(result -> {});
                        } catch (Throwable failure) {
                            thrown[0] = failure;
                        }
                        ended.countDown();
                    },
                    map::close);
            assertThat(ended.getCount()).isZero();
            assertThat(thrown[0]).as("round %d", round).isNotNull();
            allThrown.add(thrown[0]);
        }
        meeting.over();
        // At the end: a task of one round may be told of its end while the next ones are on.
        assertThat(dialect.dropped).doesNotContainAnyElementsOf(allThrown);
    }

    // ---- results one by one ----------------------------------------------------------------------------------------

    @Test
    void shouldTellWhoeverWaitsForAResultThatSomebodyStillHasInHisHands() {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger advanced = new AtomicInteger();
        Dispatcher<Integer, Integer> dispatcher = dispatcher(i -> i);
        dispatcher.scatter(1);
        Batch batch = dispatcher.batches().iterator().next();
        MisbehavingSourceTest.await(() -> batch.done() == 1); // so that nobody else looks it over
        ResultStream<Integer> stream = new ResultStream<>(batch, true, "streamed", dialect);
        batch.seal(stream.gathering(), null);
        stream.begin(batch);
        Thread looker = new Thread(stream::lookOverLater);
        stream.gathering().observe(new Counting(() -> {
            if (Thread.currentThread() == looker) {
                looking.countDown();
                MisbehavingSourceTest.await(() -> goOn.getCount() == 0);
            }
        }));
        stream.gathering().observe(new Counting(advanced::incrementAndGet) {
            @Override
            public boolean isWaiting() {
                return false; // while it has not been told of the end
            }

            @Override
            public void succeeded(Integer size) {
                stream.completed(this);
            }
        });
        looker.setDaemon(true);
        looker.start();
        MisbehavingSourceTest.await(() -> looking.getCount() == 0);

        batch.sealed(); // and so complete
        assertThat(advanced).hasValue(1);
        goOn.countDown();

        MisbehavingSourceTest.await(() -> advanced.get() == 2);
    }

    private static class Counting implements Follower {
        private final Runnable advance;

        Counting(Runnable advance) {
            this.advance = advance;
        }

        @Override
        public boolean isWaiting() {
            return true;
        }

        @Override
        public void advance() {
            advance.run();
        }

        @Override
        public void succeeded(Integer size) {}

        @Override
        public void failed(Throwable failure) {}
    }

    /** Two threads that do something at once, again and again. */
    private static final class Meeting {
        private final CyclicBarrier start = new CyclicBarrier(2);
        private final CyclicBarrier end = new CyclicBarrier(2);
        private final Thread other = new Thread(this::run);
        private volatile @Nullable Runnable second;

        Meeting() {
            other.setDaemon(true);
            other.start();
        }

        void of(Runnable one, Runnable two) throws Exception {
            second = two;
            start.await();
            one.run();
            end.await();
        }

        void over() throws Exception {
            second = null;
            start.await();
            other.join();
        }

        private void run() {
            try {
                for (start.await(); second != null; start.await()) {
                    Runnable now = second;
                    if (now != null) {
                        now.run();
                    }
                    end.await();
                }
            } catch (Exception broken) {
                throw new AssertionError(broken);
            }
        }
    }
}
