package lox.sync.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.sync.engine.RemoteRun;
import lox.sync.engine.RemoteWorker;
import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;

/**
 * One worker process, from the parent's side.
 *
 * <pre>
 *               READY              lend                 the connection's end
 *   STARTING ----------&gt; IDLE &lt;-----------&gt; LENT  ...  ---------------------&gt; GONE
 *       |                  |       giveBack                                      ^
 *       +------------------+--- killed, crashed, BYE and its exit ---------------+
 * </pre>
 *
 * The {@link Sender} speaks to it, the {@link Receiver} hears it. It is gone when its {@link RunQueue} is closed.
 */
final class Worker implements RemoteWorker {
    private static final long STOP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int LOOKS_PER_TIMEOUT = 8;

    /** So many that large arguments and results are on their way in both directions at once. */
    private static final long MOST_BYTES = 8 * 1024 * 1024;

    /** What waits in the worker leaves the tasks this many times as much room. */
    private static final int PART_OF_HEAP = 16;

    private final WorkerPool pool;
    private final int number;
    private final WorkerProcess process;
    private final Line line;
    private final Journal journal;
    private final RunQueue runs = new RunQueue();
    private final Sender sender;
    private final Receiver receiver;

    // The thread it is lent to:
    private final Sink outgoing = new Sink();
    private final SentFunctions functions;
    private long lastRun;
    private long sent;
    private long startedAtLastLook = -1;
    private long lookedFirst;

    private volatile boolean killed;
    private volatile boolean lost;
    private volatile boolean timedOut;
    private volatile boolean retired;
    private boolean blamed; // the receiver's

    Worker(WorkerPool pool, int number, WorkerProcess process, Line line, Journal journal) {
        this.pool = pool;
        this.number = number;
        this.process = process;
        this.line = line;
        this.journal = journal;
        this.sender = new Sender(line, this::lose);
        this.functions = new SentFunctions(sender, pool.values(), pool.loaders());
        Source in = new Source(new LastingChannel(line, journal, process, () -> !runs.isClosed()));
        this.receiver = new Receiver(this, pool, in, runs);
    }

    // ---- starting --------------------------------------------------------------------------------------------------

    /** Begins to listen, and sends what the worker needs before its first task. If that cannot be written, it is to be killed. */
    void begin(@Nullable Codec codec, @Nullable Work<?, ?> initializer) {
        Thread reader = new Thread(receiver, pool.name() + "-worker-" + number);
        reader.setDaemon(true);
        reader.start(); // first: it sees to the end, whatever happens
        outgoing.write(Protocol.SETUP);
        outgoing.writeInt(number);
        values().byJavaSerialization().write(codec, outgoing, "the codec");
        values().ofFunctions().write(initializer, outgoing, "the initializer");
        sender.send(outgoing);
    }

    /** Waits until it is ready. False if it will not be, or is no longer wanted. */
    boolean awaitReady(BooleanSupplier wanted) {
        return receiver.awaitReady(wanted);
    }

    /** What its initializer threw, or null. */
    @Nullable
    Throwable refusal() {
        return receiver.refusal();
    }

    boolean isGone() {
        return runs.isClosed();
    }

    // ---- the thread it is lent to ----------------------------------------------------------------------------------

    Values values() {
        return pool.values();
    }

    @Override
    public RemoteRun open(Work<?, ?> work, int most) {
        outgoing.clear();
        long function = functions.send(work, outgoing);
        int left = (int) Math.min(most, Math.max(1, pool.maxTasks() - sent));
        return new TaskRun(this, ++lastRun, function, outgoing, left);
    }

    @Override
    public boolean isUsable() {
        return !isGone() && !killed && !lost && sent < pool.maxTasks();
    }

    @Override
    public void giveBack() {
        pool.takeBack(this);
    }

    /** How many bytes may travel together. */
    long mostBytes() {
        return mostBytes(receiver.heap());
    }

    static long mostBytes(long heap) {
        return Math.min(MOST_BYTES, heap / PART_OF_HEAP);
    }

