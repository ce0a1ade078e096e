package lox.sync.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.sync.engine.RemoteWorker;
import lox.sync.engine.RemoteWorkers;
import org.jspecify.annotations.Nullable;

/**
 * The worker processes of one {@code Workers}. They start on demand, are lent to one lane at a time, and leave when nobody has
 * needed them for a while. How many there are is the lanes' business: a lane has one at most.
 */
public final class WorkerPool implements RemoteWorkers {
    private static final int START_ATTEMPTS = 3;

    /** Somebody else's doing, as a rule: it may well succeed the next time. */
    private static final int ATTEMPTS_WHEN_KILLED = 10;

    private static final Duration A_CENTURY = Duration.ofDays(36_525);

    private final String name;
    private final WorkerOptions options;
    private final Loaders loaders = new Loaders();
    private final ClassFiles classFiles = new ClassFiles(loaders);
    private final Values values;
    private final WorkerStarter starter;

    private final IdleWorkers idle = new IdleWorkers(); // its lock guards what follows, too
    private final Restraint restraint = new Restraint();
    private boolean reaping;
    private boolean closed;

    /**
     * Makes a pool, and starts nothing.
     *
     * @param name for threads and messages
     * @param options how the workers are
     */
    public WorkerPool(String name, WorkerOptions options) {
        this.name = name;
        this.options = options;
        this.values = new Values(options.codec(), loaders.together(), loaders::remember, options.resultFilter());
        this.starter = new WorkerStarter(this, options);
    }

    // ---- what workers ask ------------------------------------------------------------------------------------------

    String name() {
        return name;
    }

    Values values() {
        return values;
    }

    Loaders loaders() {
        return loaders;
    }

    ClassFiles classFiles() {
        return classFiles;
    }

    long maxTasks() {
        return options.maxTasksPerWorker();
    }

    long taskTimeoutNanos() {
        Duration timeout = options.taskTimeout();
        return timeout == null || timeout.compareTo(A_CENTURY) > 0 ? Long.MAX_VALUE : timeout.toNanos();
    }

    void log(Throwable trouble) {
        System.getLogger(WorkerPool.class.getName())
                .log(System.Logger.Level.DEBUG, "a connection to a worker process of " + name + " has ended", trouble);
    }

    // ---- lending ---------------------------------------------------------------------------------------------------

    @Override
    public boolean mayRetry(Throwable failure, int before) {
        return failure instanceof WorkerCrashedException && before < options.retryCrashed();
    }

    @Override
    public @Nullable RemoteWorker lend(BooleanSupplier wanted) {
        int failed = 0;
        int killed = 0;
        while (wanted.getAsBoolean()) {
            long pause;
            synchronized (idle) {
                if (closed) {
                    return null;
                }
                Worker free = idle.take();
                if (free != null) {
                    return free;
                }
                restraint.checkUseful();
                pause = restraint.pauseMillis(failed + killed);
            }
            if (pause > 0 && !rest(pause, wanted)) {
                return null;
            }
            try {
                Worker worker = starter.start(wanted);
                if (worker != null) {
                    return worker;
                }
            } catch (WorkerCrashedException reason) {
                boolean bySignal = reason.signal().isPresent();
                failed += bySignal ? 0 : 1;
                killed += bySignal ? 1 : 0;
                if (failed == START_ATTEMPTS || killed == ATTEMPTS_WHEN_KILLED) {
                    throw reason;
                }
            }
        }
        return null;
    }

    /** Waits before the next start. False if that is no longer wanted. */
    private static boolean rest(long millis, BooleanSupplier wanted) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        long left = millis;
        while (left > 0 && wanted.getAsBoolean()) {
            try {
                Thread.sleep(left);
            } catch (InterruptedException look) {
                Thread.currentThread().interrupt(); // it may be what the caller looks at
                if (!wanted.getAsBoolean()) {
                    return false;
                }
                interrupted = Thread.interrupted();
            }
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return wanted.getAsBoolean();
    }

    void takeBack(Worker worker) {
        boolean keep;
        synchronized (idle) {
            keep = !closed && worker.isUsable();
            if (worker.hasEndedTasks()) {
                restraint.hasServed();
            }
            if (keep) {
                idle.add(worker);
                reapLater();
            }
        }
        if (!keep && !worker.isGone()) {
            worker.retire();
        }
    }

    // ---- leaving ---------------------------------------------------------------------------------------------------

    private void reapLater() {
        Duration longest = idle.longest();
        if (!reaping && longest != null) {
            reaping = true;
            WorkerTimer.after(options.idleTimeout().minus(longest).plusMillis(1), this::reap);
        }
    }

    /** Ends the workers that have been idle for long enough. */
    private void reap() {
        List<Worker> old;
        synchronized (idle) {
            reaping = false;
            old = idle.takeIdleFor(options.idleTimeout());
            reapLater();
        }
        old.forEach(Worker::retire);
    }

    /** A worker's process has ended. */
    void gone(Worker worker) {
        synchronized (idle) {
            if (worker.hasEndedTasks()) {
                restraint.hasServed();
            }
            restraint.hasEnded();
            if (worker.wasOfUse()) {
                restraint.wasOfUse();
            } else if (worker.wasReady()) {
                restraint.wasUseless(
                        worker.crash("processes of \"" + name + "\" keep ending before they have done anything"));
            }
        }
        starter.leave();
    }

    @Override
    public void close() {
        List<Worker> rest;
        synchronized (idle) {
            closed = true;
            rest = idle.takeAll();
        }
        rest.forEach(Worker::retire);
    }
}
