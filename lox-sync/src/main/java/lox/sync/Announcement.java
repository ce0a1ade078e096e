package lox.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import lox.sync.internal.hot.BlockingSubscription;
import lox.sync.internal.hot.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * One to many, and many to many: what is put reaches every subscriber, in one order for all of them.
 *
 * <pre>{@code
 * Announcement<String> news = Announcement.builder().backlog(10).build();
 * news.put("the doors are open");
 * try (Announcement.Subscription<String> late = news.subscribe()) {
 *     news.put("the show begins");
 *     String first = late.take(); // the doors are open
 *     String second = late.take(); // the show begins
 * }
 * }</pre>
 *
 * <p>A subscriber gets the backlog as it is at that moment (nothing, the last items by number or by time, or all), and
 * from then on what is put, with no gap and no double between. Each has a {@link Buffer} of its own; one that is slow,
 * full or broken does not hold up the others, and one that has left leaves nothing behind.
 *
 * <p>All methods may be called from any thread, from many at once, and from inside a subscriber. A put first fixes
 * the item's place in the order. Then it delivers to the subscribers that have requested it, on the calling thread,
 * or leaves the item to another thread that delivers at that moment. So the items of one thread arrive in the order
 * in which it puts them, and a put may return before every subscriber has the item. No lock is held while a
 * subscriber's code runs or a put waits.
 *
 * <p>A subscriber that does not return keeps the thread that called it, and no other. A thread that puts meanwhile
 * takes over within some 50 µs and serves the other subscribers; where no thread puts, a daemon thread of lox's own
 * takes over within some 10 ms. So while a subscriber takes long for an item, another thread may serve the others.
 *
 * <p>The order is a linked list without locks, which all subscribers share (after the algorithm of Michael and Scott,
 * 1996).
 *
 * @param <T> the type of the items
 */
public final class Announcement<T> {
    private final Broadcast<T> broadcast;

    private Announcement(Broadcast<T> broadcast) {
        this.broadcast = broadcast;
    }

    /**
     * Without options: no backlog, a subscriber gets what is put after it has come.
     *
     * @param <T> the type of the items
     * @return an announcement without subscribers
     */
    public static <T> Announcement<T> create() {
        return builder().build();
    }

    /**
     * Options.
     *
     * <pre>{@code
     * Announcement<String> news = Announcement.builder().named("news").backlog(100).build();
     * }</pre>
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Puts an item behind all others, for all subscribers and for the backlog.
     *
     * <p>It never waits, unless a subscriber has a {@linkplain Buffer#blocking blocking} buffer that is full. If the
     * thread is interrupted while it waits for that, it returns with its flag set; the item has been put.
     *
     * @param item not null
     * @throws NullPointerException if {@code item} is null
     * @throws IllegalStateException if this has completed or failed
     * @throws java.util.concurrent.CancellationException if the thread is interrupted at the call and would have to
     *     wait; no subscriber has received the item
     */
    public void put(T item) {
        broadcast.put(item, null);
    }

    /**
     * Puts an item as {@link #put} does, but neither waits nor fails where it cannot. Any thread may call it, also one
     * that must not block. A thread that is refused with {@link PutResult#FULL} decides itself whether it tries again.
     *
     * <p>Of threads that try at the same moment, each may find the same room in a blocking buffer, which then holds an
     * item more for each of them.
     *
     * @param item not null
     * @return whether the item has been put, and if not, why
     * @throws NullPointerException if {@code item} is null
     */
    public PutResult tryPut(T item) {
        return PutResult.valueOf(broadcast.tryPut(item, null).name());
    }

    /**
     * Subscribes, for threads that wait, with an unbounded buffer.
     *
     * @return a queue, to be closed when it is no longer wanted
     * @throws AnnouncementSealedException if this is sealed
     */
    public Subscription<T> subscribe() {
        return subscribe(Buffer.unbounded());
    }

    /**
     * Subscribes, for threads that wait.
     *
     * @param buffer how many items may wait in the queue
     * @return a queue, to be closed when it is no longer wanted
     * @throws NullPointerException if {@code buffer} is null
     * @throws AnnouncementSealedException if this is sealed
     */
    public Subscription<T> subscribe(Buffer buffer) {
        return new Subscription<>(open(buffer, null), broadcast.name());
    }

    /**
     * Makes a member with an unbounded buffer: a subscription that puts and does not receive what it puts.
     *
     * @return the member, to be closed when it leaves
     * @throws AnnouncementSealedException if this is sealed
     */
    public Member<T> member() {
        return member(Buffer.unbounded());
    }

    /**
     * Makes a member: a subscription that puts and does not receive what it puts.
     *
     * @param buffer how many items may wait in the member's queue
     * @return the member, to be closed when it leaves
     * @throws NullPointerException if {@code buffer} is null
     * @throws AnnouncementSealedException if this is sealed
     */
    public Member<T> member(Buffer buffer) {
        Object identity = new Object();
        return new Member<>(open(buffer, identity), this, identity);
    }

    private BlockingSubscription<T> open(Buffer buffer, @Nullable Object identity) {
        BlockingSubscription<T> subscription =
                broadcast.open(Objects.requireNonNull(buffer, "buffer").policy(), identity);
        if (subscription == null) {
            throw new AnnouncementSealedException(broadcast.name());
        }
        return subscription;
    }

    /**
     * The same for pipelines, with an unbounded buffer.
     *
     * @return a publisher for any number of subscribers, each a subscriber of its own from the moment it subscribes
     */
    public Flow.Publisher<T> asPublisher() {
        return asPublisher(Buffer.unbounded());
    }

