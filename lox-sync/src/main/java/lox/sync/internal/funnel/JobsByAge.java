package lox.sync.internal.funnel;

import org.jspecify.annotations.Nullable;

/**
 * A linked list of the pending jobs in the order in which they began. A job is linked and unlinked under its own
 * monitor: a thread that holds the monitor and finds the job not gone knows that it is in the list. Lock order: a
 * job, then this.
 */
final class JobsByAge<K> {
    private @Nullable AgedJob<K> oldest;
    private @Nullable AgedJob<K> youngest;

    /** Adds a new job with its deadline, by the clock of the {@link Expiry}. */
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

    /** Removes a job. Returns true if none is left. */
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

    /** How long until the oldest job is due; negative if there is none. */
    synchronized long untilDue(long now) {
        AgedJob<K> job = oldest;
        return job == null ? -1 : Math.max(0, job.deadline - now);
    }
}
