package lox.sync.internal.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import lox.sync.spi.host.WorkerLink;

/**
 * Notices that a worker's task runs for longer than it may. It measures from the first look that saw the task, and lets
 * a result travel for as long as a trip to the worker and back takes, so a task gets a little more time than the limit.
 * For the thread that waits for the worker's results.
 */
final class TaskTimeLimit {
    private static final int LOOKS_PER_LIMIT = 8;

    private final WorkerLink link;
    private final RunQueue runs;
    private final long nanos;
    private long startedAtLastLook = -1;
    private long lookedFirst;

    /**
     * Makes one for a worker.
     *
     * @param nanos the limit; {@code Long.MAX_VALUE} if there is none
     */
    TaskTimeLimit(WorkerLink link, RunQueue runs, long nanos) {
        this.link = link;
        this.runs = runs;
        this.nanos = nanos;
    }

    boolean exists() {
        return nanos != Long.MAX_VALUE;
    }

    /** How long to wait between two looks. */
    long lookNanos() {
        return Math.max(nanos / LOOKS_PER_LIMIT, TimeUnit.MILLISECONDS.toNanos(1));
    }

    /** How many tasks the worker had started at the last look. */
    long startedAtLastLook() {
        return startedAtLastLook;
    }

    boolean isExceeded() {
        long started;
        try {
            started = link.started();
        } catch (IOException closed) {
            return false; // because the worker is gone
        }
        long now = System.nanoTime();
        if (started != startedAtLastLook) {
            startedAtLastLook = started;
            lookedFirst = now;
        } else if (link.isForwarding()) {
            lookedFirst = now; // it may have ended, and what it has printed is on its way
        } else {
            return started > runs.ended() && now - lookedFirst - link.tripNanos() >= nanos;
        }
        return false;
    }
}
