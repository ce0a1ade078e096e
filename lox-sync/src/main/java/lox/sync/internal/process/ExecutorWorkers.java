package lox.sync.internal.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.result.FailureText;
import lox.sync.internal.time.Durations;
import lox.sync.process.Codec;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.RemoteWorkers;
import org.jspecify.annotations.Nullable;

/**
 * Workers of which an executor decides where they are: a data grid's, say. Each stands for one run of tasks that is
 * under way in the executor, so their number, which is that of the lanes, bounds what the executor has at once. The
 * executor is the user's, and is never shut down. Safe for use from many threads.
 */
public final class ExecutorWorkers implements RemoteWorkers {
    private final PoolObserver observer;
    private final ExecutorService executor;
    private final long timeoutNanos;
    private final ValueCodec values;
    private final Deque<ExecutorWorker> idle = new ArrayDeque<>(); // its lock guards the next two
    private int made;
    private boolean closed;

    /**
     * Makes them; nothing is asked of the executor.
     *
     * @param observer the name, for messages
     * @param executor takes serialisable callables
     * @param timeout how long a task may take, its way and its wait in the executor included; or null
     */
    public ExecutorWorkers(PoolObserver observer, ExecutorService executor, @Nullable Duration timeout) {
        this.observer = observer;
        this.executor = executor;
        this.timeoutNanos = timeout == null ? Long.MAX_VALUE : Durations.nanos(timeout);
        SeenClassLoaders loaders = new SeenClassLoaders();
        this.values = new ValueCodec(Codec.javaSerialization(), loaders.together(), loaders::remember, null);
    }

    @Override
    public @Nullable RemoteWorker lend(BooleanSupplier wanted) {
        if (!wanted.getAsBoolean()) {
            return null;
        }
        synchronized (idle) {
            if (closed) {
                return null;
            }
            ExecutorWorker free = idle.pollLast();
            return free == null ? new ExecutorWorker(this, WorkerContext.nameOf(name(), ++made)) : free;
        }
    }

    void takeBack(ExecutorWorker worker) {
        synchronized (idle) {
            idle.addLast(worker);
        }
    }

    /** Never: whether a task whose callable was lost may run again, only the user knows, who may say so by a retry. */
    @Override
    public boolean mayRetry(Throwable failure, int before) {
        return false;
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.clear();
        }
    }

    String name() {
        return observer.name();
    }

    ValueCodec values() {
        return values;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    Future<byte[]> submit(ShippedTasks tasks) {
        return executor.submit(tasks);
    }

    boolean hasTerminated() {
        return executor.isTerminated();
    }

    /** What tasks fail with that the executor has not taken. */
    RejectedExecutionException refusal(RuntimeException refused) {
        return refused instanceof RejectedExecutionException own
                ? own
                : new RejectedExecutionException(
                        "the executor of \"" + name() + "\" has taken no tasks: " + FailureText.of(refused), refused);
    }
}
