package lox.sync.internal.stream;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.CooperativeWait;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.Lane;
import lox.sync.internal.time.WaitingThread;
import org.jspecify.annotations.Nullable;

/**
 * An iterator over a {@link ResultStream} that waits for each result. Used by one thread at a time. A worker of the
 * same pool runs the batch's tasks while it waits, instead of blocking the place that the batch needs.
 *
 * @param <R> the type of the results
 */
public final class ResultIterator<R extends @Nullable Object> implements Iterator<R>, Follower {

    private final Dispatcher<?, ?> dispatcher;
    private final ResultStream<R> stream;
    private final Function<Throwable, RuntimeException> thrown;
    private final WaitingThread waiting = new WaitingThread();
    private volatile @Nullable Throwable failure;
    private volatile int position; // changed by the iterating thread

    /**
     * Subscribes to a stream.
     *
     * @param dispatcher the dispatcher that created the stream
     * @param stream the results
     * @param thrown maps a failure to the exception that {@link #hasNext} throws
     */
    @SuppressWarnings("this-escape")
    public ResultIterator(
            Dispatcher<?, ?> dispatcher, ResultStream<R> stream, Function<Throwable, RuntimeException> thrown) {
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
        CooperativeWait help = batch == null ? null : dispatcher.help(batch);
        try {
            waiting.await(this::isReady, help == null ? null : help::work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled =
                    new CancellationException("interrupted while gathering \"" + dispatcher.name() + "\"");
            cancelled.initCause(e);
            stream.gathering().cancel("its gather was interrupted");
            throw cancelled;
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
     * Returns the next result.
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
        R item = stream.itemAt(index);
        if (item == null) {
            throw stream.refuseNull(index);
        }
        position = at + 1; // one thread at a time
        return item;
    }

    /**
     * Leaves without the remaining results. If it was the only follower, tasks not started are dropped and running
     * tasks are interrupted.
     */
    public void leave() {
        if (position < stream.size()) {
            stream.gathering().leave(this);
        }
    }

    private boolean isReady() {
        return failure != null || position >= stream.size() || stream.indexAt(position) >= 0;
    }

    @Override
    public boolean isWaiting() {
        return waiting.isWaiting() && isReady();
    }

    @Override
    public void advance() {
        waiting.wake();
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
