package lox.sync;

import lox.sync.internal.access.SharedSecrets;
import lox.sync.internal.funnel.JoinInput;

/**
 * One of the inputs of a Funnel: puts values under the id of the job they belong to. Made by the Funnel's
 * {@code input}. All methods may be called from any number of threads at once.
 *
 * <p>What one thread puts is joined in the order in which its jobs are filled; the last value to arrive emits the
 * job, on the thread that puts it.
 *
 * @param <K> the type of the job id
 * @param <A> the type of the values
 */
public abstract class JobInput<K, A> {
    static {
        SharedSecrets.register(JobInput.class, input -> input.engine);
    }

    private final JoinInput<K, A> engine;

    /**
     * An input. For the dialects.
     *
     * @param funnel where it belongs
     * @param name for messages
     * @param optional whether jobs can do without its value once it has completed
     */
    protected JobInput(JobFunnel<K> funnel, String name, boolean optional) {
        this.engine = funnel.engine().input(name, optional);
    }

    /**
     * The name.
     *
     * @return as given
     */
    public String name() {
        return engine.name();
    }

    /**
     * Puts a value for a job. If it is the last that was missing, the job is joined, and delivered on this thread to a
     * subscriber that has requested it.
     *
     * @param jobId the job; its {@code hashCode} and {@code equals} must not change
     * @param value the value
     * @throws NullPointerException if the id or the value is null
     * @throws IllegalStateException if this input has completed or left, or the Funnel has completed or failed; or,
     *     with {@link Duplicates#FAIL}, if the job has a value from this input; or, with {@link WhenFull#WAIT}, if it
     *     would have to wait on a thread that must not block
     * @throws FunnelFullException with {@link WhenFull#FAIL}, if there is no room for one more job
     * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits for room;
     *     nothing was put, and the thread's interrupt flag is set
     */
    public void put(K jobId, A value) {
        engine.put(jobId, value);
    }

    /**
     * Declares that this input will put no more. Pending jobs that lack its value can never be filled and are
     * discarded, with {@link DiscardReason#COMPLETED}; so is what others put for such jobs from now on. If the input is
     * optional, they are joined without its value instead, as soon as they have what they need of the others. When
     * every input that has not left has completed, so has the Funnel. Publishers that feed this input are cancelled.
     * Doing it twice does nothing.
     */
    public void complete() {
        engine.complete();
    }

    /**
     * Takes this input out of the Funnel: jobs do not wait for it any longer, and those that have a value from every
     * other input are joined now. What it has put stays in its jobs. Publishers that feed it are cancelled. When no
     * input is left, everything that was pending has been joined, and the Funnel has completed. Doing it twice does
     * nothing.
     */
    public void leave() {
        engine.leave();
    }

    final JoinInput<K, A> engine() {
        return engine;
    }

    @Override
    public String toString() {
        return engine.toString();
    }
}
