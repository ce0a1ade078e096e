package lox.sync.internal.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.process.ClusterUnavailableException;
import lox.sync.process.SerializationException;
import lox.sync.process.WorkerCrashedException;
import lox.sync.process.WorkerLostException;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.RemoteWorkers;
import lox.sync.spi.host.LaunchOptions;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerHosts;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: who gets which worker, and when, is decided under one lock.
/**
 * The worker processes of one {@code Workers}. They start on demand, are lent to one lane at a time, and end when they
 * have been idle for a while. The number of lanes bounds their number: a lane has one at most.
 */
public final class WorkerPool implements RemoteWorkers, Worker.Owner {
    /** How often a thread that waits for a worker asks whether it is still wanted. */
    private static final long LOOK_MILLIS = 50;

    private final String name;
    private final WorkerOptions options;
    private final NestingLimit nesting;
    private final WorkerStarter starter;

    private final IdleWorkers idle = new IdleWorkers(); // its lock guards what follows, too
    private final IdleWorkers starting = new IdleWorkers(); // left by callers that were given another one meanwhile
    private final RestartBackoff backoff = new RestartBackoff();
    private final WorkerSupply supply = new WorkerSupply();
    private final ProcessCount count = new ProcessCount();
    private final IdleTimer timer;
    private boolean closed;

    /**
     * Makes a pool, and starts nothing.
     *
     * @param observer the name, for threads and messages, and who wants to know of the workers
     * @param options how the workers are
     */
    public WorkerPool(PoolObserver observer, WorkerOptions options) {
        this(WorkerContext.of(observer, options), new NestingLimit(observer.name()));
    }

    private WorkerPool(WorkerContext context, NestingLimit nesting) {
        this(context, nesting, host(context, nesting));
    }

    /** Where the workers run: on the machines of the options, or on this one. */
    static WorkerHost host(WorkerContext context, NestingLimit nesting) {
        WorkerOptions options = context.options();
        boolean elsewhere = options.machines() != null;
        WorkerHosts.Pool pool = new WorkerHosts.Pool(
                context.pool(),
                () -> launch(options, nesting, elsewhere),
                options.taskTimeout(),
                pid -> new LinePrinter(pid, options.output()));
        return options.machines() instanceof WorkerHosts hosts
                ? hosts.open(pool)
                : new LocalWorkerHost(pool, ProgramOrigin.THIS_JVM);
    }

    private static LaunchOptions launch(WorkerOptions options, NestingLimit nesting, boolean elsewhere) {
        LaunchOptions own = options.launch().after(nesting.options());
        return elsewhere ? own.after(InheritedOptions.thatTravel()) : own;
    }

    /** Makes a pool whose workers run on that host. */
    WorkerPool(WorkerContext context, NestingLimit nesting, WorkerHost host) {
        this.name = context.pool();
        this.options = context.options();
        this.nesting = nesting;
        this.starter = new WorkerStarter(host, context, this);
        this.timer = new IdleTimer(idle, options.idleTimeout(), List.of(idle, starting));
    }

    // ---- lending ---------------------------------------------------------------------------------------------------

    @Override
    public boolean mayRetry(Throwable failure, int before) {
        return (failure instanceof WorkerCrashedException && before < options.retryCrashed())
                || (failure instanceof WorkerLostException && before < options.retryLost());
    }

    @Override
    public boolean isCrash(Throwable failure) {
        return failure instanceof WorkerCrashedException || failure instanceof WorkerLostException;
    }

    /**
     * Lends a worker, and starts one if none is free. While another one works, a start that fails is tried again and
     * again, or that other worker is lent when it comes back; when none works, and no other caller has attempts left,
     * the failure is thrown.
     */
    @Override
    public @Nullable RemoteWorker lend(BooleanSupplier wanted) {
        if (wanted.getAsBoolean()) {
            synchronized (idle) {
                Worker free = closed ? null : idle.take();
                if (free != null) {
                    return free;
                }
            }
        }
        return lendOrStart(wanted);
    }

    private @Nullable RemoteWorker lendOrStart(BooleanSupplier wanted) {
        StartAttempts attempts = new StartAttempts();
        boolean hopeful = false;
        try {
            while (wanted.getAsBoolean()) {
                long pause;
                boolean tell;
                synchronized (idle) {
                    if (closed) {
                        return null;
                    }
                    Worker free = idle.take();
                    if (free != null) {
                        return free;
                    }
                    if (!attempts.areExhausted()) {
                        backoff.findUseless().ifPresent(attempts::exhausted);
                    }
                    if (hopeful == attempts.areExhausted()) {
                        hopeful = countHopeful(!hopeful);
                    }
                    if (attempts.areExhausted() && supply.isHopeless()) {
                        throw attempts.reason();
                    }
                    tell = attempts.areExhausted() && supply.hasWorking() && supply.isToBeTold();
                    pause = attempts.areExhausted() ? attempts.millisToNext() : backoff.pauseMillis(attempts.count());
                }
                if (tell) {
                    tell(attempts.reason());
                }
                if ((pause == 0 || rest(pause, attempts.areExhausted(), wanted)) && wanted.getAsBoolean()) {
                    Worker worker = start(attempts, wanted);
                    if (worker != null) {
                        return worker;
                    }
                }
            }
            return null;
        } finally {
            if (hopeful) {
                synchronized (idle) {
                    countHopeful(false);
                }
            }
        }
    }

