package lox.sync.internal.funnel;

import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import lox.sync.internal.time.WaitingThreads;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link ReadyQueue} for threads that take items, and wait when none is ready.
 *
 * @param <T> the type of the items
 */
public final class BlockingConsumers<T> {
    private final String name;
    private final ReadyQueue<T> ready;
    private final BiFunction<String, Throwable, RuntimeException> failed;

    /**
     * Makes the side of one queue.
     *
     * @param name for messages
     * @param failed makes what is thrown when the queue has failed, from the name and the failure
     */
    BlockingConsumers(String name, ReadyQueue<T> ready, BiFunction<String, Throwable, RuntimeException> failed) {
        this.name = name;
        this.ready = ready;
        this.failed = failed;
    }

    /**
     * Waits for the next item, or for the end.
     *
     * @return the item; null if the queue has completed and nothing is left
     * @throws InterruptedException if the thread is interrupted
     */
    public @Nullable T next() throws InterruptedException {
        return next(WaitingThreads.FOREVER);
    }

    /**
     * Waits for the next item.
     *
     * @return the item
     * @throws InterruptedException if the thread is interrupted
     * @throws NoSuchElementException if the queue has completed and nothing is left; if it has failed, an exception
     *     with that cause is thrown
     */
    public T take() throws InterruptedException {
        T next = next();
        if (next == null) {
            throw completed();
        }
        return next;
    }

    /**
     * Waits for the next item up to a limit.
     *
     * @param nanos how long to wait
     * @return the item; null if none came in time
     * @throws InterruptedException if the thread is interrupted
     * @throws NoSuchElementException as {@link #take} does, and its failures
     */
    public @Nullable T poll(long nanos) throws InterruptedException {
        T next = next(nanos);
        if (next == null && ready.end() != null && ready.isEmpty()) {
            throw completed();
        }
        return next;
    }

    private NoSuchElementException completed() {
        return new NoSuchElementException(name + " has completed, and nothing is left to take");
    }

    private @Nullable T next(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Attempt<T> attempt = new Attempt<>(ready);
        if (!attempt.isOver() && nanos > 0) {
            long deadline = nanos == WaitingThreads.FOREVER ? nanos : System.nanoTime() + nanos;
            try {
                ready.waitingConsumers().await(attempt::isOver, deadline);
            } finally {
                ready.wakeConsumer();
            }
        }
        T item = attempt.item;
        if (item != null) {
            ready.delivered();
        } else if (attempt.end != null && attempt.end.failure() != null) {
            throw failed.apply(name, attempt.end.failure());
        }
        return item;
    }

    /** The result of one attempt to take: an item, or the end. */
    private static final class Attempt<T> {
        private final ReadyQueue<T> ready;
        private @Nullable T item;
        private ReadyQueue.@Nullable End end;

        Attempt(ReadyQueue<T> ready) {
            this.ready = ready;
        }

        // The end is read first: it is set after the last item.
        boolean isOver() {
            ReadyQueue.End seen = ready.end();
            item = ready.poll();
            end = item == null ? seen : null;
            return item != null || end != null;
        }
    }
}
