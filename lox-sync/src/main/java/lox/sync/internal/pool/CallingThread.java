package lox.sync.internal.pool;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs in the calling thread, one after the other. A job that is handed over inside of another one waits until
 * that one has left the thread. So functions that do not block may scatter to each other, and to themselves, and need
 * no more stack for it than one.
 */
final class CallingThread implements Executor {
    static final CallingThread EXECUTOR = new CallingThread();

    /** What waits for the job that the thread is in; null in a thread that is in none. */
    private static final ThreadLocal<@Nullable Queue<Runnable>> WAITING = new ThreadLocal<>();

    private CallingThread() {}

    /** Whether a job waits for the one that the calling thread is in. */
    static boolean isWaitedFor() {
        Queue<Runnable> waiting = WAITING.get();
        return waiting != null && !waiting.isEmpty();
    }

    @Override
    public void execute(Runnable job) {
        Queue<Runnable> of = WAITING.get();
        if (of != null) {
            of.add(job);
            return;
        }
        Queue<Runnable> waiting = new ArrayDeque<>(2);
        boolean flagged = Thread.interrupted(); // the thread gets its flag back
        WAITING.set(waiting);
        try {
            for (Runnable next = job; next != null; next = waiting.poll()) {
                next.run();
            }
        } finally {
            WAITING.remove();
            for (Runnable left = waiting.poll(); left != null; left = waiting.poll()) { // after an error only
                Timer.elsewhere(left);
            }
            if (flagged) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
