package lox.sync.process;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
 * A thread of its own reads what the worker says, and never runs code of the user's. Others write: the lane that has the worker its
 * runs, whoever recalls one, the reader its answers. One lock for all of them.
 */
final class Worker implements RemoteWorker {
    private static final long STOP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MOST_FUNCTIONS = 64;
    private static final int LOOKS_PER_TIMEOUT = 8;

    private record Function(WeakReference<Work<?, ?>> work, long id) {}

    private final WorkerPool pool;
    private final int number;
    private final WorkerProcess process;
    private final Line line;
    private final Journal journal;
    private final Source in;

    private final ReentrantLock writing = new ReentrantLock();
    private final Sink control = new Sink(); // under that lock

    // The thread it is lent to:
    private final Sink outgoing = new Sink();
    private final Deque<Function> functions = new ArrayDeque<>();
    private long lastFunction;
    private long lastRun;
    private long sent;
    private long startedAtLastLook = -1;
    private long lookedFirst;

    // The reader's, others under the lock of runs:
    private final Deque<TaskRun> runs = new ArrayDeque<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile @Nullable Throwable refusal;
    private volatile long ended;
    private volatile boolean isReady;
    private volatile boolean gone;
    private volatile boolean killed;
    private volatile boolean lost;
    private volatile boolean timedOut;
    private volatile boolean retired;
    private boolean blamed;

    Worker(WorkerPool pool, int number, WorkerProcess process, Line line, Journal journal) {
        this.pool = pool;
        this.number = number;
        this.process = process;
        this.line = line;
        this.journal = journal;
        this.in = new Source(new UntilDeath());
    }

    // ---- starting --------------------------------------------------------------------------------------------------

    /** Sends what the worker needs before its first task, and begins to listen. */
    void begin(@Nullable Codec codec, @Nullable Work<?, ?> initializer) {
        Values plain = values().byJavaSerialization();
        outgoing.write(Protocol.SETUP);
        outgoing.writeInt(number);
        plain.write(codec, outgoing, "the codec");
        plain.write(initializer, outgoing, "the initializer");
        write(outgoing);
        Thread reader = new Thread(this::read, pool.name() + "-worker-" + number);
        reader.setDaemon(true);
        reader.start();
    }

