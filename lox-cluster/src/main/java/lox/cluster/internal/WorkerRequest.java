package lox.cluster.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
    }

    private final Place place;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile boolean isAccepted;
    private volatile boolean isWantedBack;

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

    /** Notes that the member wants the worker back that has not been opened yet. */
    void wantBack() {
        isWantedBack = true;
    }

    boolean isWantedBack() {
        return isWantedBack;
    }

    /**
     * Waits for the outcome, within its limits, whether the worker is still wanted or not: who has only short batches
     * would never have a worker that takes longer to start than a batch lasts. An interrupt is for later.
     */
    Outcome await() {
        long begun = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return outcome.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException look) {
                    long waited = System.nanoTime() - begun;
                    if (waited > (isAccepted ? OPEN_NANOS : ACCEPT_NANOS)) {
                        return new Outcome.Lost();
                    }
                } catch (ExecutionException impossible) { // it is never completed so
                    throw new IllegalStateException(impossible);
                } catch (InterruptedException meantForTasks) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
