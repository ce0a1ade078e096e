package lox.sync.internal.pool;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import lox.sync.internal.result.Unchecked;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs in the calling thread, one after the other. A job that is handed over inside of another one waits until
 * that one has left the thread. So functions that do not block may scatter to each other, and to themselves, and need
 * no more stack for it than one.
 */
final class CallingThread implements Executor {
    static final CallingThread EXECUTOR = new CallingThread();

    private static final int QUEUE = 0;
    private static final int MODE = 1;

    /**
     * For each thread, what waits for the job that it is in, and the mode of that: null if there is none, or whether it
     * may block. The two stay: to take them out and in again would cost more than a short task. They are types of the
     * JDK, so they keep no class of lox.
     */
    private static final ThreadLocal<@Nullable Object[]> TURN =
            ThreadLocal.withInitial(() -> new @Nullable Object[] {new ArrayDeque<>(2), null});

    private CallingThread() {}

    /** Whether a job waits for the one that the calling thread is in. */
    static boolean isWaitedFor() {
        return !waiting(TURN.get()).isEmpty();
    }

    private static Queue<Runnable> waiting(@Nullable Object[] turn) {
        return Unchecked.cast(turn[QUEUE]);
    }

    @Override
    public void execute(Runnable job) {
        @Nullable Object[] turn = TURN.get();
        if (turn[MODE] == null) {
            run(job, turn, Boolean.FALSE);
        } else if (turn[MODE] == Boolean.TRUE) {
            Timer.elsewhere(() -> execute(job)); // the job that blocks may wait for this one
        } else {
            waiting(turn).add(job);
        }
    }

    /** Runs a job that may block. What is handed over inside of it runs on other threads. */
    static void runBlocking(Runnable job) {
        run(job, TURN.get(), Boolean.TRUE);
    }

    private static void run(Runnable job, @Nullable Object[] turn, Boolean mayBlock) {
        Queue<Runnable> waiting = waiting(turn);
        turn[MODE] = mayBlock;
        try {
            for (Runnable next = job; next != null; next = waiting.poll()) {
                next.run();
            }
        } finally {
            turn[MODE] = null;
            for (Runnable left = waiting.poll(); left != null; left = waiting.poll()) { // after an error only
                Timer.elsewhere(left);
            }
        }
    }
}
