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
    /** What the jobs of a thread have in common: what waits for the one that it is in. */
    private static final class Turn {
        private final Queue<Runnable> waiting = new ArrayDeque<>(2);
        private final boolean mayBlock;

        Turn(boolean mayBlock) {
            this.mayBlock = mayBlock;
        }
    }

    /** Null in a thread that is in no job. */
    @SuppressWarnings("ThreadLocalUsage") // one for each pool, and nothing in it once a thread has left
    private final ThreadLocal<@Nullable Turn> turns = new ThreadLocal<>();

    /** Whether a job waits for the one that the calling thread is in. */
    boolean isWaitedFor() {
        Turn turn = turns.get();
        return turn != null && !turn.waiting.isEmpty();
    }

    @Override
    public void execute(Runnable job) {
        Turn outer = turns.get();
        if (outer == null) {
            run(job, new Turn(false));
        } else if (outer.mayBlock) {
            Timer.elsewhere(() -> execute(job)); // the job that blocks may wait for this one
        } else {
            outer.waiting.add(job);
        }
    }

    /** Runs a job that may block. What is handed over inside of it runs on other threads. */
    void runBlocking(Runnable job) {
        run(job, new Turn(true));
    }

    private void run(Runnable job, Turn turn) {
        boolean flagged = Thread.interrupted(); // the thread gets its flag back
        turns.set(turn);
        try {
            for (Runnable next = job; next != null; next = turn.waiting.poll()) {
                next.run();
            }
        } finally {
            turns.remove();
            for (Runnable left = turn.waiting.poll(); left != null; left = turn.waiting.poll()) { // after an error only
                Timer.elsewhere(left);
            }
            if (flagged) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
