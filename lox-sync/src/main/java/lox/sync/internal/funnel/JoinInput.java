package lox.sync.internal.funnel;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * One input of a join. All methods may be called from many threads at once.
 *
 * @param <K> the type of the job id
 * @param <A> the type of the values
 */
public final class JoinInput<K, A> {
    enum State {
        OPEN,
        COMPLETED,
        LEFT,
        /** The whole Funnel has completed or failed. */
        ENDED
    }

    /** The join that an input belongs to. */
    interface Join<K> {
        /** Puts a value. Returns false if there is no room for its job and the caller does not wait. */
        boolean put(JoinInput<K, ?> input, K id, Object value, boolean waits);

        /** Completes an input, or takes it out. */
        void close(JoinInput<K, ?> input, State state);

        /** Ends the join with a failure. */
        void fail(Throwable failure);

        /** Reports a failure that no consumer can receive. */
        void dropped(Throwable failure);

        /** Makes a subscriber that puts what it receives. */
        <A> Flow.Subscriber<A> source(JoinInput<K, A> input, Function<? super A, ? extends K> jobIdOf);
    }

    /** A publisher that feeds an input. */
    interface Feed {
        void cancel();
    }

    private final Join<K> join;
    private final String name;
    /** Whether jobs can do without a value of this input once it has completed. */
    final boolean optional;

    private final List<Feed> feeds = new CopyOnWriteArrayList<>();
    /**
     * The number of pending jobs that have a value from this input, counted from the moment a publisher feeds it.
     * Jobs whose value was put before are not counted but subtracted. So the number may be too low, which lets the
     * publisher go further ahead; it is never too high, which could stop the publisher for ever.
     */
    private final AtomicInteger ahead = new AtomicInteger();

    private volatile boolean fed;
    private volatile State state = State.OPEN; // written under the join's lock
    int ordinal; // published with the InputSnapshot it is in

    JoinInput(Join<K> join, String name, boolean optional) {
        this.join = join;
        this.name = Objects.requireNonNull(name, "name");
        this.optional = optional;
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
     * Puts a value for a job. If it is the last one missing, the job is joined.
     *
     * @param jobId the job
     * @param value the value
     */
    public void put(K jobId, A value) {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(value, "value");
        join.put(this, jobId, value, true);
    }

    /** Declares that this input puts no more. */
    public void complete() {
        join.close(this, State.COMPLETED);
    }

    /** Takes this input out of its join: jobs do not wait for its values any longer. */
    public void leave() {
        join.close(this, State.LEFT);
    }

    /**
     * Makes a subscriber that puts what it receives.
     *
     * @param jobIdOf finds the id of the job a value belongs to
     * @return for one publisher
     */
    public Flow.Subscriber<A> source(Function<? super A, ? extends K> jobIdOf) {
        return join.source(this, Objects.requireNonNull(jobIdOf, "jobIdOf"));
    }

    /** Adds a publisher that feeds this input. Fails if the input is closed. */
    void add(Feed feed) {
        fed = true;
        feeds.add(feed);
        try {
            checkOpen();
        } catch (IllegalStateException closed) {
            feeds.remove(feed);
            throw closed;
        }
    }

    /** Removes a publisher that has completed. The input completes with the last one. */
    void completed(Feed feed) {
        feeds.remove(feed);
        if (feeds.isEmpty()) {
            complete();
        }
    }

    void cancelFeeds() {
        feeds.forEach(Feed::cancel);
        feeds.clear();
    }

    void counted() {
        if (fed) {
            ahead.incrementAndGet();
        }
    }

    void released() {
        if (fed) {
            ahead.decrementAndGet();
        }
    }

    int ahead() {
        return ahead.get();
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    void checkOpen() {
        State now = state;
        if (now != State.OPEN) {
            throw new IllegalStateException(
                    switch (now) {
                        case COMPLETED -> "input \"" + name + "\" has completed";
                        case LEFT -> "input \"" + name + "\" has left";
                        default -> join + " has ended";
                    });
        }
    }

    @Override
    public String toString() {
        return "input \"" + name + "\"";
    }
}
