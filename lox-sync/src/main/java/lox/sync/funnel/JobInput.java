package lox.sync.funnel;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * One of the inputs of a Funnel: puts values under the id of the job they belong to. Made by the Funnel's {@code input}. All
 * methods may be called from any number of threads at once.
 *
 * <p>What one thread puts is joined in the order in which its jobs are filled; the last value to arrive emits the job, on the
 * thread that puts it.
 *
 * @param <K> the type of the job id
 * @param <A> the type of the values
 */
public abstract class JobInput<K, A> {
    enum State {
        OPEN,
        COMPLETED,
        LEFT,
        /** The Funnel as a whole has completed or failed. */
        ENDED
    }

    private final Junction<K> junction;
    private final String name;
    private final List<Source<K, A>> sources = new CopyOnWriteArrayList<>();
    /**
     * Pending jobs that have a value from here; counted from the moment a publisher feeds this input. Those that were put before are not
     * counted but taken off: so this may be too low, which lets the publisher go further ahead, and never too high, which could
     * stop it for ever.
     */
    private final AtomicInteger ahead = new AtomicInteger();

    private volatile boolean fed;
    private volatile State state = State.OPEN; // written under the junction's lock
    int ordinal; // published with the Inputs it is in

    /**
     * An input, which takes part from {@link JobFunnel#register} on.
     *
     * @param funnel where it belongs
     * @param name for messages
     */
    protected JobInput(JobFunnel<K> funnel, String name) {
        this.junction = funnel.junction();
        this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * The name.
     *
     * @return as given
     */
    public String name() {
        return name;
    }

    /**
     * Puts a value for a job. If it is the last that was missing, the job is joined, and delivered on this thread to a
     * subscriber that has requested it.
     *
     * @param jobId the job; its {@code hashCode} and {@code equals} must not change
     * @param value the value
     * @throws NullPointerException if the id or the value is null
     * @throws IllegalStateException if this input has completed or left, or the Funnel has completed or failed; or, with {@link
     *     Duplicates#FAIL}, if the job has a value from this input; or, with {@link WhenFull#WAIT}, if it would have to wait on
     *     a thread that must not block
     * @throws FunnelFullException with {@link WhenFull#FAIL}, if there is no room for one more job
     * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits for room; nothing was put,
     *     and the thread's interrupt flag is set
     */
    public void put(K jobId, A value) {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(value, "value");
        junction.put(this, jobId, value, true);
    }

    /**
     * Declares that this input will put no more. Pending jobs that lack its value can never be filled and are discarded, with
     * {@link DiscardReason#COMPLETED}; so is what others put for such jobs from now on. When every input that has not left has
     * completed, so has the Funnel. Publishers that feed this input are cancelled. Doing it twice does nothing.
     */
    public void complete() {
        junction.close(this, State.COMPLETED);
    }

    /**
     * Takes this input out of the Funnel: nobody waits for it any more, and jobs that have a value from every other input are
     * joined now. What it has put stays in its jobs. Publishers that feed it are cancelled. When no input is left, the Funnel
     * has completed. Doing it twice does nothing.
     */
    public void leave() {
        junction.close(this, State.LEFT);
    }

    /**
     * For lox's adapters: a subscriber that puts what it receives.
     *
     * @param jobIdOf finds the id of the job a value belongs to
     * @return to be subscribed to one publisher
     */
    protected final Flow.Subscriber<A> source(Function<? super A, ? extends K> jobIdOf) {
        Source<K, A> source = new Source<>(this, junction, Objects.requireNonNull(jobIdOf, "jobIdOf"));
        fed = true;
        sources.add(source);
        checkOpen(source);
        return source;
    }

    private void checkOpen(Source<K, A> source) {
        try {
            checkOpen();
        } catch (IllegalStateException closed) {
            sources.remove(source);
            throw closed;
        }
    }

    /** The input completes with the last of its publishers. */
    final void completed(Source<K, A> source) {
        sources.remove(source);
        if (sources.isEmpty()) {
            complete();
        }
    }

    final void cancelSources() {
        for (Source<K, A> source : sources) {
            source.cancel();
        }
        sources.clear();
    }

    final void counted() {
        if (fed) {
            ahead.incrementAndGet();
        }
    }

    final void released() {
        if (fed) {
            ahead.decrementAndGet();
        }
    }

    final int ahead() {
        return ahead.get();
    }

    final State state() {
        return state;
    }

    final void state(State next) {
        state = next;
    }

    final void checkOpen() {
        State now = state;
        if (now != State.OPEN) {
            throw new IllegalStateException(
                    switch (now) {
                        case COMPLETED -> "input \"" + name + "\" has completed";
                        case LEFT -> "input \"" + name + "\" has left";
                        default -> junction + " has ended";
                    });
        }
    }

    @Override
    public String toString() {
        return "input \"" + name + "\"";
    }
}
