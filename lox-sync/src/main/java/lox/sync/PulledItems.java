package lox.sync;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lox.sync.internal.hot.BlockingSubscription;
import lox.sync.internal.time.Durations;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription for threads that wait can do.
 *
 * @param <T> the type of the items
 */
abstract sealed class PulledItems<T> implements Iterable<T>, AutoCloseable permits Announcement.Subscription {
    private final BlockingSubscription<T> subscription;
    private final String publisher;

    PulledItems(BlockingSubscription<T> subscription, String publisher) {
        this.subscription = subscription;
        this.publisher = publisher;
    }

    /**
     * Waits for the next item and takes it.
     *
     * @return the item
     * @throws InterruptedException if the thread is interrupted; nothing has been taken
     * @throws NoSuchElementException if everything has been taken and the publisher has completed
     * @throws CancellationException if this was closed, also while the thread waits
     * @throws PublisherFailedException if the publisher has failed; the cause is its failure
     * @throws OverflowException if this was too slow for its {@link Buffer}
     */
    public T take() throws InterruptedException {
        T item = subscription.take(Long.MAX_VALUE);
        if (item == null) {
            throw ended();
        }
        return item;
    }

    /**
     * Takes the next item if there is one.
     *
     * @return the item, or empty if there is none now
     * @throws NoSuchElementException if everything has been taken and the publisher has completed
     * @throws CancellationException if this was closed
     * @throws PublisherFailedException as {@link #take()} does
     * @throws OverflowException as {@link #take()} does
     */
    public Optional<T> poll() {
        return itemOrEnd(subscription.poll());
    }

    /**
     * Waits for the next item, but not for ever, and takes it.
     *
     * @param timeout how long at most; zero or less does not wait
     * @return the item, or empty if none came in time
     * @throws InterruptedException if the thread is interrupted; nothing has been taken
     * @throws NullPointerException if {@code timeout} is null
     * @throws NoSuchElementException if everything has been taken and the publisher has completed
     * @throws CancellationException if this was closed
     * @throws PublisherFailedException as {@link #take()} does
     * @throws OverflowException as {@link #take()} does
     */
    public Optional<T> poll(Duration timeout) throws InterruptedException {
        return itemOrEnd(subscription.take(Durations.nanos(timeout)));
    }

    private Optional<T> itemOrEnd(@Nullable T item) {
        if (item == null && subscription.isOver()) {
            throw ended();
        }
        return Optional.ofNullable(item);
    }

    private RuntimeException ended() {
        Throwable failure = subscription.failure();
        if (failure instanceof OverflowException overflow && subscription.hasOverflowed()) {
            return overflow;
        }
        if (failure != null) {
            return new PublisherFailedException(publisher, failure);
        }
        return subscription.isClosed()
                ? new CancellationException("the subscription is closed")
                : new NoSuchElementException(publisher + " has completed");
    }

    /**
     * How many items wait to be taken.
     *
     * @return a snapshot
     */
    public int size() {
        return subscription.size();
    }

    /**
     * Whether everything has been taken and nothing will come, because the publisher has ended or this is closed.
     *
     * @return true from then on
     */
    public boolean isOver() {
        return subscription.isOver();
    }

    /**
     * How many items the {@link Buffer} has thrown away.
     *
     * @return a snapshot
     */
    public long dropped() {
        return subscription.discarded();
    }

    /**
     * Takes item after item until the publisher completes, or this is closed. {@code hasNext} waits for the next item
     * and has then taken it. It throws a {@link PublisherFailedException} or an {@link OverflowException} as
     * {@link #take()} does; if the thread is interrupted, a {@link CancellationException}, and the flag stays set.
     *
     * @return an iterator for one thread; several share the items among them
     */
    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private @Nullable T next;

            @Override
            public boolean hasNext() {
                if (next == null) {
                    next = nextOrEnd();
                }
                return next != null;
            }

            @Override
            public T next() {
                T item = hasNext() ? next : null;
                if (item == null) {
                    throw new NoSuchElementException(publisher + " has completed");
                }
                next = null;
                return item;
            }
        };
    }

    private @Nullable T nextOrEnd() {
        try {
            T item = subscription.take(Long.MAX_VALUE);
            if (item == null && subscription.failure() != null) {
                throw ended();
            }
            return item;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while waiting for the next item");
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    /**
     * The same as {@link #iterator()}, as a stream.
     *
     * @return a sequential stream that ends when the iterator does; closing it closes this
     */
    public Stream<T> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(this::close);
    }

    /** Leaves. What waits is let go, threads that wait in {@link #take()} are woken. Closing twice does nothing. */
    @Override
    public void close() {
        subscription.close();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + size() + " waiting" + (isOver() ? ", over" : "") + "]";
    }
}
