package lox.sync.funnel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of jobs: they are joined or discarded; and when the end comes.
 *
 * <p>A job is taken once, under its monitor, and is then offered to the {@link Outlet} or discarded, never both. It is offered
 * before it leaves the map of {@link PendingJobs}. So who changes the inputs and then goes through the map ({@link #changed}) has seen every
 * job that was joined under the former inputs: nothing is offered after the end.
 *
 * <p>The end comes when nobody owes it anything: {@code owing} counts the Funnel's being open, and every discarded job whose hook has
 * not returned.
 *
 * <p>What is decided under a monitor is carried out after it, by the {@code Runnable} that is returned.
 */
final class Settlement<K> {
    private final String name;
    private final Dialect dialect;
    private final boolean endsEarly;
    private final @Nullable BiConsumer<? super Joined<K>, ? super DiscardReason> hook;
    private final @Nullable Recent<K> recent;
    private final Roster<K> roster;
    private final PendingJobs<K> pending;
    private final Outlet<Joined<K>> outlet;
    private final StalledSources<K> stalled;
    private final Runnable completion;

    private final Runnable settled = this::afterwards;
    private final AtomicInteger owing = new AtomicInteger(1);
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * For one Funnel.
     *
     * @param completion completes the Funnel before its inputs have
     */
    Settlement(
            FunnelOptions<K, ?> options,
            Roster<K> roster,
            PendingJobs<K> pending,
            Outlet<Joined<K>> outlet,
            StalledSources<K> stalled,
            Runnable completion) {
        name = options.name();
        dialect = options.dialect();
        endsEarly = options.endsEarly();
        hook = options.onDiscard();
        recent = options.rememberJoined() == 0 ? null : new Recent<>(options.rememberJoined());
        this.roster = roster;
        this.pending = pending;
        this.outlet = outlet;
        this.stalled = stalled;
        this.completion = completion;
    }

    // ---- the caller holds the job's monitor, and runs what is returned once it has left it

    @Nullable
    Runnable settle(Job<K> job) {
        return switch (roster.verdict(job)) {
            case WAITING -> null;
            case FULL -> join(job);
            case NEVER -> discard(job, roster.failure() == null ? DiscardReason.COMPLETED : DiscardReason.FAILED);
        };
    }

    private Runnable join(Job<K> job) {
        @Nullable Object[] entries = job.take();
        remember(job.id);
        outlet.offer(new Joined<>(job.id, entries));
        pending.forget(job);
        return settled;
    }

    Runnable discard(Job<K> job, DiscardReason reason) {
        owing.incrementAndGet();
        @Nullable Object[] entries = job.take();
        pending.forget(job);
        return () -> tellHook(new Joined<>(job.id, entries), reason);
    }

    /** A job that nothing is left of, as if it had never begun. */
    Runnable undo(Job<K> job) {
        job.take();
        pending.forget(job);
        return settled;
    }

    private void remember(K id) {
        if (recent != null) {
            try {
                recent.add(id);
            } catch (Throwable ofHashCode) {
                dropped(ofHashCode); // the job is joined all the same
            }
        }
    }

    // ---- outside the monitor

    /** Whether values for joined jobs come late, instead of beginning a new job. */
    boolean remembers() {
        return recent != null;
    }

    boolean hasJoined(K id) {
        return recent != null && recent.contains(id);
    }

    /** A value came for a job that was joined before. */
    void late(JobInput<K, ?> input, K id, Object value) {
        for (int owed = owing.get(); !owing.compareAndSet(owed, owed + 1); owed = owing.get()) {
            if (owed == 0) {
                throw new IllegalStateException(name + " has ended");
            }
        }
        tellHook(new Joined<>(id, new Object[] {input, value}), DiscardReason.LATE);
    }

    // Who waits for room is woken first: a subscriber may take its time.
    private void afterwards() {
        pending.wakeWhoWaits();
        outlet.deliver();
        progressed();
        endEarly();
    }

    // Once an input has completed, every job that is still pending has its value, and no job can begin any more.
    private void endEarly() {
        if (endsEarly && roster.inputs().someHaveCompleted() && pending.isEmpty()) {
            completion.run();
        }
    }

    private void tellHook(Joined<K> job, DiscardReason reason) {
        try {
            if (hook != null) {
                hook.accept(job, reason);
            }
        } catch (Throwable thrown) {
            dropped(thrown);
        } finally {
            pay();
            progressed();
            endEarly();
        }
    }

    private void pay() {
        if (owing.decrementAndGet() == 0) {
            outlet.finish(roster.failure());
        }
    }

    void discardOutright(Job<K> job, DiscardReason reason) {
        Runnable after;
        synchronized (job) {
            after = job.isGone() ? null : discard(job, reason);
        }
        if (after != null) {
            after.run();
        }
    }

    /** Where the oldest are discarded for the sake of a new one. */
    void makeUpFor(Job<K> job) {
        for (AgedJob<K> old = pending.oldestTooMany(job); old != null; old = pending.oldestTooMany(job)) {
            discardOutright(old, DiscardReason.EVICTED);
        }
    }

    /** The inputs have changed: first what becomes of every job, then users' code, which may take its time. */
    void changed() {
        List<Runnable> afterwards = new ArrayList<>();
        for (Job<K> job : pending.all()) {
            Runnable after;
            synchronized (job) {
                after = job.isGone() ? null : settle(job);
            }
            if (after != null) {
                afterwards.add(after);
            }
        }
        afterwards.forEach(Runnable::run);
        progressed();
        endEarly();
        if (roster.inputs().isOver() && over.compareAndSet(false, true)) {
            pending.stop();
            pay();
        }
    }

    /** Lets those go on who wait for room or for a job to begin or to end. */
    void progressed() {
        pending.wakeWhoWaits();
        stalled.resume();
    }

    private void dropped(Throwable thrown) {
        dialect.dropped(thrown);
    }
}
