package lox.sync.lock;

import java.time.Duration;
import java.util.Optional;

/**
 * A source of {@link Permit}s. They can be acquired by blocking, at once or not at all, or by a request that is granted
 * later.
 *
 * <p>All forms share one queue, first come, first served. {@link #request()} queues at once. A thread in {@link
 * #acquire()} that gets no permit retries a few times before it is queued, for some fifty microseconds unless the
 * operating system suspends it; until then it is not counted as waiting, and a later request may be granted before it.
 * What is queued is never overtaken.
 *
 * @param <P> the kind of permit
 */
public interface Acquirable<P extends Permit> {
    /**
     * Waits for a permit, parking the calling thread if necessary.
     *
     * @return the permit, to be closed by the caller
     * @throws InterruptedException if the thread was interrupted before the permit was granted; nothing is held
     */
    P acquire() throws InterruptedException;

    /**
     * Waits for a permit, but no longer than the given time. One deadline covers all that has to be waited for.
     *
     * @param timeout how long to wait at most; zero or less means not to wait
     * @return the permit, to be closed by the caller
     * @throws AcquireTimeoutException if the time was over before the permit was granted; nothing is held
     * @throws InterruptedException if the thread was interrupted before the permit was granted; nothing is held
     */
    P acquire(Duration timeout) throws InterruptedException;

    /**
     * Takes a permit if one is available without waiting. Never overtakes a request that waits.
     *
     * @return the permit, to be closed by the caller; empty if none is free, if a request waits, or if another
     *     thread is at this moment granting a request or removing one that was withdrawn
     */
    Optional<P> tryAcquire();

    /**
     * Asks for a permit and returns at once.
     *
     * @return the request, which may have been granted already
     */
    PermitRequest<P> request();

    /**
     * Asks for a permit and returns at once. The request is withdrawn if it has not been granted in time.
     *
     * @param timeout how long the request may wait at most; zero or less means not to wait
     * @return the request, which may have ended already
     */
    PermitRequest<P> request(Duration timeout);
}
