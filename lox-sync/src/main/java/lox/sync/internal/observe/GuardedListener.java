package lox.sync.internal.observe;

import lox.sync.event.BatchEnd;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import lox.sync.spi.Dialect;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * A user's listener that cannot harm its caller: the first call that throws is the last one, and what it threw is
 * reported once. No method throws. Safe for use from many threads.
 */
final class GuardedListener {
    private final TaskListener listener;
    private volatile boolean silenced;
    private volatile @Nullable Throwable unreported; // by a thread that had no stack left for it

    GuardedListener(TaskListener listener) {
        this.listener = listener;
    }

    void batchOpened(BatchEvent batch, Dialect dialect) {
        if (isHeard(dialect)) {
            try {
                listener.batchOpened(batch);
            } catch (Throwable thrown) {
                silence(thrown, dialect);
            }
        }
    }

    void tasksScattered(BatchEvent batch, long tasks, Dialect dialect) {
        if (isHeard(dialect)) {
            try {
                listener.tasksScattered(batch, tasks);
            } catch (Throwable thrown) {
                silence(thrown, dialect);
            }
        }
    }

    void batchSealed(BatchEvent batch, long tasks, Dialect dialect) {
        if (isHeard(dialect)) {
            try {
                listener.batchSealed(batch, tasks);
            } catch (Throwable thrown) {
                silence(thrown, dialect);
            }
        }
    }

    void batchEnded(BatchEvent batch, BatchEnd end, Dialect dialect) {
        if (isHeard(dialect)) {
            try {
                listener.batchEnded(batch, end);
            } catch (Throwable thrown) {
                silence(thrown, dialect);
            }
        }
    }

    void taskStarted(TaskEvent task, Dialect dialect) {
        if (isHeard(dialect)) {
            try {
                listener.taskStarted(task);
            } catch (Throwable thrown) {
                silence(thrown, dialect);
            }
        }
    }

    void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure, Dialect dialect) {
        if (isHeard(dialect)) {
            try {
                listener.taskEnded(task, end, ranNanos, failure);
            } catch (Throwable thrown) {
                silence(thrown, dialect);
            }
        }
    }

    void workerStarted(WorkerEvent worker) {
        if (isHeard(null)) {
            try {
                listener.workerStarted(worker);
            } catch (Throwable thrown) {
                silence(thrown, null);
            }
        }
    }

    void workerEnded(WorkerEvent worker, WorkerEnd end) {
        if (isHeard(null)) {
            try {
                listener.workerEnded(worker, end);
            } catch (Throwable thrown) {
                silence(thrown, null);
            }
        }
    }

    private boolean isHeard(@Nullable Dialect dialect) {
        if (!silenced) {
            return true;
        }
        Throwable left = unreported;
        if (left != null) {
            report(left, dialect);
        }
        return false;
    }

    private void silence(Throwable thrown, @Nullable Dialect dialect) {
        boolean first;
        synchronized (this) {
            first = !silenced;
            silenced = true;
        }
        if (first) {
            unreported = thrown;
            report(thrown, dialect);
        }
    }

    /** If this fails, for want of stack say, the next call reports it. */
    private void report(Throwable thrown, @Nullable Dialect dialect) {
        try {
            synchronized (this) {
                if (unreported == null) {
                    return; // another thread does
                }
                unreported = null;
            }
            if (dialect == null) {
                Uncaught.report(thrown);
            } else {
                dialect.drop(thrown);
            }
        } catch (Throwable noStack) {
            unreported = thrown;
        }
    }
}
