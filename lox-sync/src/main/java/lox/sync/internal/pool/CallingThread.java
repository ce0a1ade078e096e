package lox.sync.internal.pool;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the jobs of one pool in the calling thread, one after the other. A job that is handed over inside of another one
 * waits until that one has left the thread. So functions that do not block may scatter to each other, and to
 * themselves, and need no more stack for it than one for each pool. A job of another pool runs at once, inside: what
 * subscribes to a result may block this thread until such a job has run.
 */
final class CallingThread implements Executor {
    /** What waits for the job that the thread is in; null in a thread that is in none. */
    private final ThreadLocal<@Nullable Queue<Runnable>> waiting = new ThreadLocal<>();

    /** Whether a job waits for the one that the calling thread is in. */
    boolean isWaitedFor() {
        Queue<Runnable> jobs = waiting.get();
        return jobs != null && !jobs.isEmpty();
    }

    @Override
    public void execute(Runnable job) {
        Queue<Runnable> outer = waiting.get();
        if (outer != null) {
            outer.add(job);
            return;
        }
        Queue<Runnable> jobs = new ArrayDeque<>(2);
        boolean flagged = Thread.interrupted(); // the thread gets its flag back
        waiting.set(jobs);
        try {
            for (Runnable next = job; next != null; next = jobs.poll()) {
                next.run();
            }
        } finally {
            waiting.remove();
            for (Runnable left = jobs.poll(); left != null; left = jobs.poll()) { // after an error only
                Timer.elsewhere(left);
            }
            if (flagged) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
