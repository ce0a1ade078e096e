package lox.contract;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a state, with a limit so generous that only what never comes reaches it. */
final class Eventually {
    static final int SECONDS = 10;

    private Eventually() {}

    static void until(String what, BooleanSupplier state) {
        long start = System.nanoTime();
        while (!state.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
                throw new AssertionError("not within " + SECONDS + " s: " + what);
            }
            LockSupport.parkNanos(200_000);
        }
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
