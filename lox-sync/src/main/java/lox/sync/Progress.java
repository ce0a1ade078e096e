package lox.sync;

/**
 * Receives how far a gather is.
 *
 * <p>Updates come one at a time, from whichever thread has just finished a task, the first at the call of
 * {@code gather}. Some are left out when tasks end faster than updates are taken, but never the last: it has
 * {@code done == total} and comes before the result does. A gather that fails or is cancelled sends no further updates.
 * What {@code update} throws goes where undeliverable failures go, and no more updates come; the gather is not harmed.
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
}
