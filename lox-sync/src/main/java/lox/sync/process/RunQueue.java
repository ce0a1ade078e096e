package lox.sync.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs that one worker has been sent, in that order, which is also the order of its results. It is closed when the worker is no
 * more: whoever comes later keeps what he brought. Safe for use from many threads.
 */
final class RunQueue {
    private final Deque<TaskRun> runs = new ArrayDeque<>(); // its lock guards it
    private volatile boolean closed;

    boolean isClosed() {
        return closed;
    }

    /** False if it is closed. */
    boolean add(TaskRun run) {
        synchronized (runs) {
            if (!closed) {
                runs.addLast(run);
            }
            return !closed;
        }
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

    /** Closes it and returns what was left in it. */
    List<TaskRun> close() {
        synchronized (runs) {
            closed = true;
            List<TaskRun> left = List.copyOf(runs);
            runs.clear();
            return left;
        }
    }
}
