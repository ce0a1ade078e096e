package lox.progress;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.time.SharedThreads;

/**
 * Does what takes less than a millisecond unless somebody has stopped the terminal, and then takes any time: on another
 * thread, a daemon, which is waited for no longer than a second, and not against an interrupt.
 */
final class BoundedWait {
    private static final int LONGEST_MILLIS = 1_000;

    private BoundedWait() {}

    /**
     * Runs an action. An interrupt of the caller ends the wait and keeps the flag, and the action goes on.
     *
     * @param action is waited for
     * @param afterwards runs after it, and is not waited for
     * @return whether the action has ended
     */
    static boolean on(Runnable action, Runnable afterwards) {
        CountDownLatch done = new CountDownLatch(1);
        SharedThreads.elsewhere(() -> {
            try {
                action.run();
            } finally {
                done.countDown();
            }
            afterwards.run();
        });
        try {
            return done.await(LONGEST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
