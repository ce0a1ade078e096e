package lox.sync.internal.pool;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of lox's own jobs that occupies a place of a {@link LanePool}. While it runs, its thread can look it up. A task
 * may run other jobs on the same thread, so jobs are nested, the innermost first.
 */
public abstract class PoolJob implements Runnable {
    /**
     * One cell for each thread, which stays: to take it out and in again would cost more than a short task. It holds
     * nothing while the thread is in no job, so it keeps no class of lox.
     */
    private static final ThreadLocal<@Nullable Object[]> CURRENT = ThreadLocal.withInitial(() -> new Object[1]);

    private final Executor pool;
    private @Nullable PoolJob outer;
    private @Nullable Runnable resumption; // made by the first thread that resumes this job

    protected PoolJob(Executor pool) {
        this.pool = pool;
    }

    /** Whether the calling thread is in a task that occupies a place of this pool. */
    public static boolean isWorkerOf(Executor pool) {
        for (PoolJob job = current(); job != null; job = job.outer) {
            if (job.pool == pool) {
                return true;
            }
        }
        return false;
    }

    /** The innermost job that the calling thread is in, or null. */
    public static @Nullable PoolJob current() {
        return (PoolJob) CURRENT.get()[0];
    }

    /**
     * Runs the job in the place that it occupies. Returns false if it goes on later and keeps the place meanwhile: see
     * {@link LanePool#resume}.
     */
    public boolean runInPlace() {
        run();
        return true;
    }

    /** What goes on with this job, always the same. One thread at a time resumes a job. */
    final Runnable resumption(Consumer<PoolJob> resume) {
        Runnable known = resumption;
        if (known == null) {
            known = () -> resume.accept(this);
            resumption = known;
        }
        return known;
    }

    /** Called instead of {@code run} if the job will not run. */
    public abstract void refuse(Throwable reason);

    /** The job in which this one runs, or null. */
    public final @Nullable PoolJob outer() {
        return outer;
    }

    public final boolean isOf(Executor other) {
        return pool == other;
    }

    /** Returns the thread's cell, for {@link #leaveThread(Object[])}. */
    protected final @Nullable Object[] enterThread() {
        @Nullable Object[] cell = CURRENT.get();
        outer = (PoolJob) cell[0];
        cell[0] = this;
        return cell;
    }

    /**
     * Returns the job that the thread is in from now on, or null. Does nothing if the thread has not entered, for want
     * of stack.
     */
    protected final @Nullable PoolJob leaveThread() {
        return leaveThread(CURRENT.get());
    }

    /** The same, in the thread whose cell this is. */
    protected final @Nullable PoolJob leaveThread(@Nullable Object[] cell) {
        PoolJob next = outer;
        if (cell[0] == this) {
            cell[0] = next;
            outer = null;
        }
        return next;
    }

    protected final boolean isInThread() {
        return current() == this;
    }
}