    /** Waits until it is ready. False if it will not be, or is no longer wanted. */
    boolean awaitReady(BooleanSupplier wanted) {
        boolean interrupted = false;
        try {
            while (wanted.getAsBoolean()) {
                try {
                    if (ready.await(50, TimeUnit.MILLISECONDS)) {
                        return !gone && refusal == null;
                    }
                } catch (InterruptedException look) {
                    Thread.currentThread().interrupt(); // it may be what the caller looks at
                    if (!wanted.getAsBoolean()) {
                        return false;
                    }
                    interrupted = Thread.interrupted();
                }
            }
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What its initializer threw, or null. */
    @Nullable
    Throwable refusal() {
        return refusal;
    }

    WorkerProcess process() {
        return process;
    }

    boolean isGone() {
        return gone;
    }

    // ---- the thread it is lent to ----------------------------------------------------------------------------------

    Values values() {
        return pool.values();
    }

    @Override
    public RemoteRun open(Work<?, ?> work, int most) {
        outgoing.clear();
        long function = function(work);
        if (function == 0) {
            function = ++lastFunction;
            pool.loaders().remember(work.getClass());
            outgoing.write(Protocol.FUNCTION);
            outgoing.writeLong(function);
            values().byJavaSerialization().write(work, outgoing, "the function");
            write(outgoing);
            functions.addFirst(new Function(new WeakReference<>(work), function));
            forgetOldFunctions();
        }
        int left = (int) Math.min(most, Math.max(1, pool.maxTasks() - sent));
        return new TaskRun(this, ++lastRun, function, outgoing, left);
    }

    private long function(Work<?, ?> work) {
        Function first = functions.peekFirst();
        if (first != null && first.work.refersTo(work)) {
            return first.id;
        }
        for (Function function : functions) {
            if (function.work.refersTo(work)) {
                functions.remove(function);
                functions.addFirst(function);
                return function.id;
            }
        }
        return 0;
    }

    private void forgetOldFunctions() {
        List<Function> old = new ArrayList<>();
        functions.removeIf(function -> function.work.refersTo(null) && old.add(function));
        while (functions.size() > MOST_FUNCTIONS) {
            old.add(functions.removeLast());
        }
        for (Function function : old) {
            outgoing.write(Protocol.FORGET);
            outgoing.writeLong(function.id);
            write(outgoing);
        }
    }

    @Override
    public boolean isUsable() {
        return !gone && !killed && !lost && sent < pool.maxTasks();
    }

    @Override
    public void giveBack() {
        pool.takeBack(this);
    }

    void send(TaskRun run, Sink message, BooleanSupplier giveUp) {
        synchronized (runs) {
            if (gone) {
                message.clear();
                run.lowerLimit(0);
                return;
            }
            runs.addLast(run);
        }
        sent += run.size();
        writing.lock();
        try {
            line.giveUpIf(giveUp);
            message.drainTo(line);
        } catch (IOException broken) {
            lose(); // half a message is worse than none; the reader sees to the rest
        } finally {
            line.neverGiveUp();
            writing.unlock();
        }
    }

    private void write(Sink message) {
        writing.lock();
        try {
            message.drainTo(line);
        } catch (IOException broken) {
            lose();
        } finally {
            writing.unlock();
        }
    }

    /** Looks after a run that is waited for. Returns how long to wait until the next look, if nothing comes. */
    long watch(TaskRun run) {
        if (run.isStopped()) {
            long left = run.stoppedAt() + STOP_NANOS - System.nanoTime();
            if (left <= 0 && !gone) {
                kill();
            }
            return Math.max(left, STOP_NANOS);
        }
        long timeout = pool.taskTimeoutNanos();
        if (timeout == Long.MAX_VALUE || gone) {
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
        } else if (started > ended && now - lookedFirst >= timeout) {
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
        synchronized (runs) {
            if (gone || run.isOver() || !run.noteRecall()) {
                return;
            }
        }
        writing.lock();
        try {
            control.write(Protocol.RECALL);
            control.writeLong(run.id());
            control.drainTo(line);
        } catch (IOException broken) {
            lose();
        } finally {
            writing.unlock();
        }
    }

    void stop(TaskRun run) {
        recall(run);
        if (run.isRecallAnswered() && !run.isOver()) {
            kill();
        }
    }

    /** Ends the process at once. The reader does the rest. */
    void kill() {
        killed = true;
        process.kill();
    }

    /** The connection is of no use any more, whatever the reason. */
    private void lose() {
        lost = true;
        process.kill();
    }

    /** Ends the process as a program ends, soon; kills it if that takes long. For nobody's worker, or one that was given back. */
    void retire() {
        retired = true;
        writing.lock();
        try {
            control.write(Protocol.BYE);
            control.drainTo(line);
        } catch (IOException alreadyGone) {
            lose();
        } finally {
            writing.unlock();
        }
        if (!gone) {
            WorkerPool.later(
                    () -> {
                        if (!gone) {
                            kill();
                        }
                    },
                    WorkerPool.GRACE);
        }
    }

    // ---- the reader ------------------------------------------------------------------------------------------------

    private void read() {
        try {
            for (; ; ) {
                hear();
            }
        } catch (IOException end) {
            pool.log(end);
        } catch (Throwable broken) { // no memory to read on: the worker is lost, its tasks are not
            pool.log(broken);
            lose();
        } finally {
            end();
        }
    }

    private void hear() throws IOException {
        byte kind = in.readByte();
        switch (kind) {
            case Protocol.READY -> {
                isReady = true;
                ready.countDown();
            }
            case Protocol.UNREADY -> {
                refusal = exception(Values.receive(in));
                ready.countDown();
            }
            case Protocol.RESULT, Protocol.FAILURE -> hearResult(kind);
            case Protocol.RECALLED -> hearRecalled(in.readLong(), in.readInt());
            case Protocol.ASK -> answer(in.readInt(), Values.receive(in));
            default -> throw new IOException("a worker has said " + kind);
        }
    }

    private void hearResult(byte kind) throws IOException {
        TaskRun run = first();
        if (run == null) {
            throw new IOException("a worker has sent a result that nobody asked for");
        }
        try {
            Object received = Values.receive(in);
            if (kind == Protocol.RESULT) {
                run.ended(received);
            } else {
                run.threw(received);
            }
        } catch (OutOfMemoryError tooLarge) {
            run.failed(tooLarge);
        }
        long before = ended; // which the reader alone writes
        ended = before + 1;
        if (run.isOver() || in.available() == 0) {
            run.tell();
        }
    }

    /** The run whose result comes next. */
    private @Nullable TaskRun first() {
        synchronized (runs) {
            while (!runs.isEmpty() && runs.getFirst().isOver()) {
                runs.removeFirst();
            }
            return runs.peekFirst();
        }
    }

    private void hearRecalled(long id, int limit) {
        synchronized (runs) {
            for (TaskRun run : runs) {
                if (run.id() == id) {
                    run.answerRecall(limit);
                    if (run.isStopped() && !run.isOver()) {
                        kill();
                    }
                    run.tell();
                    return;
                }
            }
        }
    }

    private void answer(int question, @Nullable Object resource) {
        byte[] content = null;
        try {
            content = pool.classFiles().find(String.valueOf(resource));
        } catch (RuntimeException unreadable) {
            pool.log(unreadable);
        }
        writing.lock();
        try {
            control.write(Protocol.ANSWER);
            control.writeInt(question);
            control.writeInt(content == null ? -1 : content.length);
            if (content != null) {
                control.attach(content);
            }
            control.drainTo(line);
        } catch (IOException broken) {
            lose();
        } finally {
            writing.unlock();
        }
    }

    /** The worker is no more. Whatever it had not started is its lane's again, and what it was at has failed. */
    private void end() {
        process.awaitEnd();
        List<TaskRun> left;
        synchronized (runs) {
            gone = true;
            left = List.copyOf(runs);
            runs.clear();
        }
        settle(left);
        ready.countDown();
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
            return journal.started() > ended;
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

    WorkerCrashedException crash(String what) {
        return process.crash(what);
    }

    /** Whether it has done anything for anybody, or ended because it was told to. */
    boolean wasOfUse() {
        return ended > 0 || blamed || killed || retired;
    }

    boolean wasReady() {
        return isReady;
    }

    boolean hasEndedTasks() {
        return ended > 0;
    }

    /** The connection, and when that has ended, what the worker had not sent. */
    private final class UntilDeath implements ReadableByteChannel {
        private long received;
        private @Nullable ByteBuffer rest;

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (rest == null) {
                int count = readLine(target);
                if (count > 0) {
                    received += count;
                    return count;
                }
                process.awaitEnd();
                rest = journal.unsent(received);
            }
            if (!rest.hasRemaining()) {
                return -1;
            }
            int count = Math.min(rest.remaining(), target.remaining());
            target.put(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
            return count;
        }

        private int readLine(ByteBuffer target) {
            try {
                return line.read(target);
            } catch (IOException reset) { // by the death of the other side
                return -1;
            }
        }

        @Override
        public boolean isOpen() {
            return !gone;
        }

        @Override
        public void close() {}
    }
}
