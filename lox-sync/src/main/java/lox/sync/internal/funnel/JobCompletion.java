package lox.sync.internal.funnel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import lox.sync.internal.funnel.FunnelSettings.Discard;
import lox.sync.internal.funnel.FunnelSettings.Joiner;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The completion of jobs, which are joined or discarded, and the end of the Funnel.
 *
 * <p>A job is taken once, under its monitor, and then offered to the {@link ReadyQueue} or discarded, never both. It
 * is offered before it leaves the map of {@link PendingJobs}. A thread that changes the inputs and then goes through
 * the map ({@link #inputsChanged}) has therefore seen every job that was joined with the former inputs: nothing is
 * offered after the end.
 *
 * <p>The Funnel ends when {@code pendingHooks} is zero. It counts every discarded job whose hook has not returned,
 * and one for the Funnel as long as it is open.
 *
 * <p>The methods that run under a monitor return a {@code Runnable}, to be run after the monitor has been left.
 */
final class JobCompletion<K, J> {
    private final String name;
    private final Dialect dialect;
    private final boolean endsEarly;
    private final Joiner<K, J> joiner;
    private final @Nullable BiConsumer<? super J, Discard> hook;
    private final @Nullable RecentIds<K> recentIds;
    private final InputRegistry<K> registry;
    private final PendingJobs<K> pending;
    private final ReadyQueue<J> ready;
    private final Backpressure backpressure;
    private final Runnable completion;

    private final Runnable followUp = this::followUp;
    private final AtomicInteger pendingHooks = new AtomicInteger(1);
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Makes it for one Funnel.
     *
     * @param name of the Funnel, for messages
     * @param completion completes the Funnel before its inputs have completed
     */
    JobCompletion(
            String name,
            FunnelSettings<K, J> settings,
            InputRegistry<K> registry,
            PendingJobs<K> pending,
            ReadyQueue<J> ready,
            Backpressure backpressure,
            Runnable completion) {
        this.name = name;
        dialect = settings.dialect();
        joiner = settings.joiner();
        endsEarly = settings.endsEarly;
        hook = settings.onDiscard;
        recentIds = settings.rememberJoined == 0 ? null : new RecentIds<>(settings.rememberJoined);
        this.registry = registry;
        this.pending = pending;
        this.ready = ready;
        this.backpressure = backpressure;
        this.completion = completion;
    }

    // ---- the caller holds the job's monitor, and runs the result after it has left it

    @Nullable
    Runnable resolve(Job<K> job) {
        return switch (registry.completeness(job)) {
            case WAITING -> null;
            case COMPLETE -> join(job);
            // An input has ended by a failure only after that was written, so it is seen here.
            case WITHOUT_OPTIONAL -> registry.failure() == null ? join(job) : discard(job, Discard.FAILED);
            case IMPOSSIBLE -> discard(job, registry.failure() == null ? Discard.COMPLETED : Discard.FAILED);
        };
    }

    private Runnable join(Job<K> job) {
        @Nullable Object[] entries = job.take();
        remember(job.id);
        ready.offer(joiner.join(job.id, entries));
        pending.end(job);
        return followUp;
    }

    Runnable discard(Job<K> job, Discard reason) {
        pendingHooks.incrementAndGet();
        @Nullable Object[] entries = job.take();
        pending.end(job);
        return () -> callHook(joiner.join(job.id, entries), reason);
    }

    /** Removes a job that has no value left, as if it had never begun. */
    Runnable undo(Job<K> job) {
        job.take();
        pending.end(job);
        return followUp;
    }

    private void remember(K id) {
        if (recentIds != null) {
            try {
                recentIds.add(id);
            } catch (Throwable ofHashCode) {
                dropped(ofHashCode); // the job is joined nevertheless
            }
        }
    }

    // ---- outside the monitor

    /** Whether the ids of joined jobs are remembered, so that a late value does not begin a new job. */
    boolean remembers() {
        return recentIds != null;
    }

    boolean hasJoined(K id) {
        return recentIds != null && recentIds.contains(id);
    }

    /** Discards a value that came after its job was joined. */
    void late(JoinInput<K, ?> input, K id, Object value) {
        for (int count = pendingHooks.get();
                !pendingHooks.compareAndSet(count, count + 1);
                count = pendingHooks.get()) {
            if (count == 0) {
                throw new IllegalStateException(name + " has ended");
            }
        }
        callHook(joiner.join(id, new Object[] {input, value}), Discard.LATE);
    }

    // Putters that wait for room are woken first: a subscriber may take its time.
    private void followUp() {
        pending.wakeWaiting();
        ready.drain();
        notifyProgress();
        endEarly();
    }

    // After an input that is not optional has completed, each pending job has its value, and no new job can be joined.
    private void endEarly() {
        if (endsEarly && registry.inputs().refusesNewJobs() && pending.isEmpty()) {
            completion.run();
        }
    }

    private void callHook(J job, Discard reason) {
        try {
            if (hook != null) {
                hook.accept(job, reason);
            }
        } catch (Throwable thrown) {
            dropped(thrown);
        } finally {
            release();
            notifyProgress();
            endEarly();
        }
    }

    private void release() {
        if (pendingHooks.decrementAndGet() == 0) {
            ready.finish(registry.failure());
        }
    }

    void discardNow(Job<K> job, Discard reason) {
        Runnable after;
        synchronized (job) {
            after = job.isGone() ? null : discard(job, reason);
        }
        if (after != null) {
            after.run();
        }
    }

    /** Discards the oldest jobs to make room for a new one. */
    void evictFor(Job<K> job) {
        for (AgedJob<K> old = pending.oldestExceeding(job); old != null; old = pending.oldestExceeding(job)) {
            discardNow(old, Discard.EVICTED);
        }
    }

    /** Examines all jobs after the inputs have changed; then runs code of users, which may take its time. */
    void inputsChanged() {
        List<Runnable> afterwards = new ArrayList<>();
        for (Job<K> job : pending.all()) {
            Runnable after;
            synchronized (job) {
                after = job.isGone() ? null : resolve(job);
            }
            if (after != null) {
                afterwards.add(after);
            }
        }
        afterwards.forEach(Runnable::run);
        notifyProgress();
        endEarly();
        if (registry.inputs().isEnded() && ended.compareAndSet(false, true)) {
            pending.stop();
            release();
        }
    }

    /** Wakes putters that wait for room, and publishers that wait for a job to begin or to end. */
    void notifyProgress() {
        pending.wakeWaiting();
        backpressure.resume();
    }

    private void dropped(Throwable thrown) {
        dialect.dropped(thrown);
    }
}
