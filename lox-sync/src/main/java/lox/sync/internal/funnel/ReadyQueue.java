package lox.sync.internal.funnel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.sync.internal.time.WaitingThreads;
import org.jspecify.annotations.Nullable;

/**
 * The queue of joined jobs, for threads that take and subscribers in any mix. Each item goes to exactly one consumer.
 * A subscriber takes an item only when it can deliver it, so one that is slow or has no demand holds up no other.
 *
 * <p>{@link #offer} may be called under a lock. {@link #drain} runs code of users and may not.
 */
final class ReadyQueue<T> {
    /** The end; its failure is null for completion. */
    record End(@Nullable Throwable failure) {}

    /** A consumer that is called when there may be an item or the end for it. */
    interface Subscriber {
        /** Takes ready items as far as there is demand, unless another thread does. */
        void drain();
    }

    private static final Subscriber[] NONE = {};

    private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final WaitingThreads waitingConsumers = new WaitingThreads();
    private final Runnable onTaken;
    private int next; // the subscriber that is served first; races do no harm
    private volatile Subscriber[] subscribers = NONE; // written under the monitor
    private volatile @Nullable End end;

    /** Makes an empty queue. The action runs after each item has been taken and delivered, outside any lock. */
    ReadyQueue(Runnable onTaken) {
        this.onTaken = onTaken;
    }

    /**
     * The threads that wait for an item. A thread that leaves has to call {@link #wakeConsumer}: a wake-up is not
     * handed on.
     */
    WaitingThreads waitingConsumers() {
        return waitingConsumers;
    }

    int size() {
        return size.get();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    @Nullable
    End end() {
        return end;
    }

    /** Adds an item. Never called after {@link #finish}. */
    void offer(T item) {
        size.incrementAndGet();
        queue.offer(item);
    }

    /** Offers ready items to the consumers. */
    void drain() {
        Subscriber[] all = subscribers;
        if (all.length == 1) {
            all[0].drain();
        } else if (all.length > 1) {
            int first = next++ & Integer.MAX_VALUE;
            for (int i = 0; i < all.length && !queue.isEmpty(); i++) {
                all[(first + i) % all.length].drain();
            }
        }
        wakeConsumer();
    }

    /** Wakes the thread that has waited longest, if there is an item for it. */
    void wakeConsumer() {
        if (!waitingConsumers.isEmpty() && !queue.isEmpty()) {
            waitingConsumers.wakeFirst();
        }
    }

    /** Ends the queue, after the items in it. */
    void finish(@Nullable Throwable failure) {
        if (end == null) {
            end = new End(failure);
        }
        signalAll();
    }

    /** Drops the items in the queue. */
    void clear(Consumer<? super T> discard) {
        for (T item = queue.poll(); item != null; item = queue.poll()) {
            size.decrementAndGet();
            discard.accept(item);
        }
    }

    private void signalAll() {
        for (Subscriber subscriber : subscribers) {
            subscriber.drain();
        }
        waitingConsumers.wakeAll();
    }

    /**
     * Takes an item, or returns null. {@link #delivered} has to follow, outside any lock, after the item has been
     * delivered.
     */
    @Nullable
    T poll() {
        T item = queue.poll();
        if (item != null) {
            size.decrementAndGet();
        }
        return item;
    }

    void delivered() {
        if (end != null && queue.isEmpty()) {
            signalAll(); // that was the last item
        }
        onTaken.run();
    }

    synchronized void add(Subscriber subscriber) {
        Subscriber[] more = Arrays.copyOf(subscribers, subscribers.length + 1);
        more[more.length - 1] = subscriber;
        subscribers = more;
    }

    synchronized void remove(Subscriber subscriber) {
        List<Subscriber> fewer = new ArrayList<>(Arrays.asList(subscribers));
        if (fewer.remove(subscriber)) {
            subscribers = fewer.toArray(NONE);
        }
    }
}
