package lox.sync.internal.funnel;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import lox.sync.internal.funnel.FunnelSettings.Discard;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The engine of the Funnels: joins the values of each job, which come from several inputs.
 *
 * <p>Pending jobs are in a concurrent map by their id. A put that finds no job makes one, with its value, and inserts
 * it. A put that finds one adds its value under the job's monitor and decides there, from the {@link InputSnapshot}
 * of that moment, whether the job is complete ({@link JobCompletion}). There is no lock for the whole.
 *
 * <p><b>Invariant.</b> When the inputs change (one is made, completes or leaves, or the Funnel fails), the new
 * snapshot is published first ({@link InputRegistry}), then every job is examined again. A put inserts its job first
 * and then reads whether the snapshot is still the one it used. Both steps are volatile, so of a put and a concurrent
 * change at least one sees the other (Dekker's argument).
 *
 * <p>Code of users (hooks, subscribers, publishers) is called while no lock is held. The exceptions are
 * {@code hashCode} and {@code equals} of ids.
 *
 * @param <K> the type of the job id
 * @param <J> what consumers receive of a job
 */
public final class JoinEngine<K, J> implements JoinInput.Join<K> {
    private enum Opening {
        DONE,
        BEGUN_BY_ANOTHER,
        NO_ROOM
    }

    private static final AtomicLong NAMED = new AtomicLong();

    private final String name;
    private final Dialect dialect;
    private final boolean refusesDuplicates;
    private final InputRegistry<K> registry;
    private final PendingJobs<K> pending;
    private final ReadyQueue<J> ready = new ReadyQueue<>(this::jobTaken);
    private final BlockingConsumers<J> consumers;
    private final Backpressure backpressure;
    private final JobCompletion<K, J> completion;

    /**
     * Makes a join without inputs.
     *
     * @param settings how it behaves
     */
    public JoinEngine(FunnelSettings<K, J> settings) {
        name = settings.name == null ? "funnel-" + NAMED.incrementAndGet() : settings.name;
        consumers = new BlockingConsumers<>(name, ready, settings.failed());
        dialect = settings.dialect();
        refusesDuplicates = settings.refusesDuplicates;
        registry = new InputRegistry<>(name, settings.lateInputs);
        pending = new PendingJobs<>(settings, this::expire, this::dropped);
        backpressure = new Backpressure(settings.prefetch, ready, pending);
        completion = new JobCompletion<>(name, settings, registry, pending, ready, backpressure, this::complete);
    }

    // ---- putting

    @Override
    public boolean put(JoinInput<K, ?> input, K id, Object value, boolean waits) {
        while (true) {
            input.checkOpen();
            Job<K> job = pending.get(id);
            if (job != null) {
                if (fill(job, input, value)) {
                    return true;
                }
                continue;
            }
            Opening opening = open(input, id, value);
            if (opening == Opening.DONE) {
                return true;
            }
            if (opening == Opening.NO_ROOM) {
                if (!waits) {
                    return false;
                }
                awaitRoom(input, id);
            }
        }
    }

    /** Adds a value to a job. Returns false if the job is gone. */
    private boolean fill(Job<K> job, JoinInput<K, ?> input, Object value) {
        Runnable after;
        synchronized (job) {
            if (job.isGone()) {
                pending.helpEnd(job);
                return false;
            }
            input.checkOpen();
            if (job.put(input, value, refusesDuplicates)) {
                input.counted();
            }
            after = completion.resolve(job);
        }
        if (after != null) {
            after.run();
        }
        return true;
    }

    private Opening open(JoinInput<K, ?> input, K id, Object value) {
        if (completion.hasJoined(id)) {
            if (refusesDuplicates) {
                throw new IllegalStateException("job " + id + " has been joined already");
            }
            completion.late(input, id, value);
            return Opening.DONE;
        }
        if (!pending.acquireRoom(this)) {
            return Opening.NO_ROOM;
        }
        registry.begin();
        InputSnapshot seen = registry.inputs();
        Job<K> job = pending.make(id, seen, input, value);
        input.counted();
        if (!pending.begin(job)) {
            completion.notifyProgress();
            return Opening.BEGUN_BY_ANOTHER;
        }
        if (registry.inputs() != seen || seen.mayDecideAtOnce() || completion.remembers()) {
            review(job, input);
        }
        completion.evictFor(job);
        completion.notifyProgress(); // publishers may have parked a value for this job
        return Opening.DONE;
    }

    /** Examines a job again that was inserted while the inputs changed. */
    private void review(Job<K> job, JoinInput<K, ?> input) {
        Runnable after = null;
        IllegalStateException refusal = null;
        synchronized (job) {
            if (job.isGone()) {
                return;
            }
            try {
                input.checkOpen();
                if (completion.hasJoined(job.id)) {
                    after = completion.discard(job, Discard.LATE);
                } else {
                    after = completion.resolve(job);
                }
            } catch (IllegalStateException closed) {
                refusal = closed;
                after = job.takeBack(input) ? completion.undo(job) : completion.resolve(job);
            }
        }
        if (after != null) {
            after.run();
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private void awaitRoom(JoinInput<K, ?> input, K id) {
        if (!dialect.mayBlock()) {
            throw new IllegalStateException(this + " is full (" + pending.limit() + "), and "
                    + Thread.currentThread().getName() + " is a thread that must not block");
        }
        pending.awaitRoom(id, () -> input.state() != JoinInput.State.OPEN, input + " of " + this);
    }

    private void expire(AgedJob<K> job) {
        completion.discardNow(job, Discard.EXPIRED);
    }

    // ---- publishers

    @Override
    public <A> Flow.Subscriber<A> source(JoinInput<K, A> input, Function<? super A, ? extends K> jobIdOf) {
        InputSubscriber<K, A> source = new InputSubscriber<>(input, this, backpressure, jobIdOf);
        input.add(source);
        return source;
    }

    private void jobTaken() {
        backpressure.jobTaken();
    }

    // ---- inputs come and go

    /**
     * Makes an input, which takes part after {@link #register}.
     *
     * @param name for messages
     * @param optional whether jobs can do without its value once it has completed
     * @param <A> the type of its values
     * @return a new one
     */
    public <A> JoinInput<K, A> input(String name, boolean optional) {
        return new JoinInput<>(this, name, optional);
    }

    /**
     * Lets an input take part.
     *
     * @param input a new one
     * @throws IllegalStateException if the Funnel has ended, or if it has begun and refuses late inputs
     */
    public void register(JoinInput<K, ?> input) {
        if (!registry.register(input)) {
            completion.inputsChanged(); // a job may have waited for it
            throw new IllegalStateException(this + " has begun and refuses " + input);
        }
    }

    @Override
    public void close(JoinInput<K, ?> input, JoinInput.State state) {
        if (registry.close(input, state)) {
            input.cancelFeeds();
            completion.inputsChanged();
        }
    }

    /** Completes every input. */
    public void complete() {
        end(null);
    }

    @Override
    public void fail(Throwable thrown) {
        if (!end(Objects.requireNonNull(thrown, "failure"))) {
            dropped(thrown);
        }
    }

    /**
     * Ends the join because its only consumer has left.
     *
     * @param discard receives joined jobs that have not been delivered
     */
    public void abandon(Consumer<? super J> discard) {
        end(new CancellationException(this + " was abandoned"));
        ready.clear(discard);
    }

    /** Returns false if it has ended before. */
    private boolean end(@Nullable Throwable failure) {
        JoinInput<?, ?>[] open = registry.end(failure);
        if (open == null) {
            return false;
        }
        for (JoinInput<?, ?> input : open) {
            input.cancelFeeds();
        }
        completion.inputsChanged();
        return true;
    }

    // ---- others

    /**
     * The name.
     *
     * @return as it was set, or a generated one
     */
    public String name() {
        return name;
    }

    /**
     * Counts the jobs that have a value from some input but not from all.
     *
     * @return a snapshot
     */
    public long pending() {
        return pending.count();
    }

    /**
     * Counts the joined jobs that no consumer has taken yet.
     *
     * @return a snapshot
     */
    public int ready() {
        return ready.size();
    }

    /**
     * The side for threads that take joined jobs.
     *
     * @return always the same
     */
    public BlockingConsumers<J> consumers() {
        return consumers;
    }

    ReadyQueue<J> readyQueue() {
        return ready;
    }

    @Override
    public void dropped(Throwable thrown) {
        dialect.dropped(thrown);
    }

    @Override
    public String toString() {
        return name;
    }
}
