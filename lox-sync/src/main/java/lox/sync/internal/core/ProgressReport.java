package lox.sync.internal.core;

import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.spi.Dialect;
import lox.sync.spi.ProgressSink;
import org.jspecify.annotations.Nullable;

/**
 * Reports the progress of a sealed batch to a {@link ProgressSink}. One thread reports at a time; a lane that arrives
 * while another thread reports leaves a note and continues with its work. A slow sink therefore costs one lane, and no
 * update is older than the one before it. The thread that delivers the final update completes the batch, so the final
 * update is neither lost nor late. The end is told once, by whichever thread reports first after it.
 */
final class ProgressReport {
    private final Batch batch;
    private final Dialect dialect;
    private final AtomicInteger notes = new AtomicInteger();
    private @Nullable ProgressSink sink; // guarded by notes

    ProgressReport(Batch batch, ProgressSink sink, Dialect dialect) {
        this.batch = batch;
        this.sink = sink;
        this.dialect = dialect;
    }

    void report() {
        if (notes.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            if (batch.isEnded()) {
                tellEnd();
                return; // notes stay above zero: an ended batch gets no further reports
            }
            long done = batch.done();
            update(done, Math.min(batch.failures(), done));
            if (done == batch.size()) {
                tellEnd();
                batch.complete();
                return;
            }
            seen = notes.addAndGet(-seen);
        } while (seen != 0);
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

    private void update(long done, long failed) {
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
