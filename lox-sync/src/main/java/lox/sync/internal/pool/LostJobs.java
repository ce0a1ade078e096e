package lox.sync.internal.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import lox.sync.internal.time.SharedThreads;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Detects jobs that an executor of the user's has accepted and thrown away, as {@link ExecutorService#shutdownNow}
 * does, or a {@link ThreadPoolExecutor} that discards silently. A job is lost if it has not begun although the executor
 * has terminated. Where it can be observed, a job is also lost if the executor has nothing queued and nothing running
 * or left to run in {@value #LOOKS} successive checks.
 *
 * <p>Checks run only while a job is pending.
 */
final class LostJobs {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A job may be on its way from the queue to a thread that gets no processor time. */
    private static final int LOOKS = 8;

    private final ExecutorService executor;
    private final Consumer<Pending> lost;
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();

    /** A job that has been, or is about to be, handed to the executor. */
    static class Pending extends AtomicBoolean {
        private static final long serialVersionUID = 1L;

        private int looks; // used only by the check
    }

    /**
     * Creates a detector without jobs.
     *
     * @param executor of the user's
     * @param lost called with each job that is lost, on one of lox's own threads
     */
    LostJobs(ExecutorService executor, Consumer<Pending> lost) {
        this.executor = executor;
        this.lost = lost;
    }

    /** Adds a job that is about to be handed over. */
    void add(Pending job) {
        pending.add(job);
        watch();
    }

    /** Removes a job that has begun or was refused. */
    void remove(Pending job) {
        pending.remove(job);
    }

    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            lookLater();
        }
    }

    private void lookLater() {
        try {
            Timer.later(this::look, LOOK_NANOS);
        } catch (Throwable noThread) { // the next job tries again
            watched.set(false);
        }
    }

    private void look() {
        try {
            if (!pending.isEmpty()) {
                SharedThreads.elsewhere(this::lookAtAll); // calls the user's executor, which may take its time
                return;
            }
        } catch (Throwable noThread) {
            lookLater();
            return;
        }
        watched.set(false);
        if (!pending.isEmpty()) { // added meanwhile by a thread that relied on this check
            watch();
        }
    }

    private void lookAtAll() {
        try {
            boolean terminated = executor.isTerminated();
            boolean idle = terminated || isIdle(executor);
            List<Pending> gone = new ArrayList<>();
            for (Pending job : pending) {
                job.looks = idle ? job.looks + 1 : 0;
                if (terminated || job.looks >= LOOKS) {
                    gone.add(job);
                }
            }
            for (Pending job : gone) {
                remove(job);
                lost.accept(job);
            }
        } finally {
            lookLater();
        }
    }

    /** Whether the executor has begun everything it accepted, as far as can be observed. */
    private static boolean isIdle(@Nullable ExecutorService executor) {
        return executor instanceof ThreadPoolExecutor threads
                && threads.getQueue().isEmpty()
                && (threads.getActiveCount() == 0 || threads.isShutdown());
    }
}
