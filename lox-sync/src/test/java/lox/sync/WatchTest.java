package lox.sync;

import static lox.sync.Elsewhere.LONG;
import static lox.sync.Elsewhere.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The thread that frees short tasks from behind a long one. */
class WatchTest {
    @Test
    void shouldDoWithoutAWatchThatCannotBeStarted() throws Exception {
        ScheduledThreadPoolExecutor watch = watch();
        ThreadFactory threads = watch.getThreadFactory();
        AtomicBoolean refused = new AtomicBoolean();
        watch.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
        List<Runnable> ofOthers = new ArrayList<>();
        try (Workers workers = Workers.threads(4).build()) {
            awaitNoThread(watch, ofOthers);
            watch.setThreadFactory(target -> {
                if (refused.compareAndSet(false, true)) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                return threads.newThread(target);
            });
            Scatter<Callable<Integer>, Integer> function = Lox.on(workers, Callable::call);

            for (int round = 0; round < 10 || !refused.get(); round++) {
                for (int i = 0; i < 2_000; i++) {
                    function.scatter(() -> 0);
                }
                assertThat(Elsewhere.call(function::gather).result).succeedsWithin(LONG);
                CountDownLatch second = new CountDownLatch(1);
                function.scatter(() -> {
                    await(second);
                    return 1;
                });
                function.scatter(() -> {
                    second.countDown();
                    return 2;
                });
                assertThat(Elsewhere.call(function::gather).result)
                        .as("round %d", round)
                        .succeedsWithin(LONG);
            }
        } finally {
            watch.setThreadFactory(threads);
            watch.setKeepAliveTime(10, TimeUnit.SECONDS);
            watch.getQueue().addAll(ofOthers);
            watch.prestartCoreThread();
        }
    }

    private static ScheduledThreadPoolExecutor watch() throws ReflectiveOperationException {
        Field field = Class.forName("lox.sync.internal.time.Timer").getDeclaredField("CLOCK");
        field.setAccessible(true);
        return (ScheduledThreadPoolExecutor) field.get(null);
    }

    /** Sets aside what other tests have left there. */
    private static void awaitNoThread(ScheduledThreadPoolExecutor executor, List<Runnable> setAside) {
        long start = System.nanoTime();
        while (executor.getPoolSize() > 0) {
            for (Runnable left : List.copyOf(executor.getQueue())) {
                if (executor.remove(left)) {
                    setAside.add(left);
                }
            }
            assertThat(System.nanoTime() - start)
                    .as("until the watches of other tests have ended")
                    .isLessThan(LONG.toNanos());
            LockSupport.parkNanos(1_000_000);
        }
    }
}
