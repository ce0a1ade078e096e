package lox.sync.internal.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.EngineDialect;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.time.WorkerThreads;
import lox.test.Patience;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A pulled map that another thread closes: a failure that was put aside is thrown or dropped, once, whoever comes last. */
@Tag("race")
class PullingCloseTest {
    private static final int ITEMS = 40;

    private final EngineDialect dialect = new EngineDialect();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger pulled = new AtomicInteger();
    private final LanePool pool = new LanePool("map", 2, Integer.MAX_VALUE, WorkerThreads.platform("map"), () -> {});
    private final Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(this::task, pool, dialect);

    private Integer task(Integer item) {
        if (item % 3 == 1) {
            failed.incrementAndGet();
            throw new IllegalStateException("item " + item);
        }
        return item;
    }

    private Pulling<Integer, Integer> map() {
        List<Integer> items = IntStream.range(0, ITEMS).boxed().toList();
        return Pulling.of(dispatcher, items.spliterator(), MapOptions.delayError(5));
    }

    private static boolean advance(Pulling<Integer, Integer> map) throws Throwable {
        return map.advance(result -> {});
    }

    private static void close(Pulling<?, ?> map) throws InterruptedException {
        Thread closing = new Thread(map::close);
        closing.start();
        closing.join();
    }

    @Test
    void shouldDropWhatWasPutAsideThoughNobodyPullsAgain() throws Throwable {
        Pulling<Integer, Integer> map = map();
        assertThat(advance(map)).isTrue();
        assertThat(advance(map)).isTrue(); // item 2: the failure of item 1 has been put aside

        close(map);

        awaitAllTold(0);
        assertThat(dialect.dropped).anyMatch(dropped -> "item 1".equals(dropped.getMessage()));
    }

    @Test
    void shouldDropNothingAfterTheEnd() throws Throwable {
        Pulling<Integer, Integer> map = map();
        int thrown = pull(map, Integer.MAX_VALUE);

        close(map);

        assertThat(thrown).isEqualTo(ITEMS / 3);
        assertThat(dialect.dropped).isEmpty();
    }

    @Test
    void shouldTellOfEachFailureOnceWheneverItIsClosed() throws InterruptedException {
        Random random = new Random(3);
        int thrown = 0;
        for (int round = 0; round < 1_000; round++) {
            Pulling<Integer, Integer> map = map();
            int pulls = 1 + random.nextInt(ITEMS);
            int closedAfter = random.nextInt(pulls);
            pulled.set(0);
            AtomicInteger told = new AtomicInteger();
            Thread pulling = new Thread(() -> told.set(pull(map, pulls)));
            pulling.start();
            while (pulled.get() < closedAfter && pulling.isAlive()) {
                Thread.onSpinWait();
            }
            for (int spins = random.nextInt(100); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            map.close();
            pulling.join();
            thrown += told.get();
        }
        awaitAllTold(thrown);
    }

    /** Returns how many failures were thrown. */
    private int pull(Pulling<Integer, Integer> map, int most) {
        try {
            for (int i = 1; i <= most && advance(map); i++) {
                pulled.set(i);
            }
            return 0;
        } catch (CancellationException closed) {
            return 0;
        } catch (Throwable failure) {
            return Math.max(1, failure.getSuppressed().length); // the one alone, or all combined
        }
    }

    private void awaitAllTold(int thrown) {
        long begun = System.nanoTime();
        while (dialect.dropped.size() + thrown != failed.get()) {
            assertThat(System.nanoTime() - begun)
                    .as("%d failed, %d thrown, %d dropped", failed.get(), thrown, dialect.dropped.size())
                    .isLessThan(Patience.LIMIT.toNanos());
            LockSupport.parkNanos(100_000);
        }
    }
}
