package lox.sync.lock;

import java.time.Duration;
import java.util.Optional;

/**
 * What a {@link Permit} can be had from: blocking, at once or never, or as a request that is granted later.
 *
 * <p>All ways of asking stand in one line, first come, first served. A request stands in it at once. A thread that finds
 * no way in looks again a few times, for some fifty microseconds unless the operating system keeps it longer, before it
 * stands in the line; until then it is not counted as waiting, and one that comes later may be before it. Nobody who stands
 * in the line is ever overtaken.
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
     * Waits for a permit, but no longer than the time given. One deadline covers everything that has to be waited for.
     *
     * @param timeout how long to wait at most; zero or less means not to wait
     * @return the permit, to be closed by the caller
     * @throws AcquireTimeoutException if the time was over before the permit was granted; nothing is held
     * @throws InterruptedException if the thread was interrupted before the permit was granted; nothing is held
     */
    P acquire(Duration timeout) throws InterruptedException;

    /**
     * Takes a permit if one can be had without waiting. Never overtakes those who wait.
     *
     * @return the permit, to be closed by the caller; empty if it is not free, if somebody waits for it, or if another
     *     thread is at this very moment letting somebody in or removing a request that was withdrawn
     */
    Optional<P> tryAcquire();

    /**
     * Asks for a permit and returns at once.
     *
     * @return the request, which may have been granted already
     */
    Acquisition<P> request();

    /**
     * Asks for a permit and returns at once. The request is withdrawn if it has not been granted in time.
     *
     * @param timeout how long the request may wait at most; zero or less means not to wait
     * @return the request, which may have ended already
     */
    Acquisition<P> request(Duration timeout);
}
