package lox.sync.engine;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thread that follows a {@link ResultStream} and waits for each result. For one thread at a time. In a worker of the same
 * pool it works for the batch instead of blocking the place that the batch needs.
 *
 * @param <R> the type of the results
 */
public final class ResultIterator<R extends @Nullable Object>
        implements Iterator<R>, Follower, ForkJoinPool.ManagedBlocker {

    private final Dispatcher<?, R> dispatcher;
    private final ResultStream<R> stream;
    private final Function<Throwable, RuntimeException> thrown;
    private volatile @Nullable Thread waiter;
    private volatile @Nullable Throwable failure;
    private volatile int position; // changed by the one who iterates
    private @Nullable Helping help;

    /**
     * Begins to follow.
     *
     * @param dispatcher that has made the stream
     * @param stream the results
     * @param thrown makes of a failure what {@link #hasNext} throws
     */
    @SuppressWarnings("this-escape")
    public ResultIterator(
            Dispatcher<?, R> dispatcher, ResultStream<R> stream, Function<Throwable, RuntimeException> thrown) {
        this.dispatcher = dispatcher;
        this.stream = stream;
        this.thrown = thrown;
        stream.gathering().observe(this);
    }

    /** Waits for the next result or the end. */
    @Override
    public boolean hasNext() {
        if (isReady()) {
            return isNext(failure);
        }
        if (Lane.isInTaskOf(stream.gathering().batch())) {
            throw new IllegalStateException(
                    "a task of \"" + dispatcher.name() + "\" waits for a result of its own batch");
        }
        Batch batch = stream.gathering().batch();
        if (batch != null) {
            Helping.first(dispatcher, batch);
            help = Helping.meanwhile(dispatcher, batch);
        }
        waiter = Thread.currentThread();
        try {
            ForkJoinPool.managedBlock(this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled =
                    new CancellationException("interrupted while gathering \"" + dispatcher.name() + "\"");
            cancelled.initCause(e);
            stream.gathering().cancel("its gather was interrupted");
            throw cancelled;
        } finally {
            waiter = null;
            help = null;
        }
        return isNext(failure);
    }

    private boolean isNext(@Nullable Throwable ended) {
        int at = position;
        if (ended != null && at >= stream.lengthBefore(ended)) {
            throw thrown.apply(ended);
        }
        return at < stream.size();
    }

    /**
     * Gives the next result.
     *
     * @throws NullPointerException if it is null; the message names its index
     */
    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int at = position;
        int index = stream.indexAt(at);
        Object value = stream.valueAt(index);
        if (value == null) {
            throw stream.refuseNull(index);
        }
        position = at + 1; // one thread at a time
        return Slots.typed(value);
    }

    /** Does not want the rest: if it was the only one, what has not started is dropped and what runs is interrupted. */
    public void leave() {
        if (position < stream.size()) {
            stream.gathering().leave(this);
        }
    }

    private boolean isReady() {
        return failure != null || position >= stream.size() || stream.indexAt(position) >= 0;
    }

    // ---- waiting ---------------------------------------------------------------------------------------------------

    @Override
    public boolean isReleasable() {
        return isReady();
    }

    @Override
    public boolean block() throws InterruptedException {
        while (!isReady()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (help == null) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, help.work());
            }
        }
        return true;
    }

    @Override
    public boolean isWaiting() {
        return waiter != null && isReady();
    }

    @Override
    public void advance() {
        LockSupport.unpark(waiter);
    }

    @Override
    public void succeeded(Integer size) {
        stream.completed(this);
    }

    @Override
    public void failed(Throwable reason) {
        failure = reason;
        advance();
    }
}
