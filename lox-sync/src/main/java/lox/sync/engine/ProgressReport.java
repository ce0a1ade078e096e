package lox.sync.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link ProgressSink} how far a sealed batch is. One thread reports at a time; a lane that comes while another reports
 * leaves a note and goes on with its work, so a slow sink costs one lane and no update is older than the next. Whoever delivers
 * the update with everything done completes the batch: the last update is never lost and never late.
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
                return; // notes stay above zero: nobody reports on an ended batch
            }
            long done = batch.done();
            update(done, Math.min(batch.failures(), done));
            if (done == batch.size()) {
                batch.complete();
                return;
            }
            seen = notes.addAndGet(-seen);
        } while (seen != 0);
    }

    private void update(long done, long failed) {
        ProgressSink to = sink;
        if (to != null) {
            try {
                to.update(done, failed, batch.size());
            } catch (Throwable thrown) {
                sink = null; // one report of what is wrong with it is enough
                dialect.drop(thrown);
            }
        }
    }
}
