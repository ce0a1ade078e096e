package lox.sync.funnel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is ready, in one queue, and those who want it: threads that take and subscribers, in any mix. Each item goes to exactly
 * one of them. A subscriber that has no demand, or is slow, holds up nobody, since it takes an item only when it can deliver it.
 *
 * <p>Offering and delivering are apart: {@link #offer} may be called under a lock, {@link #deliver} runs users' code.
 */
final class Outlet<T> {
    /** How it ended; null if everything has completed. */
    record End(@Nullable Throwable failure) {}

    private static final Delivery<?>[] NOBODY = {};

    private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Takers<T> takers = new Takers<>(this);
    private final Runnable taken;
    private int turn; // whose turn it is; races do no harm
    private volatile Delivery<?>[] subscribers = NOBODY; // written under the monitor
    private volatile @Nullable End end;

    /** Tells somebody whenever an item has been taken, outside any lock. */
    Outlet(Runnable taken) {
        this.taken = taken;
    }

    Takers<T> takers() {
        return takers;
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

    int subscriberCount() {
        return subscribers.length;
    }

    /** Never after {@link #finish}. */
    void offer(T item) {
        size.incrementAndGet();
        queue.offer(item);
    }

    /** Gives what is there to whoever wants it. */
    void deliver() {
        Delivery<?>[] all = subscribers;
        if (all.length == 1) {
            all[0].wake();
        } else if (all.length > 1) {
            int first = turn++ & Integer.MAX_VALUE;
            for (int i = 0; i < all.length && !queue.isEmpty(); i++) {
                all[(first + i) % all.length].wake();
            }
        }
        if (takers.areWaiting() && !queue.isEmpty()) {
            takers.wakeOne();
        }
    }

    /** The end, after what is in the queue. */
    void finish(@Nullable Throwable failure) {
        if (end == null) {
            end = new End(failure);
        }
        tellAll();
    }

    /** Throws away what is in the queue. */
    void clear(Consumer<? super T> discard) {
        for (T item = queue.poll(); item != null; item = queue.poll()) {
            size.decrementAndGet();
            discard.accept(item);
        }
    }

    private void tellAll() {
        for (Delivery<?> subscriber : subscribers) {
            subscriber.wake();
        }
        takers.wakeAll();
    }

    /** Null if nothing is ready. {@link #polled} has to follow, outside any lock, when the item has been delivered. */
    @Nullable
    T poll() {
        T item = queue.poll();
        if (item != null) {
            size.decrementAndGet();
        }
        return item;
    }

    void polled() {
        if (end != null && queue.isEmpty()) {
            tellAll(); // this was the last
        }
        taken.run();
    }

    synchronized void add(Delivery<?> subscriber) {
        Delivery<?>[] more = Arrays.copyOf(subscribers, subscribers.length + 1);
        more[more.length - 1] = subscriber;
        subscribers = more;
    }

    synchronized void remove(Delivery<?> subscriber) {
        List<Delivery<?>> fewer = new ArrayList<>(Arrays.asList(subscribers));
        if (fewer.remove(subscriber)) {
            subscribers = fewer.toArray(NOBODY);
        }
    }
}
