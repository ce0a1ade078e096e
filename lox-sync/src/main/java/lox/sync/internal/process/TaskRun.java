package lox.sync.internal.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.RemoteRun;
import org.jspecify.annotations.Nullable;

/**
 * A run of tasks in one worker. The lane's thread fills it and takes its results; the worker's reading thread delivers
 * them.
 *
 * <p><b>Invariant.</b> {@code settled} grows up to {@code limit}, which falls no lower than what the worker has
 * started. Both are written by the reading thread alone once the run is sent; a result lies in its place before {@code
 * settled} counts it.
 */
final class TaskRun implements RemoteRun {
    /** The worker that a run is for. */
    interface Destination {
        /** Sends the run, unless the worker is gone. The message is empty afterwards. */
        void send(TaskRun run, WireWriter message, BooleanSupplier giveUp);

        /** Looks after a run that is waited for. Returns how long to wait until the next look, if nothing comes. */
        long watch(TaskRun run);

        /** Asks the worker, once, to give back what it has not started of the run. */
        void recall(TaskRun run);

        /** Recalls the run, and kills the worker if it is in one of its tasks. */
        void stop(TaskRun run);
    }

    /** Takes the place of a result that will not come. */
    private record Failed(Throwable reason) {}

    /** Stands for a failure when no memory is left to describe it. */
    private static final Failed UNTOLD = new Failed(
            new WorkerCrashedException("a worker process has ended, and no memory was left to say how", null));

    /** What a task threw, as the worker sent it. */
    private record Thrown(@Nullable Object received) {}

    /**
     * No more bytes copied into the message, which is kept for the next run, as far as it is known before the last
     * argument is added.
     */
    private static final int MOST_COPIED = 256 * 1024;

    private static final VarHandle SETTLED;

    static {
        try {
            SETTLED = MethodHandles.lookup().findVarHandle(TaskRun.class, "settled", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Destination worker;
    private final ValueCodec values;
    private final long id;
    private final WireWriter message;
    private final int most;
    private final long mostBytes;
    private final int sizeAt;
    private final boolean timed;
    private int size;
    private long bytes;
    private @Nullable Object[] results = {};
    private long[] ran = {}; // published as the results are
    private volatile @Nullable Thread waiter;
    private volatile int settled;
    private volatile int limit;
    private boolean recalled; // the worker's lock
    private volatile boolean stopped;
    private volatile boolean recallAnswered;
    private volatile long stoppedAt;

    /**
     * Makes one, to be filled.
     *
     * @param message what is sent; nothing else is written to it until then
     * @param most no more tasks than that
     * @param mostBytes with so many bytes it is full
     * @param timed whether the worker measures how long each task takes
     */
    TaskRun(
            Destination worker,
            ValueCodec values,
            long id,
            long function,
            WireWriter message,
            int most,
            long mostBytes,
            boolean timed) {
        this.worker = worker;
        this.values = values;
        this.id = id;
        this.message = message;
        this.most = most;
        this.mostBytes = mostBytes;
        message.clear();
        this.timed = timed;
        message.write(timed ? Protocol.RUN_TIMED : Protocol.RUN);
        message.writeLong(id);
        message.writeLong(function);
        this.sizeAt = message.reserveInt();
    }

    long id() {
        return id;
    }

    // ---- the lane's thread -----------------------------------------------------------------------------------------

    @Override
    public void add(@Nullable Object argument) {
        values.write(argument, message, "the argument");
        size++;
    }

    @Override
    public boolean isFull() {
        return size >= most || message.copied() >= MOST_COPIED || message.size() >= mostBytes;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void send(BooleanSupplier giveUp) {
        results = new @Nullable Object[size];
        if (timed) {
            ran = new long[size];
            Arrays.fill(ran, -1);
        }
        limit = size;
        message.patchInt(sizeAt, size);
        bytes = message.size();
        worker.send(this, message, giveUp);
    }

    @Override
    public int settled() {
        return (int) SETTLED.getAcquire(this);
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public @Nullable Object result(int index) throws Throwable {
        Object result = results[index];
        results[index] = null;
        if (result instanceof Failed failed) {
            throw failed.reason;
        }
        if (result instanceof Thrown thrown) {
            throw values.openThrown(thrown.received);
        }
        return values.open(result, "the result");
    }

    @Override
    public long ranNanos(int index) {
        return index < ran.length ? ran[index] : -1;
    }

    @Override
    public void await(int known, int knownLimit, @Nullable RemoteRun behind, int behindLimit) {
        waiter = Thread.currentThread();
        if (behind instanceof TaskRun next) {
            next.waiter = Thread.currentThread();
        }
        while (settled == known && limit == knownLimit && (behind == null || behind.limit() == behindLimit)) {
            if (Thread.interrupted()) {
                return;
            }
            long nanos = worker.watch(this);
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
    }

    @Override
    public void recall() {
        worker.recall(this);
    }

    @Override
    public void stop() {
        stoppedAt = System.nanoTime();
        stopped = true;
        worker.stop(this);
    }

    // ---- the worker ------------------------------------------------------------------------------------------------

    boolean isStopped() {
        return stopped;
    }

    long stoppedAt() {
        return stoppedAt;
    }

    /** Whether the worker has answered the recall: then only the task that it runs is left. */
    boolean isRecallAnswered() {
        return recallAnswered;
    }

    boolean isOver() {
        return settled >= limit;
    }

    /** Notes that a recall is on its way. False if one was before. Under the worker's lock. */
    boolean noteRecall() {
        boolean first = !recalled;
        recalled = true;
        return first;
    }

    /** Notes how long the task took whose result comes next. */
    void took(long nanos) {
        if (settled < ran.length) {
            ran[settled] = nanos;
        }
    }

    void ended(@Nullable Object received) {
        settle(received);
    }

    void threw(@Nullable Object received) {
        settle(new Thrown(received));
    }

    void failed(Throwable reason) {
        Failed failed;
        try {
            failed = new Failed(reason);
        } catch (OutOfMemoryError noRoom) { // it has to be settled all the same, or the lane waits for ever
            failed = UNTOLD;
        }
        settle(failed);
    }

    private void settle(@Nullable Object outcome) {
        int next = settled;
        results[next] = outcome;
        SETTLED.setRelease(this, next + 1);
    }

    void answerRecall(int lower) {
        if (lower >= 0) {
            lowerLimit(lower);
        }
        recallAnswered = true;
    }

    void lowerLimit(int lower) {
        limit = Math.min(limit, lower);
    }

    void tell() {
        VarHandle.fullFence(); // the news before the look for a waiting thread
        LockSupport.unpark(waiter);
    }
}
