package lox.sync.process;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
    static final Duration GRACE = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());
    private static final int START_ATTEMPTS = 3;

    /** Somebody else's doing, as a rule: it may well succeed the next time. */
    private static final int ATTEMPTS_WHEN_KILLED = 10;

    private static final int START_SECONDS = 60;
    private static final int FREE_CRASHES = 2;
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 100;
    private static final Duration A_CENTURY = Duration.ofDays(36_525);
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final String name;
    private final WorkerOptions options;
    private final Loaders loaders = new Loaders();
    private final ClassFiles classFiles = new ClassFiles(loaders);
    private final Values values;

    private final Deque<Worker> idle =
            new ArrayDeque<>(); // the one used last comes first; its lock guards what follows
    private final Deque<Long> idleSince = new ArrayDeque<>();
    private final Set<Worker> alive = new HashSet<>();
    private @Nullable WorkerDirectory directory;
    private @Nullable LaunchCommand command;
    private int users; // of the directory: workers alive, and such as are starting
    private int started;
    private int uselessInARow;
    private @Nullable WorkerCrashedException lastUseless;
    private int crashesInARow;
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
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lox-worker-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    static void later(Runnable action, Duration delay) {
        Future<?> ticking = TIMER.schedule(
                () -> {
                    try {
                        action.run();
                    } catch (RuntimeException e) {
                        LOG.log(System.Logger.Level.WARNING, "a worker process could not be ended", e);
                    }
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
        assert ticking != null;
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
        LOG.log(System.Logger.Level.DEBUG, "a connection to a worker process of " + name + " has ended", trouble);
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
                Worker free = pollIdle();
                if (free != null) {
                    return free;
                }
                checkUseful();
                pause = pause(failed + killed);
            }
            if (pause > 0 && !rest(pause, wanted)) {
                return null;
            }
            try {
                Worker worker = start(wanted);
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

    private @Nullable Worker pollIdle() {
        for (Worker free = idle.pollFirst(); free != null; free = idle.pollFirst()) {
            idleSince.pollFirst();
            if (free.isUsable()) {
                return free;
            }
        }
        return null;
    }

    /** Workers that start well and end before they have done anything would be started for ever. */
    private void checkUseful() {
        WorkerCrashedException last = lastUseless;
        if (uselessInARow >= START_ATTEMPTS && last != null) {
            uselessInARow = 0;
            throw last;
        }
    }

    private long pause(int attempts) {
        int beyond = Math.max(crashesInARow - FREE_CRASHES, attempts);
        return beyond <= 0 ? 0 : Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(beyond - 1, 10));
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
                crashesInARow = 0;
            }
            if (keep) {
                idle.addFirst(worker);
                idleSince.addFirst(System.nanoTime());
                reapLater();
            }
        }
        if (!keep && !worker.isGone()) {
            worker.retire();
        }
    }

    // ---- leaving ---------------------------------------------------------------------------------------------------

    private void reapLater() {
        Long oldest = idleSince.peekLast();
        if (!reaping && oldest != null) {
            reaping = true;
            Duration age = Duration.ofNanos(System.nanoTime() - oldest);
            later(this::reap, options.idleTimeout().minus(age).plusMillis(1));
        }
    }

    /** Ends the workers that have been idle for long enough. */
    private void reap() {
        List<Worker> old = new ArrayList<>();
        synchronized (idle) {
            reaping = false;
            long limit = options.idleTimeout().toNanos();
            while (!idle.isEmpty() && System.nanoTime() - idleSince.getLast() >= limit) {
                old.add(idle.removeLast());
                idleSince.removeLast();
            }
            reapLater();
        }
        old.forEach(Worker::retire);
    }

    /** A worker's process has ended. */
    void gone(Worker worker) {
        synchronized (idle) {
            alive.remove(worker);
            if (worker.hasEndedTasks()) {
                crashesInARow = 0;
            }
            crashesInARow++;
            if (worker.wasOfUse()) {
                uselessInARow = 0;
            } else if (worker.wasReady()) {
                uselessInARow++;
                lastUseless = worker.crash("processes of \"" + name + "\" keep ending before they have done anything");
            }
        }
        leaveDirectory();
    }

    @Override
    public void close() {
        List<Worker> rest;
        synchronized (idle) {
            closed = true;
            rest = List.copyOf(idle);
            idle.clear();
            idleSince.clear();
        }
        rest.forEach(Worker::retire);
    }

    // ---- starting --------------------------------------------------------------------------------------------------

    private @Nullable Worker start(BooleanSupplier wanted) {
        Worker worker = null;
        try {
            LaunchCommand how = enterDirectory();
            try {
                worker = connect(how);
            } finally {
                if (worker == null) {
                    leaveDirectory();
                }
            }
        } catch (IOException e) {
            throw new WorkerCrashedException(
                    "no worker process of \"" + name + "\" could be started: " + e.getMessage(), e);
        }
        return prepare(worker, wanted);
    }

    private @Nullable Worker prepare(Worker worker, BooleanSupplier wanted) {
        try {
            worker.begin(options.codec() instanceof JavaSerialization ? null : options.codec(), options.initializer());
        } catch (Throwable unserialisable) {
            worker.kill();
            throw unserialisable;
        }
        if (worker.awaitReady(wanted)) {
            return worker;
        }
        Throwable refusal = worker.refusal();
        if (refusal != null) {
            worker.retire();
            throw new WorkerCrashedException("the initializer of \"" + name + "\" failed: " + refusal, refusal);
        }
        if (worker.isGone()) { // and its process has ended
            throw worker.crash("a worker process of \"" + name + "\" ended before it was ready");
        }
        worker.kill(); // it may be stuck in its initializer for ever
        return null;
    }

    private Worker connect(LaunchCommand how) throws IOException {
        int number;
        Path place;
        synchronized (idle) {
            number = ++started;
            place = directory().path();
        }
        Path path = place.resolve("journal-" + number);
        Journal journal = new Journal(path);
        WorkerProcess process = null;
        boolean connected = false;
        try (Meeting meeting = new Meeting(place.resolve("socket-" + number))) {
            process = WorkerProcess.start(how, name + "-worker-" + number, options.output());
            process.whenGone(meeting::wakeUp);
            process.greet(place.resolve("socket-" + number).toString(), path.toString(), meeting.token());
            SocketChannel channel = meeting.await(not(process), START_SECONDS);
            if (channel == null) {
                process.kill();
                process.awaitEnd();
                throw process.crash("a worker process of \"" + name + "\" could not be started");
            }
            connected = true;
            Worker worker = new Worker(this, number, process, new Line(channel), journal);
            synchronized (idle) {
                alive.add(worker);
            }
            return worker;
        } catch (IOException e) {
            if (process != null) {
                process.kill();
                process.awaitEnd();
                throw process.crash(
                        "a worker process of \"" + name + "\" could not be started (" + e.getMessage() + ")");
            }
            throw e;
        } finally {
            Files.deleteIfExists(path);
            if (!connected) {
                journal.close();
            }
        }
    }

    private static BooleanSupplier not(WorkerProcess process) {
        return () -> !process.isAlive();
    }

    // ---- the directory ---------------------------------------------------------------------------------------------

    private LaunchCommand enterDirectory() throws IOException {
        synchronized (idle) {
            LaunchCommand how = command;
            if (directory == null || how == null) {
                WorkerDirectory made = WorkerDirectory.create();
                directory = made;
                how = LaunchCommand.of(options.launch(), made.path());
                command = how;
            }
            users++;
            return how;
        }
    }

    private WorkerDirectory directory() {
        WorkerDirectory now = directory;
        if (now == null) {
            throw new IllegalStateException("no directory");
        }
        return now;
    }

    private void leaveDirectory() {
        synchronized (idle) {
            users--;
            if (users == 0 && directory != null) {
                directory.close();
                directory = null;
                command = null;
            }
        }
    }
}