    void send(TaskRun run, Sink message, BooleanSupplier giveUp) {
        if (!runs.add(run)) {
            message.clear();
            run.lowerLimit(0);
            return;
        }
        sent += run.size();
        sender.send(message, giveUp);
    }

    /** Looks after a run that is waited for. Returns how long to wait until the next look, if nothing comes. */
    long watch(TaskRun run) {
        if (run.isStopped()) {
            long left = run.stoppedAt() + STOP_NANOS - System.nanoTime();
            if (left <= 0 && !isGone()) {
                kill();
            }
            return Math.max(left, STOP_NANOS);
        }
        long timeout = pool.taskTimeoutNanos();
        if (timeout == Long.MAX_VALUE || isGone()) {
            return Long.MAX_VALUE;
        }
        lookForTimeout(timeout);
        return Math.max(timeout / LOOKS_PER_TIMEOUT, TimeUnit.MILLISECONDS.toNanos(1));
    }

    private void lookForTimeout(long timeout) {
        long started;
        try {
            started = journal.started();
        } catch (IOException closed) {
            return; // because the worker is gone
        }
        long now = System.nanoTime();
        if (started != startedAtLastLook) {
            startedAtLastLook = started;
            lookedFirst = now;
        } else if (started > receiver.ended() && now - lookedFirst >= timeout) {
            timedOut = true;
            kill();
        }
    }

    Throwable exception(@Nullable Object received) {
        return values().open(received, "the exception") instanceof Throwable thrown
                ? thrown
                : new IllegalStateException("a worker has sent a failure that is none");
    }

    // ---- any thread ------------------------------------------------------------------------------------------------

    void recall(TaskRun run) {
        if (runs.noteRecall(run)) {
            sender.recall(run.id());
        }
    }

    void stop(TaskRun run) {
        recall(run);
        if (run.isRecallAnswered() && !run.isOver()) {
            kill();
        }
    }

    void answer(int question, byte @Nullable [] content) {
        sender.answer(question, content);
    }

    /** Ends the process at once. The receiver does the rest. */
    void kill() {
        killed = true;
        process.kill();
    }

    /** The connection is of no use any more, whatever the reason. */
    void lose() {
        lost = true;
        process.kill();
    }

    /** Ends the process as a program ends, soon; kills it if that takes long. For nobody's worker, or one that was given back. */
    void retire() {
        retired = true;
        sender.bye();
        if (!isGone()) {
            WorkerTimer.after(GRACE, () -> {
                if (!isGone()) {
                    kill();
                }
            });
        }
    }

    // ---- the end, in the receiver's thread -------------------------------------------------------------------------

    /** The worker is no more. Whatever it had not started is its lane's again, and what it was at has failed. */
    void end() {
        process.awaitEnd();
        settle(runs.close());
        receiver.stopWaiting();
        try {
            line.close();
            journal.close();
        } catch (IOException e) {
            pool.log(e);
        }
        process.close();
        pool.gone(this);
    }

    private void settle(List<TaskRun> left) {
        for (TaskRun run : left) {
            if (!run.isOver() && !blamed && isAtTask()) {
                blamed = true;
                run.failed(reason(run));
            }
            run.lowerLimit(run.settled());
            run.tell();
        }
    }

    private boolean isAtTask() {
        try {
            return journal.started() > receiver.ended();
        } catch (IOException unknown) {
            return true;
        }
    }

    private Throwable reason(TaskRun run) {
        if (timedOut) {
            return new RemoteRun.TimedOut();
        }
        if (killed && run.isStopped()) {
            return new InterruptedException(
                    "the batch has ended, and process " + process.pid() + ", which ran the task, was killed");
        }
        return crash("process " + process.pid() + " of \"" + pool.name() + "\" crashed while it ran the task");
    }

    /** What is to be said of its end, which is over. */
    WorkerCrashedException crash(String what) {
        return process.crash(what);
    }

    /** Whether it has done anything for anybody, or ended because it was told to. */
    boolean wasOfUse() {
        return hasEndedTasks() || blamed || killed || retired;
    }

    boolean wasReady() {
        return receiver.wasReady();
    }

    boolean hasEndedTasks() {
        return receiver.ended() > 0;
    }
}
