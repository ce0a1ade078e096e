package lox.sync.funnel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Where values meet: the engine of the Funnels.
 *
 * <p>Pending jobs are in a concurrent map by their id. A put that finds no job makes one, value included, and inserts it; a
 * put that finds one adds its value under the job's monitor and decides there, from the {@link Inputs} of that moment, what
 * becomes of the job. There is no lock for the whole.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>A job is taken once, under its monitor, and is then offered to the {@link Outlet} or discarded, never both.
 *   <li>When the inputs change (one is made, completes, leaves; the Funnel fails), the new Inputs are published first, then
 *       every job is looked at again. A put inserts its job first, then looks whether the Inputs are still those it saw.
 *       Both steps are volatile, so of a put and a change that meet, at least one sees the other (Dekker's argument).
 *   <li>A joined job is offered under the job's monitor, before it leaves the map. So who changes the inputs and then goes
 *       through the map has seen every job that was joined under the former inputs: nothing is offered after the end.
 *   <li>The end comes when nobody owes it anything: {@code owing} counts the Funnel's being open, and every discarded job
 *       whose hook has not returned.
 * </ul>
 *
 * <p>Users' code (hooks, subscribers, publishers) is called when no lock is held: what is decided under a monitor is carried
 * out by a {@code Runnable} after it. The exceptions are {@code hashCode} and {@code equals} of ids.
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
    private final LateInputs late;
    private final int prefetch;
    private final boolean endsEarly;
    private final @Nullable BiConsumer<? super Joined<K>, ? super DiscardReason> hook;
    private final PendingJobs<K> pending;
    private final @Nullable Recent<K> recent;

    private final Outlet<Joined<K>> outlet = new Outlet<>(this::taken);
    private final StalledSources<K> stalled = new StalledSources<>();
    private final Runnable settled = this::settled;
    private final Object configuration = new Object();
    private final AtomicInteger owing = new AtomicInteger(1);
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Inputs inputs = Inputs.NONE; // written under configuration
    private volatile @Nullable Throwable failure; // written before the Inputs that are closed
    private volatile boolean begun;

    Junction(FunnelOptions<K, ?> options) {
        name = options.name();
        dialect = options.dialect();
        duplicates = options.duplicates();
        late = options.lateInputs();
        prefetch = options.prefetch();
        endsEarly = options.endsEarly();
        hook = options.onDiscard();
        pending = new PendingJobs<>(options, this::expire, this::dropped);
        recent = options.rememberJoined() == 0 ? null : new Recent<>(options.rememberJoined());
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
            after = settle(job);
        }
        if (after != null) {
            after.run();
        }
        return true;
    }

    private Opening open(JobInput<K, ?> input, K id, Object value) {
        if (recent != null && recent.contains(id)) {
            late(input, id, value);
            return Opening.DONE;
        }
        if (!pending.takeRoom(this)) {
            return Opening.NO_ROOM;
        }
        // Before the inputs are read: an input that is made meanwhile is refused, or else this job waits for it.
        if (!begun) {
            begun = true;
        }
        Inputs seen = inputs;
        Job<K> job = pending.make(id, seen, input, value);
        input.counted();
        if (!pending.begin(job)) {
            progressed();
            return Opening.BEGUN_BY_ANOTHER;
        }
        if (inputs != seen || seen.mayDecideAtOnce() || recent != null) {
            review(job, input);
        }
        makeUpFor(job);
        progressed(); // others may hold a value for this job
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
                if (recent != null && recent.contains(job.id)) {
                    after = discard(job, DiscardReason.LATE);
                } else {
                    after = settle(job);
                }
            } catch (IllegalStateException closed) {
                refusal = closed;
                if (job.takeBack(input)) {
                    job.take();
                    pending.forget(job);
                    after = settled;
                } else {
                    after = settle(job);
                }
            }
        }
        if (after != null) {
            after.run();
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private void late(JobInput<K, ?> input, K id, Object value) {
        if (duplicates == Duplicates.FAIL) {
            throw new IllegalStateException("job " + id + " has been joined already");
        }
        for (int owed = owing.get(); !owing.compareAndSet(owed, owed + 1); owed = owing.get()) {
            if (owed == 0) {
                throw new IllegalStateException(this + " has ended");
            }
        }
        tellHook(new Joined<>(id, new Object[] {input, value}), DiscardReason.LATE);
    }

    // ---- what becomes of a job; the caller holds its monitor and runs what is returned once it has left it

    private @Nullable Runnable settle(Job<K> job) {
        return switch (inputs.verdict(job, late)) {
            case WAITING -> null;
            case FULL -> join(job);
            case NEVER -> discard(job, failure == null ? DiscardReason.COMPLETED : DiscardReason.FAILED);
        };
    }

    private Runnable join(Job<K> job) {
        @Nullable Object[] entries = job.take();
        remember(job.id);
        outlet.offer(new Joined<>(job.id, entries));
        pending.forget(job);
        return settled;
    }

    private Runnable discard(Job<K> job, DiscardReason reason) {
        owing.incrementAndGet();
        @Nullable Object[] entries = job.take();
        pending.forget(job);
        return () -> tellHook(new Joined<>(job.id, entries), reason);
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

    // ---- afterwards, outside the monitor

    // Who waits for room is woken first: a subscriber may take its time.
    private void settled() {
        pending.wakeWhoWaits();
        outlet.deliver();
        progressed();
        endEarly();
    }

    // Once an input has completed, every job that is still pending has its value, and no job can begin any more.
    private void endEarly() {
        if (endsEarly && inputs.someHaveCompleted() && pending.isEmpty()) {
            complete();
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
            outlet.finish(failure);
        }
    }

    private void expire(AgedJob<K> job) {
        discardOutright(job, DiscardReason.EXPIRED);
    }

    private void discardOutright(Job<K> job, DiscardReason reason) {
        Runnable after;
        synchronized (job) {
            after = job.isGone() ? null : discard(job, reason);
        }
        if (after != null) {
            after.run();
        }
    }

    private void makeUpFor(Job<K> job) {
        for (AgedJob<K> old = pending.oldestTooMany(job); old != null; old = pending.oldestTooMany(job)) {
            discardOutright(old, DiscardReason.EVICTED);
        }
    }

    private void awaitRoom(JobInput<K, ?> input, K id) {
        if (!dialect.mayBlock()) {
            throw new IllegalStateException(this + " is full (" + pending.limit() + "), and "
                    + Thread.currentThread().getName() + " is a thread that must not block");
        }
        pending.awaitRoom(id, () -> input.state() != JobInput.State.OPEN, input + " of " + this);
    }

    /** Lets those go on who wait for room or for a job to begin or to end. */
    private void progressed() {
        pending.wakeWhoWaits();
        stalled.resume();
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
        synchronized (configuration) {
            if (inputs.isOver()) {
                throw new IllegalStateException(this + " has ended");
            }
            if (late == LateInputs.REFUSE && begun) {
                throw new IllegalStateException(this + " has begun and refuses " + input);
            }
            input.ordinal = inputs.horizon;
            inputs = inputs.with(input);
        }
    }

    void close(JobInput<K, ?> input, JobInput.State state) {
        synchronized (configuration) {
            JobInput.State before = input.state();
            boolean leaves = state == JobInput.State.LEFT;
            if (before != JobInput.State.OPEN && !(leaves && before == JobInput.State.COMPLETED)) {
                return;
            }
            if (leaves) {
                inputs = inputs.without(input); // first: among the inputs there is none that has left
                input.state(state);
            } else {
                input.state(state);
                inputs = inputs.changed();
            }
        }
        input.cancelSources();
        changed();
    }

    void complete() {
        JobInput<?, ?>[] open;
        synchronized (configuration) {
            if (inputs.isOver()) {
                return;
            }
            open = inputs.live;
            closeAll(open);
        }
        closed(open);
    }

    void fail(Throwable thrown) {
        JobInput<?, ?>[] open = endWith(Objects.requireNonNull(thrown, "failure"));
        if (open == null) {
            dropped(thrown);
            return;
        }
        closed(open);
    }

    /** Null if it has ended already. */
    private JobInput<?, ?> @Nullable [] endWith(Throwable thrown) {
        synchronized (configuration) {
            if (inputs.isOver()) {
                return null;
            }
            failure = thrown;
            JobInput<?, ?>[] open = inputs.live;
            closeAll(open);
            return open;
        }
    }

    private void closeAll(JobInput<?, ?>[] open) {
        for (JobInput<?, ?> input : open) {
            input.state(JobInput.State.ENDED);
        }
        inputs = inputs.closed();
    }

    void abandon(Consumer<? super Joined<K>> discard) {
        JobInput<?, ?>[] open = endWith(new CancellationException(this + " was abandoned"));
        if (open != null) {
            closed(open);
        }
        outlet.clear(discard);
    }

    private void closed(JobInput<?, ?>[] inputsThatWereOpen) {
        for (JobInput<?, ?> input : inputsThatWereOpen) {
            input.cancelSources();
        }
        changed();
    }

    // First what becomes of every job, then users' code, which may take its time.
    private void changed() {
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
        if (inputs.isOver() && over.compareAndSet(false, true)) {
            pending.stop();
            pay();
        }
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
