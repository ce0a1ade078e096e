package lox.sync.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import lox.sync.engine.RemoteRun;
import org.jspecify.annotations.Nullable;

/**
 * A run of tasks in one worker. The lane's thread fills and harvests it; the worker's reading thread tells it what has come.
 *
 * <p><b>Invariant.</b> {@code settled} grows up to {@code limit}, which falls no lower than what the worker has started. Both
 * are written by the reading thread alone once the run is sent; a result lies in its place before {@code settled} counts it.
 */
final class TaskRun implements RemoteRun {
    /** What comes instead of a result. */
    private record Failed(Throwable reason) {}

    /** What the worker said instead of a result. */
    private record Thrown(@Nullable Object received) {}

    /** No more bytes copied into the message, which is kept for the next run, as far as it is known before the last argument is added. */
    private static final int MOST_COPIED = 256 * 1024;

    private static final VarHandle SETTLED;

    static {
        try {
            SETTLED = MethodHandles.lookup().findVarHandle(TaskRun.class, "settled", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Worker worker;
    private final long id;
    private final Sink message;
    private final int most;
    private final int sizeAt;
    private int size;
    private long bytes;
    private @Nullable Object[] results = {};
    private volatile @Nullable Thread waiter;
    private volatile int settled;
    private volatile int limit;
    private boolean recalled; // the worker's lock
    private volatile boolean stopped;
    private volatile boolean recallAnswered;
    private volatile long stoppedAt;

    TaskRun(Worker worker, long id, long function, Sink message, int most) {
        this.worker = worker;
        this.id = id;
        this.message = message;
        this.most = most;
        message.clear();
        message.write(Protocol.RUN);
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
        worker.values().write(argument, message, "the argument");
        size++;
    }

    @Override
    public boolean isFull() {
        return size >= most || message.copied() >= MOST_COPIED || message.size() >= worker.mostBytes();
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
            throw worker.exception(thrown.received);
        }
        return worker.values().open(result, "the result");
    }

    @Override
    public void await(int known, int knownLimit) {
        waiter = Thread.currentThread();
        while (settled == known && limit == knownLimit) {
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

    /** Whether the worker has said what it will not start: nothing else is left then but what it is at. */
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

    void ended(@Nullable Object received) {
        settle(received);
    }

    void threw(@Nullable Object received) {
        settle(new Thrown(received));
    }

    void failed(Throwable reason) {
        settle(new Failed(reason));
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
        VarHandle.fullFence(); // the news before the look for somebody who waits for them
        LockSupport.unpark(waiter);
    }
}
