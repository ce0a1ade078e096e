package lox.cluster.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A worker that was asked for, until the member has said what has become of that. */
final class WorkerRequest {
    private static final long LOOK_MILLIS = 50;
    private static final long ACCEPT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(90);

    /** What has become of it. */
    sealed interface Outcome {
        /** The worker runs, and waits for its program. */
        record Opened(ControlMessage.Opened message) implements Outcome {}

        /** There is none. */
        record Refused(ControlMessage.Refused message) implements Outcome {}

        /** The member has gone, or does not answer. */
        record Lost() implements Outcome {}

        /** Nobody wants it any more. */
        record Unwanted() implements Outcome {}
    }

    private final Place place;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile boolean isAccepted;

    WorkerRequest(Place place) {
        this.place = place;
    }

    Place place() {
        return place;
    }

    void accepted() {
        isAccepted = true;
    }

    void end(Outcome how) {
        outcome.complete(how);
    }

    /** Waits for the outcome, as long as it is wanted. An interrupt is a reason to ask that. */
    Outcome await(BooleanSupplier wanted) {
        long begun = System.nanoTime();
        boolean interrupted = false;
        try {
            while (wanted.getAsBoolean()) {
                try {
                    return outcome.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException look) {
                    long waited = System.nanoTime() - begun;
                    if (waited > (isAccepted ? OPEN_NANOS : ACCEPT_NANOS)) {
                        return new Outcome.Lost();
                    }
                } catch (ExecutionException impossible) { // it is never completed so
                    throw new IllegalStateException(impossible);
                } catch (InterruptedException look) {
                    Thread.currentThread().interrupt(); // it may be what the caller looks at
                    if (!wanted.getAsBoolean()) {
                        return new Outcome.Unwanted();
                    }
                    interrupted |= Thread.interrupted();
                }
            }
            return new Outcome.Unwanted();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
