package lox.sync.internal.hot;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The engine of announcements: one to many. A put appends to the {@link ItemLog} and then has the {@link DrainLoop}
 * visit every {@link InnerSubscription}, each of which reads on from its own position. All methods may be called from
 * any thread, also from inside a subscriber.
 *
 * <p><b>Invariant.</b> A new subscription first takes a position in the log, then joins the array of subscriptions,
 * then reads the log again; a put first appends and then reads the array. So either the put sees the subscription, or
 * the subscription sees the item.
 *
 * <p>A subscriber that does not return holds up the thread that called it, and no other: other threads find that
 * subscriber being served, and serve the rest.
 *
 * @param <T> the type of the items
 */
public final class Broadcast<T> {
    /** What has become of an item that was offered. */
    public enum Put {
        /** It has been put. */
        OK,
        /** A put would have to wait for a subscriber. */
        FULL,
        /** The broadcast has ended. */
        ENDED
    }

    private final String name;
    private final Dialect dialect;
    private final Function<String, ? extends Throwable> refusal;
    private final ItemLog log;
    private final InnerSubscriptions subscriptions = new InnerSubscriptions();
    private final DrainLoop drainLoop;
    private final InnerSubscription.Parent parent = new Parent();
    private final AtomicLong numbers = new AtomicLong();
    /** Whether there has ever been a subscription for which a put may have to wait. */
    private volatile boolean blocks;

    /**
     * Makes one without subscribers.
     *
     * @param settings how it behaves
     */
    public Broadcast(AnnouncementSettings settings) {
        this(settings, StallWatchdog::watch);
    }

    /** Makes one with another watchdog, for tests. */
    Broadcast(AnnouncementSettings settings, Predicate<StallProbe> watchdog) {
        name = settings.name();
        dialect = settings.dialect();
        refusal = settings.refusal();
        log = new ItemLog(settings.backlog(), settings.expiry());
        drainLoop = new DrainLoop(subscriptions, dialect, watchdog);
    }

    /**
     * The name.
     *
     * @return for messages
     */
    public String name() {
        return name;
    }

    /**
     * Appends an item and delivers it to every subscriber that has demand for it.
     *
     * @param item not null
     * @param member the member that puts, which does not receive the item; or null
     * @throws NullPointerException if {@code item} is null
     * @throws IllegalStateException if the broadcast has ended, or if a subscriber's buffer asks to wait and this
     *     thread must not block
     * @throws CancellationException if a subscriber's buffer asks to wait and this thread is interrupted
     */
    public void put(T item, @Nullable Object member) {
        Objects.requireNonNull(item, "item");
        boolean mayWait = blocks;
        long start = mayWait ? System.nanoTime() : 0;
        if (mayWait) {
            checkMayWait();
        }
        if (!log.append(item, member)) {
            throw new IllegalStateException(name + " has ended: nothing can be put any more");
        }
        if (mayWait && dialect.mayBlock()) {
            drainAndAwaitRoom(start);
        } else {
            drainLoop.drain();
        }
    }

    /**
     * Appends an item and delivers it, unless a {@link #put} would have to wait. It never waits itself. Of threads that
     * do this at the same moment, each may find the same room, and add an item to the buffer.
     *
     * @param item not null
     * @param member the member that puts, which does not receive the item; or null
     * @return what has become of the item
     * @throws NullPointerException if {@code item} is null
     */
    public Put tryPut(T item, @Nullable Object member) {
        Objects.requireNonNull(item, "item");
        if (blocks && wouldWait()) {
            return Put.FULL;
        }
        if (!log.append(item, member)) {
            return Put.ENDED;
        }
        drainLoop.drain();
        return Put.OK;
    }

    private boolean wouldWait() {
        for (InnerSubscription<?> subscription : subscriptions.all()) {
            if (subscription.isFullForPut()) {
                return true;
            }
        }
        return false;
    }

    /** Refuses a put that would have to wait and must not, before the item is appended. */
    private void checkMayWait() {
        boolean interrupted = Thread.currentThread().isInterrupted();
        if ((!interrupted && dialect.mayBlock()) || !wouldWait()) {
            return;
        }
        if (interrupted) {
            throw new CancellationException(
                    "interrupted before a put to " + name + ", which would have to wait for a subscriber");
        }
        throw new IllegalStateException("a put to " + name + " would have to wait for a subscriber, and "
                + Thread.currentThread().getName() + " is a thread that must not block");
    }

