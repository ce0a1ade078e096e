package lox.progress;

/**
 * Does what takes milliseconds unless somebody has stopped the terminal, and then takes any time: on a daemon thread of
 * its own, which is waited for no longer than a second, and not against an interrupt.
 */
final class BoundedWait {
    private static final int LONGEST_MILLIS = 1_000;

    private BoundedWait() {}

    /** Runs an action. An interrupt of the caller ends the wait and keeps the flag, and the action goes on. */
    static void on(String name, Runnable action) {
        Thread thread = new Thread(null, action, name, 0, false);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(LONGEST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
