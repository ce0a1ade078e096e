package lox.sync.lock;

/**
 * The right to use what a lock protects, from the moment it is granted until it is closed.
 *
 * <p>A permit belongs to no thread: it may be handed on, and any thread may close it.
 *
 * <pre>{@code
 * try (Permit permit = lock.acquire()) {
 *     account.withdraw(permit, 100);
 * }
 * }</pre>
 */
public interface Permit extends AutoCloseable {
    /**
     * Releases the permit and grants the next request. From the second call on nothing happens, whichever threads make
     * them. Never waits for another thread; the callbacks of requests that are granted by this call run in the calling
     * thread before it returns, unless that thread is in such a callback already, which then ends first.
     *
     * <p>If another thread is granting or removing a request at this moment, it does the work of this call too, and
     * this call returns at once. Until that thread gets there, the request that is next can still be withdrawn.
     *
     * @throws StackOverflowError if the thread's stack is nearly used up. Then nothing has happened: the permit is
     *     still held, and this method can be called again. The same holds for an {@link OutOfMemoryError}.
     */
    @Override
    void close();
}
