package lox.sync;

/**
 * Receives how far a gather is.
 *
 * <p>Updates come one at a time, from whichever thread has just finished a task, the first at the call of
 * {@code gather}. Some are left out when tasks end faster than updates are taken, but never the last: it has
 * {@code done == total} and comes before the result does. A gather that fails or is cancelled sends no further updates.
 * However a gather ends, {@link #ended()} comes once, after the last update. What either of the two throws goes where
 * undeliverable failures go, and nothing more is called; the gather is not harmed.
 *
 * <pre>{@code
 * List<String> pages = fetch.gather((done, failed, total) -> System.out.println(done + " of " + total));
 * }</pre>
 */
@FunctionalInterface
public interface Progress {
    /**
     * Receives one update.
     *
     * @param done how many tasks have ended, the failed ones included
     * @param failed how many of them failed
     * @param total how many tasks the batch has
     */
    void update(long done, long failed, long total);

    /**
     * The gather is over: after its last update, or because it has failed, was cancelled or is out of time. Called once
     * by the thread that ends the gather or sends its last update, before the result or the failure arrives. A failure
     * may arrive earlier if another thread is within {@link #update} at that moment: then that thread calls this
     * immediately afterwards. It should not take long. By default it does nothing.
     */
    default void ended() {}
}
