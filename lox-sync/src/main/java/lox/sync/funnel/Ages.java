package lox.sync.funnel;

import org.jspecify.annotations.Nullable;

/**
 * The pending jobs in the order in which they began. Jobs are linked and unlinked under their own monitor, so whoever holds
 * that and finds the job not gone knows that it is in here. Lock order: a job, then this.
 */
final class Ages<K> {
    private @Nullable AgedJob<K> oldest;
    private @Nullable AgedJob<K> youngest;

    /** Links a new job; its deadline lies so many nanoseconds after the clock's present time. */
    synchronized void append(AgedJob<K> job, long deadline) {
        job.deadline = deadline;
        job.older = youngest;
        if (youngest == null) {
            oldest = job;
        } else {
            youngest.younger = job;
        }
        youngest = job;
    }

    /** Unlinks a job; true if none is left. */
    synchronized boolean unlink(AgedJob<K> job) {
        AgedJob<K> older = job.older;
        AgedJob<K> younger = job.younger;
        if (older != null) {
            older.younger = younger;
        } else if (oldest == job) {
            oldest = younger;
        }
        if (younger != null) {
            younger.older = older;
        } else if (youngest == job) {
            youngest = older;
        }
        job.older = null;
        job.younger = null;
        return oldest == null;
    }

    synchronized @Nullable AgedJob<K> oldest() {
        return oldest;
    }

    synchronized @Nullable AgedJob<K> oldestDue(long now) {
        AgedJob<K> job = oldest;
        return job != null && job.deadline - now <= 0 ? job : null;
    }

    /** How long until the oldest is due; negative if nothing is pending. */
    synchronized long untilDue(long now) {
        AgedJob<K> job = oldest;
        return job == null ? -1 : Math.max(0, job.deadline - now);
    }
}