    /**
     * The same for pipelines. Each subscriber gets what it has requested; a subscriber that throws, or requests less
     * than one, is ended by the rules of Reactive Streams.
     *
     * <p>Once this is sealed, its error is an {@link AnnouncementSealedException}.
     *
     * @param buffer how many items may wait for each subscriber to request them
     * @return a publisher for any number of subscribers, each a subscriber of its own from the moment it subscribes
     * @throws NullPointerException if {@code buffer} is null
     */
    public Flow.Publisher<T> asPublisher(Buffer buffer) {
        var policy = Objects.requireNonNull(buffer, "buffer").policy();
        return subscriber -> broadcast.subscribe(subscriber, policy, null);
    }

    /**
     * The backlog: the items that a new subscriber would receive first, those of members included.
     *
     * @return an unmodifiable copy, oldest first, as the backlog was at one moment of the call: what was put before the
     *     call is in it, and of what is put meanwhile a part without a gap. Empty without a backlog, and after the seal
     */
    public List<T> backlog() {
        return broadcast.backlog();
    }

    /**
     * Refuses later subscribers and drops the backlog. Present subscribers and {@link #put} go on. The original,
     * Python's lox, calls this {@code finalize}.
     */
    public void seal() {
        broadcast.seal();
    }

    /**
     * Ends this: subscribers get what is left for them and then the end; later ones the backlog and the end. Once
     * only.
     */
    public void complete() {
        broadcast.complete();
    }

    /**
     * Ends this with a failure, as {@link #complete()} does without. If it has ended already, the failure goes to the
     * thread's uncaught exception handler.
     *
     * @param failure not null
     * @throws NullPointerException if {@code failure} is null
     */
    public void fail(Throwable failure) {
        broadcast.fail(failure);
    }

    /**
     * Counts the subscribers that have neither left nor failed.
     *
     * @return a snapshot; 0 after the end
     */
    public int subscriberCount() {
        return broadcast.subscriberCount();
    }

    @Override
    public String toString() {
        return "Announcement[" + broadcast + "]";
    }

    /**
     * A subscription for threads that wait: a queue. Any number of threads may take from one; each item goes to one
     * of them.
     *
     * @param <T> the type of the items
     */
    public static sealed class Subscription<T> extends PulledItems<T> permits Member {
        Subscription(BlockingSubscription<T> subscription, String publisher) {
            super(subscription, publisher);
        }
    }

    /**
     * A subscription that takes part: what it puts reaches all subscribers but itself. For them it is an item like
     * any other, in the backlog too.
     *
     * @param <T> the type of the items
     */
    public static final class Member<T> extends Subscription<T> {
        private final Announcement<T> announcement;
        private final Object identity;

        Member(BlockingSubscription<T> subscription, Announcement<T> announcement, Object identity) {
            super(subscription, announcement.broadcast.name());
            this.announcement = announcement;
            this.identity = identity;
        }

        /**
         * Puts an item for all other subscribers. Works after the member has left, too.
         *
         * @param item not null
         * @throws NullPointerException if {@code item} is null
         * @throws IllegalStateException if the announcement has completed or failed
         * @throws java.util.concurrent.CancellationException as {@link Announcement#put} does
         */
        public void put(T item) {
            announcement.broadcast.put(item, identity);
        }

        /**
         * Puts an item for all other subscribers, as {@link Announcement#tryPut} does.
         *
         * @param item not null
         * @return whether the item has been put, and if not, why
         * @throws NullPointerException if {@code item} is null
         */
        public PutResult tryPut(T item) {
            return PutResult.valueOf(
                    announcement.broadcast.tryPut(item, identity).name());
        }

        /**
         * What this takes part in, to make other members.
         *
         * @return the announcement
         */
        public Announcement<T> announcement() {
            return announcement;
        }
    }

    /** Builds an {@link Announcement}. */
    public static final class Builder extends AnnouncementOptions<Builder> {
        private @Nullable ScheduledExecutorService scheduler;
        private @Nullable LongSupplier ticker;

        private Builder() {
            settings().speak(SyncDialect.INSTANCE, () -> SystemTime.of(ticker, scheduler));
        }

        /**
         * The executor that releases expired items. By default a daemon thread of lox's own. Never shut down here.
         *
         * @param scheduler runs what is due
         * @return this
         * @throws NullPointerException if {@code scheduler} is null
         * @throws IllegalStateException if it has been set
         */
        public Builder scheduler(ScheduledExecutorService scheduler) {
            Objects.requireNonNull(scheduler, "scheduler");
            settings().setOnce("scheduler");
            this.scheduler = scheduler;
            return this;
        }

        /**
         * The clock that {@code backlog(Duration)} goes by, for tests with a time of their own. By default
         * {@link System#nanoTime}.
         *
         * @param nanos the time in nanoseconds since some fixed moment
         * @return this
         * @throws NullPointerException if {@code nanos} is null
         * @throws IllegalStateException if it has been set
         */
        public Builder ticker(LongSupplier nanos) {
            Objects.requireNonNull(nanos, "nanos");
            settings().setOnce("ticker");
            ticker = nanos;
            return this;
        }

        /**
         * Builds the Announcement.
         *
         * @param <T> the type of the items
         * @return a new one, without subscribers
         */
        public <T> Announcement<T> build() {
            return new Announcement<>(new Broadcast<>(settings()));
        }
    }
}
