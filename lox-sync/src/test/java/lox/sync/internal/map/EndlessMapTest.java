package lox.sync.internal.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.EngineDialect;
import lox.sync.internal.core.Recorder;
import lox.sync.internal.core.Tap;
import lox.sync.internal.engine.Dispatchers;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a map keeps of a stream that does not end. */
class EndlessMapTest {
    private static final int SEGMENTS = 6;

    private final Workers workers = Workers.threads(3).build();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<WeakReference<Batch>> segments = new ArrayList<>();
    private final Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(
            i -> {
                if (i == 0) {
                    released.await(Patience.SECONDS, TimeUnit.SECONDS);
                }
                return i;
            },
            EngineAccess.lanes(workers),
            new EngineDialect());

    @AfterEach
    void close() {
        released.countDown();
        workers.close();
    }

    /** Lets all elements but the first leave, and returns the map. */
    private Mapping<Integer, Integer> passAllButTheFirst(
            MapOptions<Integer, Integer, Integer> options, Recorder<Integer> recorder) {
        Mapping<Integer, Integer> map = Mapping.of(dispatcher, recorder, options, null);
        map.onSubscribe(new Tap());
        for (int i = 0; i < SEGMENTS * MapSegment.SIZE; i++) {
            map.onNext(i);
            int sent = i;
            Patience.until("all but the first have left", () -> recorder.received.get() == sent);
            if (i % MapSegment.SIZE == 0) {
                segments.add(new WeakReference<>(map.buffer().batches().open()));
            }
        }
        return map;
    }

    private void assertOnlyTheFirstIsKept() {
        for (int i = 1; i < SEGMENTS - 1; i++) { // lanes may still hold the last one
            WeakReference<Batch> segment = segments.get(i);
            Patience.until("segment " + i + " is collected", () -> {
                System.gc();
                return segment.get() == null;
            });
        }
        assertThat(segments.get(0).get()).isNotNull();
    }

    @Test
    void shouldKeepNothingOfWhatHasLeftWhileOneTakesLong() throws InterruptedException {
        Recorder<Integer> recorder = Recorder.unbounded();
        Mapping<Integer, Integer> map = passAllButTheFirst(MapOptions.unordered(4), recorder);

        assertOnlyTheFirstIsKept();

        released.countDown();
        map.onComplete();
        assertThat(recorder.awaitCompletion())
                .hasSize(SEGMENTS * MapSegment.SIZE)
                .endsWith(0);
    }

    @Test
    void shouldKeepNothingOfAKeyThatHasNoElements() throws InterruptedException {
        Recorder<Integer> recorder = Recorder.unbounded();
        Mapping<Integer, Integer> map = passAllButTheFirst(MapOptions.byKey(4, i -> i), recorder);

        Patience.until("only the key of the first is there", () -> map.buffer().keys() == 1);
        assertOnlyTheFirstIsKept();

        released.countDown();
        map.onComplete();
        assertThat(recorder.awaitCompletion()).hasSize(SEGMENTS * MapSegment.SIZE);
        assertThat(map.buffer().keys()).isZero();
    }
}