    private boolean countHopeful(boolean hopeful) {
        if (hopeful) {
            supply.begins();
        } else {
            supply.ends();
            idle.notifyAll(); // threads without attempts left have to look again
        }
        return hopeful;
    }

    /**
     * Starts a worker, or goes on with one that another caller has left. Returns null if it is not ready: it has
     * failed, or another worker has become free meanwhile, or none is wanted.
     */
    private @Nullable Worker start(StartAttempts attempts, BooleanSupplier wanted) {
        try {
            Worker begun = left();
            if (begun == null) {
                nesting.check();
                begun = starter.start(wanted, this::hasNoneFree);
            }
            if (begun == null) {
                return null;
            }
            boolean ready = starter.awaitReady(begun, wanted, this::hasNoneToLend);
            if (!ready) {
                leave(begun);
                return null;
            }
            synchronized (idle) {
                noteStarted(begun);
            }
            return begun;
        } catch (WorkerCrashedException | SerializationException reason) {
            synchronized (idle) {
                attempts.failed(reason);
            }
            return null;
        } catch (ClusterUnavailableException nowhere) { // it has been waited for
            synchronized (idle) {
                attempts.exhausted(nowhere);
            }
            return null;
        }
    }

    private @Nullable Worker left() {
        synchronized (idle) {
            return starting.take();
        }
    }

    /** Leaves a worker that was not ready to the next caller that needs one. */
    private void leave(Worker worker) {
        boolean closing;
        synchronized (idle) {
            closing = closed;
            if (!worker.isUsable()) { // killed, since nobody wants it
                return;
            }
            if (!closing && worker.wasReady()) { // by now
                noteStarted(worker);
                addIdle(worker);
            } else if (!closing) {
                starting.add(worker);
                timer.arm();
            }
        }
        if (closing) {
            worker.retire();
        }
    }

    private void noteStarted(Worker worker) {
        count.started();
        if (!supply.works(worker)) {
            count.ended(worker);
        }
    }

    @Override
    public void isReady(Worker worker) {
        synchronized (idle) {
            if (starting.remove(worker)) {
                noteStarted(worker);
                addIdle(worker);
            }
        }
    }

    private void addIdle(Worker worker) {
        idle.add(worker);
        idle.notifyAll();
        timer.arm();
    }

    private boolean hasNoneToLend() {
        synchronized (idle) {
            return !closed && !idle.hasUsable();
        }
    }

    private boolean hasNoneFree() {
        synchronized (idle) {
            return !closed && idle.isEmpty();
        }
    }

    private void tell(Throwable reason) {
        System.getLogger("lox.sync.process")
                .log(
                        System.Logger.Level.WARNING,
                        "a worker process of \"" + name
                                + "\" could not be started; others work on, and it is tried again",
                        reason);
    }

    /**
     * Waits before the next start.
     *
     * @param forHope whether to wait for others to get on, too
     * @return whether that time is over; false if there is something to be looked at before
     */
    private boolean rest(long millis, boolean forHope, BooleanSupplier wanted) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        try {
            while (wanted.getAsBoolean()) {
                try {
                    synchronized (idle) {
                        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                        if (left <= 0) {
                            return true;
                        }
                        if (closed || !idle.isEmpty() || (forHope && supply.isHopeless())) {
                            return false;
                        }
                        idle.wait(Math.min(left, LOOK_MILLIS));
                    }
                } catch (InterruptedException look) {
                    Thread.currentThread().interrupt(); // it may be what the caller looks at
                    if (!wanted.getAsBoolean()) {
                        return false;
                    }
                    interrupted |= Thread.interrupted();
                }
            }
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void takeBack(Worker worker) {
        boolean keep;
        synchronized (idle) {
            keep = !closed && worker.isUsable();
            if (worker.hasEndedTasks()) {
                backoff.hasServed();
            }
            if (keep) {
                addIdle(worker);
            }
        }
        if (!keep && !worker.isGone()) {
            worker.retire();
        }
    }

    /** The processes at this moment, and what has become of all of them. */
    public ProcessFigures figures() {
        synchronized (idle) {
            return count.figures(supply.working(), idle);
        }
    }

    // ---- leaving ---------------------------------------------------------------------------------------------------

    @Override
    public void withdraw(Worker worker) {
        boolean wasIdle;
        synchronized (idle) {
            wasIdle = idle.remove(worker) || starting.remove(worker);
        }
        if (wasIdle) { // else the thread that has it gives it back
            worker.retire();
        }
    }

    @Override
    public void gone(Worker worker) {
        synchronized (idle) {
            starting.remove(worker);
            if (supply.gone(worker)) {
                count.ended(worker);
            }
            idle.notifyAll(); // waiting threads have to look again
            if (worker.hasEndedTasks()) {
                backoff.hasServed();
            }
            backoff.hasEnded();
            if (worker.wasOfUse()) {
                backoff.wasOfUse();
            } else if (worker.wasReady()) {
                backoff.wasUseless(
                        worker.crash("processes of \"" + name + "\" keep ending before they have done anything"));
            }
        }
    }

    @Override
    public void close() {
        List<Worker> rest;
        synchronized (idle) {
            closed = true;
            idle.notifyAll();
            rest = new ArrayList<>(idle.takeAll());
            rest.addAll(starting.takeAll());
            timer.cancel();
        }
        rest.forEach(Worker::retire);
    }
}
