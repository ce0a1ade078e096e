package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Watches what the libraries drop, and has threads. */
abstract class HotTest {
    private final Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void captureDropped() {
        for (HotLibrary library : HotLibrary.values()) {
            library.captureDropped(dropped::add);
        }
    }

    @AfterEach
    void lookForDroppedAndStop() throws InterruptedException {
        for (HotLibrary library : HotLibrary.values()) {
            library.releaseDropped();
        }
        threads.shutdownNow();
        assertThat(threads.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(dropped).as("failures dropped without the test's asking").isEmpty();
    }

    final List<Throwable> takeDropped() {
        List<Throwable> taken = List.copyOf(dropped);
        dropped.clear();
        return taken;
    }

    final <V> Future<V> start(Callable<V> work) {
        return threads.submit(work);
    }

    final Future<?> start(Runnable work) {
        return threads.submit(work);
    }

    static <V> V get(Future<V> running) throws Exception {
        return running.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /** Runs all at the same time and waits for all. */
    final void race(Runnable... runners) throws Exception {
        CountDownLatch ready = new CountDownLatch(runners.length);
        List<Future<?>> running = new ArrayList<>();
        for (Runnable runner : runners) {
            running.add(start(() -> {
                ready.countDown();
                for (int spins = 0; ready.getCount() != 0; spins++) {
                    if (spins < 1_000) {
                        Thread.onSpinWait();
                    } else {
                        LockSupport.parkNanos(1_000); // one that has not come may need this processor
                    }
                }
                runner.run();
            }));
        }
        for (Future<?> one : running) {
            get(one);
        }
    }

    static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    static void open(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
