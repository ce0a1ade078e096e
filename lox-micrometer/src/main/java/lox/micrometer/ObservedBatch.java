package lox.micrometer;

import io.micrometer.observation.Observation;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import lox.sync.event.BatchEnd;
import lox.sync.event.BatchEvent;
import org.jspecify.annotations.Nullable;

/**
 * A batch and its observation. Two threads may tell at once that it has begun and that it has ended: the one that comes
 * last stops the observation. The batch holds its event, so a batch that never ends can be let go of when the event is
 * garbage.
 */
final class ObservedBatch extends WeakReference<BatchEvent> {
    private final BatchObservationContext context;
    private @Nullable Observation observation;
    private @Nullable BatchEnd end;

    ObservedBatch(BatchEvent batch, ReferenceQueue<BatchEvent> queue) {
        super(batch, queue);
        context = new BatchObservationContext(batch);
    }

    BatchObservationContext context() {
        return context;
    }

    /** Returns whether that was all: the batch has ended before. */
    synchronized boolean start(Supplier<Observation> starter) {
        Observation started = starter.get();
        observation = started;
        if (end != null) {
            stop(started, end);
        }
        return end != null;
    }

    /** Returns whether that was all: its observation has begun, and is stopped. */
    synchronized boolean end(BatchEnd how) {
        end = how;
        if (observation != null) {
            stop(observation, how);
        }
        return observation != null;
    }

    private void stop(Observation started, BatchEnd how) {
        context.ended(how);
        Throwable failure = context.firstFailure();
        if (how == BatchEnd.FAILED && failure != null) {
            started.error(failure);
        }
        started.stop();
    }
}
