package lox.sync.funnel;

import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the Funnels of all dialects have in common.
 *
 * @param <K> the type of the job id
 */
public abstract class JobFunnel<K> {
    private final Junction<K> junction;

    /**
     * A Funnel.
     *
     * @param options how it is to behave
     */
    protected JobFunnel(FunnelOptions<K, ?> options) {
        this.junction = new Junction<>(options);
    }

    /**
     * The name.
     *
     * @return as given to the builder, or one that was made up
     */
    public final String name() {
        return junction.name();
    }

    /**
     * Jobs that have a value from some input but not from all. While others put, a snapshot.
     *
     * @return how many
     */
    public final long pendingJobs() {
        return junction.pending();
    }

    /**
     * Joined jobs that nobody has taken yet. While others put or take, a snapshot.
     *
     * @return how many
     */
    public final int readyJobs() {
        return junction.outlet().size();
    }

    /**
     * Completes every input. Pending jobs are discarded, with {@link DiscardReason#COMPLETED}; what is joined is still
     * delivered, then the end. Doing it twice does nothing.
     */
    public final void complete() {
        junction.complete();
    }

    /**
     * Ends the Funnel with a failure. Pending jobs are discarded, with {@link DiscardReason#FAILED}; what is joined is still
     * delivered, then the failure. Publishers that feed it are cancelled. If the Funnel has ended already, the failure goes
     * where failures go that nobody can receive: to the library's hook, or to the thread's uncaught exception handler.
     *
     * @param failure what its consumers receive
     * @throws NullPointerException if {@code failure} is null
     */
    public final void fail(Throwable failure) {
        junction.fail(failure);
    }

    /**
     * For lox's adapters: ends it for want of a consumer.
     *
     * @param discard receives what is joined and was not delivered
     */
    protected final void abandon(Consumer<? super Joined<K>> discard) {
        junction.abandon(discard);
    }

    /**
     * For lox's adapters: makes an input take part.
     *
     * @param input a new one
     * @param <I> its type
     * @return the input
     * @throws IllegalStateException if the Funnel has ended, or if it has begun and refuses late inputs
     */
    protected final <I extends JobInput<K, ?>> I register(I input) {
        junction.register(input);
        return input;
    }

    /**
     * For lox's adapters: waits for the next joined job.
     *
     * @return the job
     * @throws InterruptedException if the thread is interrupted
     * @throws NoSuchElementException if the Funnel has completed and nothing is left; if it has failed, the failure
     */
    protected final Joined<K> takeNext() throws InterruptedException {
        Joined<K> next = nextUnlessCompleted();
        if (next == null) {
            throw completed();
        }
        return next;
    }

    /**
     * For lox's adapters: waits for the next joined job, or for the end.
     *
     * @return the job, or null if the Funnel has completed and nothing is left
     * @throws InterruptedException if the thread is interrupted
     */
    protected final @Nullable Joined<K> nextUnlessCompleted() throws InterruptedException {
        return junction.outlet().takers().take();
    }

    /**
     * For lox's adapters: waits for the next joined job, but not longer than told.
     *
     * @param nanos how long
     * @return the job, or null if the time is over
     * @throws InterruptedException if the thread is interrupted
     * @throws NoSuchElementException if the Funnel has completed and nothing is left; if it has failed, the failure
     */
    protected final @Nullable Joined<K> pollNext(long nanos) throws InterruptedException {
        Takers<Joined<K>> takers = junction.outlet().takers();
        Joined<K> next = takers.take(nanos);
        if (next == null && takers.isAtEnd()) {
            throw completed();
        }
        return next;
    }

    private NoSuchElementException completed() {
        return new NoSuchElementException(junction + " has completed, and nothing is left to take");
    }

    final Junction<K> junction() {
        return junction;
    }

    final Outlet<Joined<K>> outlet() {
        return junction.outlet();
    }

    @Override
    public String toString() {
        return junction + "[" + pendingJobs() + " pending, " + readyJobs() + " ready]";
    }
}
