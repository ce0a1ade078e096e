package lox.sync.lock;

import java.util.concurrent.CompletionStage;

/**
 * One request for a permit, granted or not yet. It ends once, in one of these ways: granted, cancelled, timed out,
 * interrupted while {@linkplain #await() awaited}, or failed because the lock underlying a {@link LightSwitch} did.
 *
 * <p>The caller has to {@linkplain #close() close} the request, or the permit that it was granted. Losing a stage
 * that was derived from {@link #stage()}, by cancelling it for instance, does not withdraw the request; closing the
 * request always does the right thing:
 *
 * <pre>{@code
 * PermitRequest<Permit> request = lock.request();
 * request.stage()
 *         .thenCompose(permit -> client.send())
 *         .whenComplete((reply, failure) -> request.close());
 * }</pre>
 *
 * @param <P> the kind of permit
 */
public interface PermitRequest<P extends Permit> extends AutoCloseable {
    /**
     * Parks the calling thread until the request has ended. Several threads may wait for one request; they get the
     * same permit.
     *
     * <p>An interrupt withdraws the request. If the permit was granted first, it is returned and the thread keeps its
     * interrupt flag.
     *
     * @return the permit
     * @throws InterruptedException if the calling thread's interrupt withdrew the request; nothing is held
     * @throws AcquireTimeoutException if the request's time was over first; nothing is held
     * @throws java.util.concurrent.CancellationException if the request was cancelled, or withdrawn by the interrupt of
     *     another thread; nothing is held
     */
    P await() throws InterruptedException;

    /**
     * The result as a stage, which completes with the permit, or fails with the exception that {@link #await()} would
     * throw. The request cannot be completed or cancelled through it: {@code toCompletableFuture()} gives a copy.
     *
     * <p>Its dependents run in the thread that granted or withdrew the request, or in the calling thread if the request
     * has ended already; after a timeout they run on a thread of lox. They run outside every lock, and all blocked
     * threads are woken before the first. A dependent that has to wait for something but a lock of this package should
     * be an {@code Async} one: those after it would wait as well.
     *
     * @return a new stage at each call
     */
    CompletionStage<P> stage();

    /**
     * Withdraws the request.
     *
     * @return true if this call withdrew it; false if it had ended already, with a permit or without
     */
    boolean cancel();

    /**
     * Withdraws the request, or, if it has been granted, closes the permit. Afterwards nothing is held, and nothing
     * ever will be, because of this request. From the second call on nothing happens.
     */
    @Override
    void close();
}
