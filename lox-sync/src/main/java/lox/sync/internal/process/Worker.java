package lox.sync.internal.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.sync.event.WorkerEnd;
import lox.sync.internal.observe.ObservedWorker;
import lox.sync.internal.time.OwnThreads;
import lox.sync.internal.time.Timer;
import lox.sync.process.Codec;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.Work;
import lox.sync.spi.host.WorkerLink;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: the thread that has borrowed a worker, the receiver, and all others each have a part.
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
 * The {@link WorkerSender} writes to it, the {@link WorkerReceiver} reads from it, and {@link WorkerLifecycle} knows
 * how it ends.
 */
final class Worker implements RemoteWorker, TaskRun.Destination, LiveWorkers.Member {
    private static final long STOP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long BYE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Enough for large arguments and results to travel in both directions at once. */
    private static final long MOST_BYTES = 8 * 1024 * 1024;

    /** So many runs may be under way to a worker that is far away. */
    private static final int RUNS_AT_ONCE = 2;

    /** Waiting arguments take at most this part of the worker's heap. */
    private static final int PART_OF_HEAP = 16;

    /** The pool that a worker belongs to, as the worker sees it. */
    interface Owner {
        /** Notes that a worker can take tasks from now on. */
        void isReady(Worker worker);

        /** Takes back a worker from the thread that it was lent to. */
        void takeBack(Worker worker);

        /** Takes a worker that its machine wants back out of those that can be lent, if no thread has it. */
        void withdraw(Worker worker);

        /** Notes that a worker's process has ended. */
        void gone(Worker worker);
    }

    private final Owner owner;
    private final ValueCodec values;
    private final int number;
    private final String name;
    private final ObservedWorker observed; // the receiver's
    private final WorkerLink link;
    private final RunQueue runs = new RunQueue();
    private final WorkerLifecycle lifecycle;
    private final WorkerSender sender;
    private final WorkerReceiver receiver;

    // The thread it is lent to:
    private final WireWriter outgoing = new WireWriter();
    private final SentFunctions functions;
    private final TaskTimeLimit timeLimit;
    private final SilenceLimit silenceLimit;
    private final long mostTasks;
    private long lastRun;
    private long sent;

    Worker(Owner owner, WorkerContext context, int number, WorkerLink link) {
        this.owner = owner;
        this.values = context.values();
        this.name = context.nameOf(number);
        this.observed = context.observer().worker(name);
        this.number = number;
        this.link = link;
        this.lifecycle = new WorkerLifecycle(
                context.pool(), link, runs, context.options().retryLost() == 0);
        this.sender = new WorkerSender(link.output(), lifecycle::lose, lifecycle::kill);
        this.receiver = new WorkerReceiver(context, link, runs, lifecycle, sender, this::ready, this::end);
        this.functions = new SentFunctions(sender, values, context.loaders());
        this.timeLimit = new TaskTimeLimit(link, runs, context.taskTimeoutNanos());
        this.silenceLimit = new SilenceLimit(link, runs, sender::sent, context.silenceNanos(), System::nanoTime);
        this.mostTasks = context.options().maxTasksPerWorker();
    }

    // ---- starting --------------------------------------------------------------------------------------------------

    /**
     * Starts the receiver, and sends what the worker needs before its first task. If this throws, the caller kills
     * the worker.
     */
    void begin(@Nullable Codec codec, @Nullable Work<?, ?> initializer) {
        LiveWorkers.add(this);
        try {
            OwnThreads.make(name, receiver).start(); // first: it handles the end, whatever happens
        } catch (Throwable noThread) {
            kill();
            end();
            throw noThread;
        }
        outgoing.write(Protocol.SETUP);
        outgoing.writeInt(number);
        values.byJavaSerialization().write(codec, outgoing, "the codec");
        values.ofFunctions().write(initializer, outgoing, "the initializer");
        sender.send(outgoing);
        link.whenWantedBack(() -> Timer.elsewhere(() -> owner.withdraw(this)));
    }

    /** Waits until it is ready. False if it will not be, or is no longer wanted. */
    boolean awaitReady(BooleanSupplier wanted) {
        return receiver.awaitReady(wanted);
    }

    /** What its initializer threw, or null. */
    @Nullable
    Throwable refusal() {
        Object received = receiver.refusal();
        return received == null ? null : values.openThrown(received);
    }

    /** Whether it has been told to end by itself. */
    boolean isRetired() {
        return lifecycle.isRetired();
    }

    boolean isGone() {
        return lifecycle.isGone();
    }

    // ---- the thread it is lent to ----------------------------------------------------------------------------------

    @Override
    public RemoteRun open(Work<?, ?> work, int most, BooleanSupplier giveUp) {
        return open(work, most, giveUp, false);
    }

    @Override
    public RemoteRun openTimed(Work<?, ?> work, int most, BooleanSupplier giveUp) {
        return open(work, most, giveUp, true);
    }

    @Override
    public String name() {
        return name;
    }

    private RemoteRun open(Work<?, ?> work, int most, BooleanSupplier giveUp, boolean timed) {
        outgoing.clear();
        long function = functions.send(work, outgoing, orIfSilent(giveUp));
        int left = (int) Math.min(most, Math.max(1, mostTasks - sent));
        long mostBytes = mostBytes(receiver.heap()) / (isFarAway() ? RUNS_AT_ONCE : 1);
        return new TaskRun(this, values, ++lastRun, function, outgoing, left, mostBytes, timed);
    }

