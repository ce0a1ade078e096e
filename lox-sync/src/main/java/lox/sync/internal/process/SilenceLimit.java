package lox.sync.internal.process;

import java.io.IOException;
import java.util.function.LongSupplier;
import lox.sync.spi.host.WorkerLink;

/**
 * Notices that a worker has something to do and does nothing: for a long time it has taken in no byte, and neither
 * started a task nor ended one. So looks a process that is frozen between two tasks, where no {@link TaskTimeLimit}
 * counts. What it has not started can run elsewhere. Safe for use from many threads.
 */
final class SilenceLimit {
    private final WorkerLink link;
    private final RunQueue runs;
    private final LongSupplier sent;
    private final long nanos;
    private final LongSupplier nanoTime;
    private long startedAtLastLook = -1;
    private long endedAtLastLook;
    private long sentAtLastLook;
    private long silentSince;

    /**
     * Makes one for a worker.
     *
     * @param sent how many bytes the connection has taken
     * @param nanos the limit, beside the time of a trip to the worker and back
     * @param nanoTime the clock
     */
    SilenceLimit(WorkerLink link, RunQueue runs, LongSupplier sent, long nanos, LongSupplier nanoTime) {
        this.link = link;
        this.runs = runs;
        this.sent = sent;
        this.nanos = nanos;
        this.nanoTime = nanoTime;
    }

    /** Begins to count: the worker is about to be sent something. */
    synchronized void begin() {
        silentSince = nanoTime.getAsLong();
    }

    /**
     * Looks at the worker, which has not ended what it was sent last. The time counts from the first of the looks that
     * saw the same.
     */
    synchronized boolean isExceeded() {
        long startedNow;
        try {
            startedNow = link.started();
        } catch (IOException closed) {
            return false; // because the worker is gone
        }
        long endedNow = runs.ended();
        long sentNow = sent.getAsLong();
        long now = nanoTime.getAsLong();
        boolean same = startedNow == startedAtLastLook && endedNow == endedAtLastLook && sentNow == sentAtLastLook;
        if (!same || link.isForwarding()) {
            startedAtLastLook = startedNow;
            endedAtLastLook = endedNow;
            sentAtLastLook = sentNow;
            silentSince = now;
            return false;
        }
        return now - silentSince - link.tripNanos() >= nanos;
    }
}
