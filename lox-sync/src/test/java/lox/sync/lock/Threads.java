package lox.sync.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import lox.test.Patience;

/** Starts threads, and waits for states instead of for time. */
final class Threads {
    /** Far more than anything here takes: reaching it means that something hangs. */
    private static final long LIMIT_SECONDS = Patience.SECONDS;

    private Threads() {}

    interface Body<T> {
        T run() throws Exception;
    }

    /** A thread and what became of its body. */
    record Running<T>(Thread thread, Future<T> result) {
        T join() {
            try {
                return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError("failed in " + thread, e.getCause());
            } catch (TimeoutException | InterruptedException e) {
                throw new AssertionError("hangs: " + thread + " " + List.of(thread.getStackTrace()), e);
            }
        }
    }

    static <T> Running<T> start(Body<T> body) {
        FutureTask<T> task = new FutureTask<>(body::run);
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
        return new Running<>(thread, task);
    }

    static <T> List<Running<T>> startAll(int count, Body<T> body) {
        List<Running<T>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.add(start(body));
        }
        return running;
    }

    static void until(BooleanSupplier state) {
        Patience.until("the state", state);
    }

    static void untilParked(Thread thread) {
        until(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no result", e);
        }
    }
}
