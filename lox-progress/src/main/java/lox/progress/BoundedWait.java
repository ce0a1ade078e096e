package lox.progress;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.time.SpinWait;

/**
 * Does what takes less than a millisecond unless somebody has stopped the terminal, and then takes any time: on another
 * thread, a daemon, which is waited for no longer than a second. An interrupt does not shorten the wait: a gather most
 * often ends with one when it is cancelled, and the JVM may end before the other thread is done.
 *
 * <p>To wake a thread takes as long as the action itself. So the caller has something to do while the other one wakes
 * up, and at first both wait for each other awake, where there is a processor for each.
 */
final class BoundedWait {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long AWAKE_NANOS =
            Runtime.getRuntime().availableProcessors() > 1 ? TimeUnit.MICROSECONDS.toNanos(300) : 0;

    private BoundedWait() {}

    /**
     * Runs an action. If the wait is too long, the action goes on.
     *
     * @param elsewhere runs the action on the other thread
     * @param action is waited for
     * @param meanwhile runs on this thread, most often before the action. It waits for nobody and does not throw
     * @return whether the action has ended
     */
    static boolean on(Executor elsewhere, Runnable action, Runnable meanwhile) {
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        elsewhere.execute(() -> {
            try {
                stayAwake(ready);
                action.run();
            } finally {
                done.countDown();
            }
        });
        meanwhile.run();
        ready.countDown();
        stayAwake(done);
        return await(done);
    }

    private static boolean await(CountDownLatch done) {
        long end = System.nanoTime() + LONGEST_NANOS;
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void stayAwake(CountDownLatch until) {
        long start = System.nanoTime();
        while (until.getCount() > 0 && System.nanoTime() - start < AWAKE_NANOS) {
            SpinWait.pause();
        }
    }
}
