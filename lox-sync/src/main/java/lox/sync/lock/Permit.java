package lox.sync.lock;

/**
 * The right to be inside, from the moment it was granted until it is closed.
 *
 * <p>A permit belongs to whoever has the reference, not to a thread: it may be handed on and closed anywhere.
 *
 * <pre>{@code
 * try (Permit permit = lock.acquire()) {
 *     account.withdraw(permit, 100);
 * }
 * }</pre>
 */
public interface Permit extends AutoCloseable {
    /**
     * Gives the permit back, and lets in whoever is next. From the second call on nothing happens, whichever threads make
     * them. Never waits for another thread; the callbacks of requests that are granted by this call run in the calling
     * thread before it returns, unless that thread is in such a callback already, which then ends first.
     *
     * <p>If another thread is letting somebody in or taking somebody out at this very moment, it does the work of this call
     * too, and this call returns at once. Until that thread gets there, the request that is next can still be withdrawn.
     */
    @Override
    void close();
}
