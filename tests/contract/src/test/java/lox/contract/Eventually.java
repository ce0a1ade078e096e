package lox.contract;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.test.Patience;

/** Waits for a state, with a limit so generous that only what never comes reaches it. */
final class Eventually {
    static final int SECONDS = Patience.SECONDS;

    private Eventually() {}

    static void until(String what, BooleanSupplier state) {
        Patience.until(what, state);
    }

    /** For executors that tests make: until no thread of it is in a job. */
    static void idle(ThreadPoolExecutor executor) {
        until("the executor is idle", () -> executor.getActiveCount() == 0);
    }

    static void open(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("latch not open within " + SECONDS + " s");
        }
    }

    static boolean isWaiting(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, TERMINATED -> true;
            default -> false;
        };
    }
}
