package lox.sync.internal.process;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The runs that one worker has been sent, in that order, which is also the order of its results. It is closed when the
 * worker is gone; then it takes no more runs. Safe for use from many threads.
 */
final class RunQueue {
    private final Deque<TaskRun> runs = new ArrayDeque<>(); // its lock guards it
    private volatile boolean closed;
    private volatile long ended;

    boolean isClosed() {
        return closed;
    }

    /** Adds a run. False if the queue is closed. */
    boolean add(TaskRun run) {
        synchronized (runs) {
            if (!closed) {
                runs.addLast(run);
            }
            return !closed;
        }
    }

    /** Counts a task that has ended, however. By the receiver's thread alone. */
    void countEnded() {
        long before = ended;
        ended = before + 1;
    }

    /** How many tasks have ended, however. */
    long ended() {
        return ended;
    }

    /** The run whose result comes next. */
    @Nullable
    TaskRun first() {
        synchronized (runs) {
            while (!runs.isEmpty() && runs.getFirst().isOver()) {
                runs.removeFirst();
            }
            return runs.peekFirst();
        }
    }

    /** Whether exactly one result is still to come. */
    boolean isAtLastTask() {
        synchronized (runs) {
            int left = 0;
            for (TaskRun run : runs) {
                left += Math.max(0, run.limit() - run.settled());
            }
            return left == 1;
        }
    }

    @Nullable
    TaskRun find(long id) {
        synchronized (runs) {
            for (TaskRun run : runs) {
                if (run.id() == id) {
                    return run;
                }
            }
            return null;
        }
    }

    /** Whether the worker has to be asked to give back what it has not started of a run. True once at most for each. */
    boolean noteRecall(TaskRun run) {
        synchronized (runs) {
            return !closed && !run.isOver() && run.noteRecall();
        }
    }

    /** Closes the queue. The caller then {@linkplain #pollLeft() takes out} what is left. */
    void close() {
        synchronized (runs) {
            closed = true;
        }
    }

    /**
     * Takes out the next run once the queue is closed; null if none is left. Allocates nothing: the heap may be full.
     */
    @Nullable
    TaskRun pollLeft() {
        synchronized (runs) {
            return runs.pollFirst();
        }
    }
}
