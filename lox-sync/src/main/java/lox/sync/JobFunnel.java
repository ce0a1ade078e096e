package lox.sync;

import lox.sync.internal.access.SharedSecrets;
import lox.sync.internal.funnel.JoinEngine;

/**
 * What the Funnels of all dialects have in common.
 *
 * @param <K> the type of the job id
 */
public abstract class JobFunnel<K> {
    static {
        SharedSecrets.register(JobFunnel.class, funnel -> funnel.engine);
    }

    private final JoinEngine<K, Joined<K>> engine;

    /**
     * A Funnel. For the dialects.
     *
     * @param options how it is to behave
     */
    protected JobFunnel(FunnelOptions<K, ?> options) {
        this.engine = new JoinEngine<>(options.settings());
    }

    /**
     * The name.
     *
     * @return as given to the builder, or one that was made up
     */
    public final String name() {
        return engine.name();
    }

    /**
     * Jobs that have a value from some input but not from all. While others put, a snapshot.
     *
     * @return how many
     */
    public final long pendingJobs() {
        return engine.pending();
    }

    /**
     * Joined jobs that no consumer has taken yet. While others put or take, a snapshot.
     *
     * @return how many
     */
    public final int readyJobs() {
        return engine.ready();
    }

    /**
     * Completes every input. Pending jobs that lack values of optional inputs alone are joined, the others discarded,
     * with {@link DiscardReason#COMPLETED}; what is joined is still delivered, then the end. Doing it twice does
     * nothing.
     */
    public final void complete() {
        engine.complete();
    }

    /**
     * Ends the Funnel with a failure. Pending jobs are discarded, with {@link DiscardReason#FAILED}; what is joined
     * is still delivered, then the failure. Publishers that feed it are cancelled. If the Funnel has ended already,
     * the failure goes to the library's hook for failures that no consumer can receive, or to the thread's uncaught
     * exception handler.
     *
     * @param failure what its consumers receive
     * @throws NullPointerException if {@code failure} is null
     */
    public final void fail(Throwable failure) {
        engine.fail(failure);
    }

    final JoinEngine<K, Joined<K>> engine() {
        return engine;
    }

    @Override
    public String toString() {
        return engine + "[" + pendingJobs() + " pending, " + readyJobs() + " ready]";
    }
}