    /**
     * Takes the tickets before anything is delivered, so that the put does not wait for items that delivery brings
     * about.
     */
    private void drainAndAwaitRoom(long start) {
        InnerSubscription<?>[] all = subscriptions.all();
        long[] tickets = new long[all.length];
        for (int i = 0; i < all.length; i++) {
            tickets[i] = all[i].roomTicket();
        }
        drainLoop.drain();
        try {
            for (int i = 0; i < all.length; i++) {
                all[i].awaitRoom(tickets[i], start);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the item has been put nevertheless
        }
    }

    /**
     * Completes the broadcast. Later subscribers receive the backlog, then the completion. Has no effect after the end.
     */
    public void complete() {
        end(Signal.COMPLETED);
    }

    /**
     * Ends the broadcast with a failure. After the end, the failure goes to the library's hook for undeliverable
     * failures.
     *
     * @param failure not null
     * @throws NullPointerException if {@code failure} is null
     */
    public void fail(Throwable failure) {
        if (!end(Signal.failed(Objects.requireNonNull(failure, "failure")))) {
            dialect.drop(failure);
        }
    }

    private boolean end(Signal signal) {
        if (!log.end(signal)) {
            return false;
        }
        subscriptions.end();
        drainLoop.drain();
        return true;
    }

    /**
     * The items that a new subscriber would receive first.
     *
     * @return a copy, as it was at one moment of the call; empty without a backlog, and after the seal
     */
    @SuppressWarnings("unchecked") // the log holds what was put as a T
    public List<T> backlog() {
        return (List<T>) log.backlog();
    }

    /** Refuses later subscribers and drops the backlog. Present subscribers and puts go on. */
    public void seal() {
        log.seal();
    }

    /**
     * Tells whether it is sealed.
     *
     * @return true from then on
     */
    public boolean isSealed() {
        return log.isSealed();
    }

    /**
     * Tells whether it has ended.
     *
     * @return true from then on
     */
    public boolean isEnded() {
        return log.isEnded();
    }

    /**
     * Counts the subscribers.
     *
     * @return a snapshot; 0 after the end
     */
    public int subscriberCount() {
        return subscriptions.all().length;
    }

    /**
     * Subscribes. If the broadcast is sealed, the subscriber fails at once.
     *
     * @param subscriber not null; an {@link ItemReceiver} also learns what its buffer discards
     * @param policy of its buffer
     * @param member the member whose items it does not receive; or null
     */
    public void subscribe(Flow.Subscriber<? super T> subscriber, BufferPolicy policy, @Nullable Object member) {
        Objects.requireNonNull(subscriber, "subscriber");
        LogNode start = log.start();
        if (start == null) {
            refuse(subscriber);
            return;
        }
        ItemQueue queue = queue(start, policy, member);
        int number = queue instanceof LogCursor ? nextNumber() : 0;
        FlowSubscription<T> subscription = queue instanceof LogCursor cursor && number != 0
                ? new SharedFlowSubscription<>(parent, cursor, subscriber, number)
                : new FlowSubscription<>(parent, queue, subscriber);
        add(subscription, policy);
        subscription.start();
    }

    /** Returns 0 if there are no more numbers. A subscription without one serves itself, as those with a limit do. */
    private int nextNumber() {
        long number = numbers.incrementAndGet();
        return number <= DrainState.MAX_SUBSCRIPTIONS ? (int) number : 0;
    }

    private void refuse(Flow.Subscriber<? super T> subscriber) {
        try {
            subscriber.onSubscribe(NoSubscription.INSTANCE);
            subscriber.onError(refusal.apply(name));
        } catch (Throwable thrown) {
            dialect.drop(thrown);
        }
    }

    /**
     * Opens a queue for threads that block.
     *
     * @param policy of its buffer
     * @param member the member whose items it does not receive; or null
     * @return to be closed; null if the broadcast is sealed
     */
    public @Nullable BlockingSubscription<T> open(BufferPolicy policy, @Nullable Object member) {
        LogNode start = log.start();
        if (start == null) {
            return null;
        }
        BlockingSubscription<T> subscription = new BlockingSubscription<>(parent, queue(start, policy, member));
        add(subscription, policy);
        subscription.appended();
        return subscription;
    }

    private ItemQueue queue(LogNode start, BufferPolicy policy, @Nullable Object member) {
        return policy.kind() == BufferPolicy.Kind.UNBOUNDED
                ? new LogCursor(log, start, member)
                : new BoundedItemQueue(policy, log, start, member);
    }

    private void add(InnerSubscription<T> subscription, BufferPolicy policy) {
        if (policy.kind() == BufferPolicy.Kind.BLOCK) {
            blocks = true;
        }
        subscriptions.add(subscription);
    }

    @Override
    public String toString() {
        return name + ", " + subscriberCount() + " subscribers" + (isSealed() ? ", sealed" : "")
                + (isEnded() ? ", ended" : "");
    }

    /** The broadcast as its subscriptions see it. */
    private final class Parent implements InnerSubscription.Parent {
        @Override
        public void drain() {
            drainLoop.drain();
        }

        @Override
        public void remove(InnerSubscription<?> subscription) {
            if (!isEnded()) { // after the end all are removed together
                subscriptions.remove(subscription);
            }
        }

        @Override
        public Throwable overflow(int capacity) {
            return dialect.overflow(
                    "a subscriber to " + name + " was too slow: its buffer of " + capacity + " is full");
        }

        @Override
        public void drop(Throwable failure) {
            dialect.drop(failure);
        }
    }
}