    @Override
    public boolean isUsable() {
        return sent < mostTasks && lifecycle.isUsable() && !link.isWantedBack();
    }

    /** Whether its machine wants it back. */
    boolean isWantedBack() {
        return link.isWantedBack();
    }

    @Override
    public long tripNanos() {
        return link.tripNanos();
    }

    @Override
    public void giveBack() {
        owner.takeBack(this);
    }

    /** How many bytes may travel together to a worker with such a heap. */
    static long mostBytes(long heap) {
        return Math.min(MOST_BYTES, heap / PART_OF_HEAP);
    }

    @Override
    public void send(TaskRun run, WireWriter message, BooleanSupplier giveUp) {
        if (!runs.add(run)) {
            message.clear();
            run.lowerLimit(0);
            return;
        }
        sent += run.size();
        sender.send(message, orIfSilent(giveUp));
    }

    private BooleanSupplier orIfSilent(BooleanSupplier giveUp) {
        if (!timeLimit.exists()) {
            return giveUp;
        }
        silenceLimit.begin();
        return () -> giveUp.getAsBoolean() || silenceLimit.isExceeded();
    }

    @Override
    public long watch(TaskRun run) {
        if (run.isStopped()) {
            long left = run.stoppedAt() + STOP_NANOS - System.nanoTime();
            if (left <= 0 && !isGone()) {
                kill();
            }
            return Math.max(left, STOP_NANOS);
        }
        if (!timeLimit.exists() || isGone()) {
            return Long.MAX_VALUE;
        }
        if (timeLimit.isExceeded()) {
            lifecycle.timeOut(timeLimit.startedAtLastLook());
        } else if (silenceLimit.isExceeded()) {
            kill();
        }
        return timeLimit.lookNanos();
    }

    // ---- any thread ------------------------------------------------------------------------------------------------

    @Override
    public void recall(TaskRun run) {
        if (runs.noteRecall(run)) {
            sender.recall(run.id());
        }
    }

    @Override
    public void stop(TaskRun run) {
        recall(run);
        if (run.isRecallAnswered() && !run.isOver()) {
            kill();
        }
    }

    /** Ends the process at once. The receiver does the rest. */
    @Override
    public void kill() {
        lifecycle.kill();
    }

    /** Tells the process to exit, and kills it if that takes long. For a worker that no thread has. */
    void retire() {
        lifecycle.retire();
        boolean seenTo = false;
        try {
            sender.bye();
            if (!isGone()) {
                Timer.laterElsewhere(
                        () -> {
                            if (!isGone()) {
                                kill();
                            }
                        },
                        GRACE.toNanos());
            }
            seenTo = true;
        } finally {
            if (!seenTo) { // no thread to wait in, say
                kill();
            }
        }
    }

    /** Tells the process to exit, since this JVM does. Kills it if the message cannot be sent soon. */
    @Override
    public void endWithJvm() {
        lifecycle.retire();
        long begun = System.nanoTime();
        if (!sender.bye(() -> System.nanoTime() - begun > BYE_NANOS)) {
            kill();
        }
    }

    // ---- figures, for any thread -----------------------------------------------------------------------------------

    long bytesSent() {
        return sender.sent();
    }

    long bytesReceived() {
        return receiver.received();
    }

    /** How the process has ended; call after it has. */
    WorkerEnd howEnded() {
        return lifecycle.end();
    }

    ProcessFigures.Live figures(boolean busy) {
        return new ProcessFigures.Live(name, link.pid(), busy, observed.startedNanos(), bytesSent(), bytesReceived());
    }

    // ---- what listeners are told, in the receiver's thread ---------------------------------------------------------

    private void ready() {
        observed.started(link.pid());
        owner.isReady(this);
    }

    private void tellEnd() {
        observed.ended(howEnded(), bytesSent(), bytesReceived());
    }

    // ---- the end, in the receiver's thread -------------------------------------------------------------------------

    /**
     * Waits for the process's end; then gives back the tasks that it had not started, and fails the one that it ran.
     */
    private void end() {
        try {
            link.awaitEnd();
        } finally { // each step whatever the ones before have thrown: other threads wait for it
            LiveWorkers.remove(this);
            LiveWorkers.awaitEndOfJvm();
            try {
                lifecycle.settle();
            } finally {
                try {
                    receiver.stopWaiting();
                    owner.gone(this);
                } finally {
                    link.close();
                    tellEnd();
                }
            }
        }
    }

    /** Describes the process's end; call after it has ended. */
    WorkerCrashedException crash(String what) {
        return lifecycle.crash(what);
    }

    /** Whether it has ended a task or failed one, or ended because it was told to. */
    boolean wasOfUse() {
        return lifecycle.wasOfUse();
    }

    /** Whether nothing is known of its end, since its machine was lost; call after it has ended. */
    boolean wasLost() {
        return lifecycle.wasLost();
    }

    boolean wasReady() {
        return receiver.wasReady();
    }

    boolean hasEndedTasks() {
        return runs.ended() > 0;
    }
}
