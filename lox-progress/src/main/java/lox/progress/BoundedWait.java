package lox.progress;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.time.SharedThreads;
import lox.sync.internal.time.SpinWait;

/**
 * Does what takes less than a millisecond unless somebody has stopped the terminal, and then takes any time: on another
 * thread, a daemon, which is waited for no longer than a second, and not against an interrupt.
 */
final class BoundedWait {
    private static final int LONGEST_MILLIS = 1_000;

    /** To be woken takes as long as most actions do: so at first the caller stays awake, if that takes nobody's place. */
    private static final long AWAKE_NANOS =
            Runtime.getRuntime().availableProcessors() > 1 ? TimeUnit.MICROSECONDS.toNanos(300) : 0;

    private BoundedWait() {}

    /**
     * Runs an action. An interrupt of the caller ends the wait and keeps the flag, and the action goes on.
     *
     * @param action is waited for
     * @return whether the action has ended
     */
    static boolean on(Runnable action) {
        CountDownLatch done = new CountDownLatch(1);
        SharedThreads.elsewhere(() -> {
            try {
                action.run();
            } finally {
                done.countDown();
            }
        });
        stayAwake(done);
        try {
            return done.await(LONGEST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void stayAwake(CountDownLatch done) {
        long start = System.nanoTime();
        while (done.getCount() > 0 && System.nanoTime() - start < AWAKE_NANOS) {
            SpinWait.pause();
        }
    }
}
