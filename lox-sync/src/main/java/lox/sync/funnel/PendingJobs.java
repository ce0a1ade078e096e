package lox.sync.funnel;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that have begun, by their id; with a {@link Room} if they are limited, and in the order of their {@link Ages} if that
 * counts. What becomes of a job is decided elsewhere, under the job's monitor.
 */
final class PendingJobs<K> {
    private final ConcurrentHashMap<K, Job<K>> jobs = new ConcurrentHashMap<>();
    private final @Nullable WhenFull whenFull;
    private final @Nullable Room room;
    private final @Nullable Ages<K> ages;
    private final @Nullable Expiry<K> expiry;
    private final Consumer<Throwable> dropped;

    PendingJobs(FunnelOptions<K, ?> options, Consumer<AgedJob<K>> expired, Consumer<Throwable> dropped) {
        this.dropped = dropped;
        whenFull = options.whenFull();
        room = whenFull == null ? null : new Room(options.pendingLimit());
        Duration lifetime = options.expireAfter();
        ages = lifetime == null && whenFull != WhenFull.DISCARD_OLDEST ? null : new Ages<>();
        expiry = lifetime == null || ages == null
                ? null
                : new Expiry<>(ages, options.timekeeper(), lifetime.toNanos(), expired, dropped);
    }

    @Nullable
    Job<K> get(K id) {
        return jobs.get(id);
    }

    Collection<Job<K>> all() {
        return jobs.values();
    }

    /** True only if there has been none at some moment of the call: {@link ConcurrentHashMap#isEmpty} adds up counters while they change. */
    boolean isEmpty() {
        return !jobs.elements().hasMoreElements();
    }

    long count() {
        return jobs.mappingCount();
    }

    // ---- a job begins

    /** A job, which has not begun yet. */
    Job<K> make(K id, Inputs seen, JobInput<K, ?> input, Object value) {
        int expected = Math.max(1, seen.live.length);
        return ages == null
                ? new Job<>(id, seen.horizon, expected, input, value)
                : new AgedJob<>(id, seen.horizon, expected, input, value);
    }

    /**
     * Begins a job, for which room has been taken. If it does not begin, the job is gone and its room given back.
     *
     * @return false if another has begun with this id
     */
    boolean begin(Job<K> job) {
        boolean begun = false;
        try {
            begun = insert(job);
        } finally {
            if (!begun) {
                takeNothing(job);
            }
        }
        if (begun && expiry != null) {
            expiry.linked();
        }
        return begun;
    }

    private boolean insert(Job<K> job) {
        if (!(job instanceof AgedJob<K> aged) || ages == null) {
            return jobs.putIfAbsent(job.id, job) == null;
        }
        synchronized (job) { // who finds it in the Ages must find it in the map
            ages.append(aged, expiry == null ? 0 : expiry.deadline());
            boolean inserted = false;
            try {
                inserted = jobs.putIfAbsent(job.id, job) == null;
            } finally {
                if (!inserted) {
                    unlink(aged);
                    takeNothing(job);
                }
            }
            return inserted;
        }
    }

    /** Undoes the beginning of a job that has not begun. */
    private void takeNothing(Job<K> job) {
        synchronized (job) {
            if (!job.isGone()) {
                job.take();
                if (room != null) {
                    room.giveBack();
                }
            }
        }
    }

    // ---- a job ends

    /** Lets go of a job that has been taken; the caller holds its monitor. */
    void forget(Job<K> job) {
        try {
            jobs.remove(job.id, job);
        } catch (Throwable ofHashCode) {
            dropped.accept(ofHashCode); // it worked when the job was inserted; now the entry stays behind
        }
        if (job instanceof AgedJob<K> aged) {
            unlink(aged);
        }
        if (room != null) {
            room.giveBack();
        }
    }

    /** Helps whoever has taken a job, and is about to let go of it. */
    void remove(Job<K> gone) {
        jobs.remove(gone.id, gone);
    }

    private void unlink(AgedJob<K> job) {
        if (ages != null && ages.unlink(job) && expiry != null) {
            expiry.empty();
        }
    }

    /** No alarm rings any more. */
    void stop() {
        if (expiry != null) {
            expiry.stop();
        }
    }

    // ---- room

    /**
     * Takes room for one job more. Where the oldest is discarded it always does, and {@link #oldestTooMany} has to follow.
     *
     * @param funnel for the message
     * @return false if there is none, and the caller may wait
     */
    boolean takeRoom(Object funnel) {
        if (room == null) {
            return true;
        }
        if (whenFull == WhenFull.DISCARD_OLDEST) {
            room.take();
            return true;
        }
        boolean taken = room.tryTake();
        if (!taken && whenFull == WhenFull.FAIL) {
            throw new FunnelFullException(funnel + " is full: " + room + " is reached");
        }
        return taken;
    }

    /** The job that has to make room for this one; null if there is none, or if those who took room too are about to see to it. */
    @Nullable
    AgedJob<K> oldestTooMany(Job<K> than) {
        if (ages == null || room == null || whenFull != WhenFull.DISCARD_OLDEST || !room.isExceeded()) {
            return null;
        }
        AgedJob<K> oldest = ages.oldest();
        return oldest == than ? null : oldest;
    }

    /** Waits until there is room, or until the job has begun, or something else is so. */
    void awaitRoom(K id, BooleanSupplier orElse, String what) {
        if (room != null) {
            room.await(() -> jobs.containsKey(id) || orElse.getAsBoolean(), what);
        }
    }

    /** To be called, outside any monitor, when a job has begun or ended. */
    void wakeWhoWaits() {
        if (room != null) {
            room.wake();
        }
    }

    /** The limit, for messages. */
    String limit() {
        return String.valueOf(room);
    }
}
