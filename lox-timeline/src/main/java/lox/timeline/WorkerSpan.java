package lox.timeline;

import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import org.jspecify.annotations.Nullable;

/**
 * The life of a worker process.
 *
 * @param worker the process
 * @param ended when it ended; {@link Long#MAX_VALUE} if it has not
 * @param end how it ended; null if it has not
 */
record WorkerSpan(WorkerEvent worker, long ended, @Nullable WorkerEnd end) {
    long started() {
        return worker.startedNanos();
    }

    boolean hasCrashed() {
        return end == WorkerEnd.CRASHED;
    }
}
