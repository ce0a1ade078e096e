package lox.sync.internal.funnel;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import lox.sync.internal.funnel.FunnelSettings.Full;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that have begun, by their id. A {@link PendingLimiter} limits them if there is a limit; {@link JobsByAge}
 * keeps their order if a limit or an expiry needs it. Jobs are joined and discarded elsewhere, under their monitor.
 */
final class PendingJobs<K> {
    private final ConcurrentHashMap<K, Job<K>> jobs = new ConcurrentHashMap<>();
    private final @Nullable Full whenFull;
    private final @Nullable PendingLimiter limiter;
    private final @Nullable JobsByAge<K> byAge;
    private final @Nullable Expiry<K> expiry;
    private final Consumer<Throwable> dropped;
    private final Function<String, RuntimeException> refusal;

    PendingJobs(FunnelSettings<K, ?> settings, Consumer<AgedJob<K>> expired, Consumer<Throwable> dropped) {
        this.dropped = dropped;
        refusal = settings.refusal();
        whenFull = settings.whenFull;
        limiter = whenFull == null ? null : new PendingLimiter(settings.pendingLimit);
        Duration lifetime = settings.expireAfter;
        byAge = lifetime == null && whenFull != Full.DISCARD_OLDEST ? null : new JobsByAge<>();
        expiry = lifetime == null || byAge == null
                ? null
                : new Expiry<>(byAge, settings.timekeeper(), lifetime.toNanos(), expired, dropped);
    }

    @Nullable
    Job<K> get(K id) {
        return jobs.get(id);
    }

    Collection<Job<K>> all() {
        return jobs.values();
    }

    /**
     * True only if there was no job at some moment of the call; {@link ConcurrentHashMap#isEmpty} adds up counters
     * while they change.
     */
    boolean isEmpty() {
        return !jobs.elements().hasMoreElements();
    }

    long count() {
        return jobs.mappingCount();
    }

    // ---- a job begins

    /** Makes a job that has not begun yet. */
    Job<K> make(K id, InputSnapshot seen, JoinInput<K, ?> input, Object value) {
        int expected = Math.max(1, seen.live.length);
        return byAge == null
                ? new Job<>(id, seen.inputCount, expected, input, value)
                : new AgedJob<>(id, seen.inputCount, expected, input, value);
    }

    /**
     * Begins a job, for which room has been acquired. If that fails, the job is gone and its room released.
     *
     * @return false if another thread has begun a job with this id
     */
    boolean begin(Job<K> job) {
        boolean begun = false;
        try {
            begun = insert(job);
        } finally {
            if (!begun) {
                undoBegin(job);
            }
        }
        if (begun && expiry != null) {
            expiry.linked();
        }
        return begun;
    }

    private boolean insert(Job<K> job) {
        if (!(job instanceof AgedJob<K> aged) || byAge == null) {
            return jobs.putIfAbsent(job.id, job) == null;
        }
        synchronized (job) { // a thread that finds it in the list must find it in the map
            byAge.append(aged, expiry == null ? 0 : expiry.deadline());
            boolean inserted = false;
            try {
                inserted = jobs.putIfAbsent(job.id, job) == null;
            } finally {
                if (!inserted) {
                    unlink(aged);
                    undoBegin(job);
                }
            }
            return inserted;
        }
    }

    /** Undoes the start of a job that could not begin. */
    private void undoBegin(Job<K> job) {
        synchronized (job) {
            if (!job.isGone()) {
                job.take();
                if (limiter != null) {
                    limiter.release();
                }
            }
        }
    }

    // ---- a job ends

    /** Removes a job that has been taken. The caller holds its monitor. */
    void end(Job<K> job) {
        try {
            jobs.remove(job.id, job);
        } catch (Throwable ofHashCode) {
            dropped.accept(ofHashCode); // it worked when the job was inserted; the entry stays in the map
        }
        if (job instanceof AgedJob<K> aged) {
            unlink(aged);
        }
        if (limiter != null) {
            limiter.release();
        }
    }

    /** Helps the thread that has taken a job to remove it. */
    void helpEnd(Job<K> gone) {
        jobs.remove(gone.id, gone);
    }

    private void unlink(AgedJob<K> job) {
        if (byAge != null && byAge.unlink(job) && expiry != null) {
            expiry.empty();
        }
    }

    /** Cancels the expiry. */
    void stop() {
        if (expiry != null) {
            expiry.stop();
        }
    }

    // ---- room

    /**
     * Acquires room for one more job. With {@link Full#DISCARD_OLDEST} it always succeeds, and
     * {@link #oldestExceeding} has to follow.
     *
     * @param funnel for the message
     * @return false if there is none, and the caller may wait
     */
    boolean acquireRoom(Object funnel) {
        if (limiter == null) {
            return true;
        }
        if (whenFull == Full.DISCARD_OLDEST) {
            limiter.acquire();
            return true;
        }
        boolean taken = limiter.tryAcquire();
        if (!taken && whenFull == Full.FAIL) {
            throw refusal.apply(funnel + " is full: " + limiter + " is reached");
        }
        return taken;
    }

    /**
     * The job to discard for this one; null if there is none, or if other threads that acquired room are about to
     * discard it.
     */
    @Nullable
    AgedJob<K> oldestExceeding(Job<K> than) {
        if (byAge == null || limiter == null || whenFull != Full.DISCARD_OLDEST || !limiter.isExceeded()) {
            return null;
        }
        AgedJob<K> oldest = byAge.oldest();
        return oldest == than ? null : oldest;
    }

    /** Waits until there is room, the job has begun, or another condition holds. */
    void awaitRoom(K id, BooleanSupplier orElse, String what) {
        if (limiter != null) {
            limiter.await(() -> jobs.containsKey(id) || orElse.getAsBoolean(), what);
        }
    }

    /** Wakes putters that wait for room. Called outside any monitor after a job has begun or ended. */
    void wakeWaiting() {
        if (limiter != null) {
            limiter.wakeAll();
        }
    }

    /** Describes the limit, for messages. */
    String limit() {
        return String.valueOf(limiter);
    }
}
