package lox.sync.internal.core;

import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.spi.Dialect;
import lox.sync.spi.ProgressSink;
import org.jspecify.annotations.Nullable;

/**
 * Reports the progress of a sealed batch to a {@link ProgressSink}. One thread reports at a time; a lane that arrives
 * while another thread reports leaves a note and continues with its work. A slow sink therefore costs one lane, and no
 * update is older than the one before it. The thread that delivers the final update completes the batch, so the final
 * update is neither lost nor late.
 *
 * <p>The end of a batch that fails or is cancelled is told once, by the thread that ends it, before the failure is
 * published, or by the thread that reports at that moment. A lane whose task was interrupted leaves it to them: it
 * would still tell it when the failure has arrived. The first update is sent in any case, so whatever shows the
 * progress shows a batch that has failed before it was sealed, too.
 */
final class ProgressReport {
    private final Batch batch;
    private final Dialect dialect;
    private final AtomicInteger notes = new AtomicInteger();
    private @Nullable ProgressSink sink; // this and whether it has begun: guarded by notes
    private boolean isBegun;
    private volatile boolean isEndDue;

    ProgressReport(Batch batch, ProgressSink sink, Dialect dialect) {
        this.batch = batch;
        this.sink = sink;
        this.dialect = dialect;
    }

    /** Reports how far the batch is. Call after a task has ended, and when the batch has been sealed. */
    void report() {
        if (batch.isEnded() && !isEndDue) {
            return; // the thread that has ended the batch is about to report the end
        }
        if (notes.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            if (isEndDue) {
                if (!isBegun) {
                    update(0, 0); // as at the seal: what the end has interrupted is no progress
                }
                tellEnd();
                return; // notes stay above zero: an ended batch gets no further reports
            }
            if (!batch.isEnded() && update() == batch.size()) {
                tellEnd();
                batch.complete();
                return;
            }
            seen = notes.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Reports the end of a batch that has been ended early. */
    void reportEnd() {
        isEndDue = true;
        report();
    }

    private void tellEnd() {
        ProgressSink to = sink;
        if (to != null) {
            sink = null;
            try {
                to.ended();
            } catch (Throwable thrown) {
                dialect.drop(thrown);
            }
        }
    }

    private long update() {
        long done = batch.done();
        update(done, Math.min(batch.failures(), done));
        return done;
    }

    private void update(long done, long failed) {
        isBegun = true;
        ProgressSink to = sink;
        if (to != null) {
            try {
                to.update(done, failed, batch.size());
            } catch (Throwable thrown) {
                sink = null; // one report of a failing sink is enough
                dialect.drop(thrown);
            }
        }
    }
}
