package lox.sync.funnel;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Where values meet: the engine of the Funnels.
 *
 * <p>Pending jobs are in a concurrent map by their id. A put that finds no job makes one, value included, and inserts it; a
 * put that finds one adds its value under the job's monitor and decides there, from the {@link Inputs} of that moment, what
 * becomes of the job ({@link Settlement}). There is no lock for the whole.
 *
 * <p><b>Invariant.</b> When the inputs change (one is made, completes, leaves; the Funnel fails), the new Inputs are published first
 * ({@link Roster}), then every job is looked at again. A put inserts its job first, then looks whether the Inputs are still those it
 * saw. Both steps are volatile, so of a put and a change that meet, at least one sees the other (Dekker's argument).
 *
 * <p>Users' code (hooks, subscribers, publishers) is called when no lock is held. The exceptions are {@code hashCode} and {@code
 * equals} of ids.
 */
final class Junction<K> {
    private enum Opening {
        DONE,
        BEGUN_BY_ANOTHER,
        NO_ROOM
    }

    private final String name;
    private final Dialect dialect;
    private final Duplicates duplicates;
    private final int prefetch;
    private final Roster<K> roster;
    private final PendingJobs<K> pending;
    private final Outlet<Joined<K>> outlet = new Outlet<>(this::taken);
    private final StalledSources<K> stalled = new StalledSources<>();
    private final Settlement<K> settlement;

    Junction(FunnelOptions<K, ?> options) {
        name = options.name();
        dialect = options.dialect();
        duplicates = options.duplicates();
        prefetch = options.prefetch();
        roster = new Roster<>(name, options.lateInputs());
        pending = new PendingJobs<>(options, this::expire, this::dropped);
        settlement = new Settlement<>(options, roster, pending, outlet, stalled, this::complete);
    }

    // ---- putting

    /** False if there is no room and the caller does not wait. */
    boolean put(JobInput<K, ?> input, K id, Object value, boolean waits) {
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

    /** False if the job is gone. */
    private boolean fill(Job<K> job, JobInput<K, ?> input, Object value) {
        Runnable after;
        synchronized (job) {
            if (job.isGone()) {
                pending.remove(job);
                return false;
            }
            input.checkOpen();
            if (job.put(input, value, duplicates)) {
                input.counted();
            }
            after = settlement.settle(job);
        }
        if (after != null) {
            after.run();
        }
        return true;
    }

    private Opening open(JobInput<K, ?> input, K id, Object value) {
        if (settlement.hasJoined(id)) {
            if (duplicates == Duplicates.FAIL) {
                throw new IllegalStateException("job " + id + " has been joined already");
            }
            settlement.late(input, id, value);
            return Opening.DONE;
        }
        if (!pending.takeRoom(this)) {
            return Opening.NO_ROOM;
        }
        roster.begin();
        Inputs seen = roster.inputs();
        Job<K> job = pending.make(id, seen, input, value);
        input.counted();
        if (!pending.begin(job)) {
            settlement.progressed();
            return Opening.BEGUN_BY_ANOTHER;
        }
        if (roster.inputs() != seen || seen.mayDecideAtOnce() || settlement.remembers()) {
            review(job, input);
        }
        settlement.makeUpFor(job);
        settlement.progressed(); // others may hold a value for this job
        return Opening.DONE;
    }

    /** Looks again at a job that was inserted while the inputs changed. */
    private void review(Job<K> job, JobInput<K, ?> input) {
        Runnable after = null;
        IllegalStateException refusal = null;
        synchronized (job) {
            if (job.isGone()) {
                return;
            }
            try {
                input.checkOpen();
                if (settlement.hasJoined(job.id)) {
                    after = settlement.discard(job, DiscardReason.LATE);
                } else {
                    after = settlement.settle(job);
                }
            } catch (IllegalStateException closed) {
                refusal = closed;
                after = job.takeBack(input) ? settlement.undo(job) : settlement.settle(job);
            }
        }
        if (after != null) {
            after.run();
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private void awaitRoom(JobInput<K, ?> input, K id) {
        if (!dialect.mayBlock()) {
            throw new IllegalStateException(this + " is full (" + pending.limit() + "), and "
                    + Thread.currentThread().getName() + " is a thread that must not block");
        }
        pending.awaitRoom(id, () -> input.state() != JobInput.State.OPEN, input + " of " + this);
    }

    private void expire(AgedJob<K> job) {
        settlement.discardOutright(job, DiscardReason.EXPIRED);
    }

    // ---- publishers

    int prefetch() {
        return prefetch;
    }

    /**
     * Whether this input has put a prefetch of values that wait for others, while nobody waits for a value of its own. It is
     * then to wait for the others, which are not ahead: of the jobs that are pending each lacks some value. So somebody is
     * always asked for more.
     */
    boolean isAhead(JobInput<K, ?> input) {
        int ahead = input.ahead();
        return ahead >= prefetch && pending.count() <= ahead;
    }

    boolean isBacklogged() {
        return outlet.size() >= prefetch;
    }

    private void taken() {
        if (!stalled.isEmpty() && !isBacklogged()) {
            stalled.resume();
        }
    }

    StalledSources<K> stalled() {
        return stalled;
    }

    // ---- inputs come and go

    void register(JobInput<K, ?> input) {
        if (!roster.register(input)) {
            settlement.changed(); // a job may have waited for it
            throw new IllegalStateException(this + " has begun and refuses " + input);
        }
    }

    void close(JobInput<K, ?> input, JobInput.State state) {
        if (roster.close(input, state)) {
            input.cancelSources();
            settlement.changed();
        }
    }

    void complete() {
        end(null);
    }

    void fail(Throwable thrown) {
        if (!end(Objects.requireNonNull(thrown, "failure"))) {
            dropped(thrown);
        }
    }

    void abandon(Consumer<? super Joined<K>> discard) {
        end(new CancellationException(this + " was abandoned"));
        outlet.clear(discard);
    }

    /** Returns false if it has ended already. */
    private boolean end(@Nullable Throwable failure) {
        JobInput<?, ?>[] open = roster.end(failure);
        if (open == null) {
            return false;
        }
        for (JobInput<?, ?> input : open) {
            input.cancelSources();
        }
        settlement.changed();
        return true;
    }

    // ---- others

    String name() {
        return name;
    }

    long pending() {
        return pending.count();
    }

    Outlet<Joined<K>> outlet() {
        return outlet;
    }

    void dropped(Throwable thrown) {
        dialect.dropped(thrown);
    }

    @Override
    public String toString() {
        return name;
    }
}
