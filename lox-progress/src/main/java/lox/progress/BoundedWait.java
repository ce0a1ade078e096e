package lox.progress;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lox.sync.internal.time.BoundedCalls;
import lox.sync.internal.time.SpinWait;
import org.jspecify.annotations.Nullable;

/**
 * Does what takes less than a millisecond unless somebody has stopped the terminal, and then takes any time: on another
 * thread, a daemon, which is waited for no longer than a second. An interrupt does not shorten the wait: a gather most
 * often ends with one when it is cancelled, and the JVM may end before the other thread is done.
 *
 * <p>To wake a thread takes as long as the action itself. So the caller has something to do while the other one wakes
 * up, and at first both wait for each other awake, where there is a processor for each. Meanwhile they give way: at the
 * end of a gather its workers may still hold the other processors.
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
        CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        elsewhere.execute(() -> {
            try {
                stayAwake(ready);
                action.run();
            } finally {
                done.complete(null);
            }
        });
        meanwhile.run();
        ready.complete(null);
        stayAwake(done);
        return await(done);
    }

    private static boolean await(Future<?> done) {
        try {
            BoundedCalls.await(done, LONGEST_NANOS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("it ends with null", e);
        }
    }

    private static void stayAwake(Future<?> until) {
        long start = System.nanoTime();
        while (!until.isDone() && System.nanoTime() - start < AWAKE_NANOS) {
            SpinWait.giveWay();
        }
    }
}
