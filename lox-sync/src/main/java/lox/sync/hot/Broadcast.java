package lox.sync.hot;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * One to many. A put appends to the {@link Timeline} and then has every {@link Outlet} visited (see {@link Rounds}), each of which
 * reads on from where it stands. All methods may be called from any thread, also from inside a subscriber.
 *
 * <p>A new outlet takes its place in the timeline and then joins the array of outlets; a put appends and then reads the array.
 * So either the put sees the outlet, or the outlet, which looks once more after it has joined, sees the item.
 *
 * <p>A subscriber that does not return holds up the thread that called it and nobody else: others find that subscriber being
 * served, and serve the rest (see {@link Rounds}).
 *
 * @param <T> the type of the items
 */
public final class Broadcast<T> {
    /** For a backlog of everything. */
    public static final int UNBOUNDED = Timeline.UNBOUNDED;

    private final String name;
    private final Dialect dialect;
    private final Supplier<? extends Throwable> refusal;
    private final Timeline timeline;
    private final Rounds rounds;
    private final AtomicLong numbers = new AtomicLong();
    private final Outlets outlets = new Outlets();
    /** Whether all outlets are to be told of the end; set when the end has been put. */
    private volatile boolean ending;
    /** Whether there ever was an outlet for which a put may have to wait. */
    private volatile boolean blocks;

    /**
     * Makes one that nobody listens to yet.
     *
     * @param name for messages
     * @param dialect the library's conventions
     * @param backlog how many items those who come later still get; {@link #UNBOUNDED} for all
     * @param refusal makes the failure for those who come after the seal
     */
    public Broadcast(String name, Dialect dialect, int backlog, Supplier<? extends Throwable> refusal) {
        this(name, dialect, backlog, refusal, Relief::watch);
    }

    /** With a watch of the caller's. */
    Broadcast(
            String name, Dialect dialect, int backlog, Supplier<? extends Throwable> refusal, Predicate<Watch> relief) {
        this.name = name;
        this.dialect = dialect;
        this.refusal = refusal;
        this.timeline = new Timeline(backlog);
        this.rounds = new Rounds(this, relief);
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
     * Puts an item behind all others and delivers it to all who have room for it.
     *
     * @param item not null
     * @param member who puts, and so will not hear it; or null
     * @throws NullPointerException if {@code item} is null
     * @throws IllegalStateException if the end has come, or if a subscriber's buffer asks to wait and this thread must not
     * @throws CancellationException if a subscriber's buffer asks to wait and this thread is interrupted
     */
    public void put(T item, @Nullable Object member) {
        Objects.requireNonNull(item, "item");
        boolean mayWait = blocks;
        long start = mayWait ? System.nanoTime() : 0;
        if (mayWait) {
            checkMayWait();
        }
        if (!timeline.append(member == null ? item : Mark.by(member, item))) {
            throw new IllegalStateException(name + " has ended: nothing can be put any more");
        }
        if (mayWait && dialect.mayBlock()) {
            walkAndAwaitRoom(start);
        } else {
            walk();
        }
    }

    /** Sees to it that every outlet is told of what has been appended. */
    void walk() {
        if (outlets.all().length != 0) {
            rounds.walk();
        }
    }

    /** A put that could not wait is refused before it has begun, not when it is half done. */
    private void checkMayWait() {
        boolean interrupted = Thread.currentThread().isInterrupted();
        if (!interrupted && dialect.mayBlock()) {
            return;
        }
        for (Outlet<?> outlet : outlets.all()) {
            if (outlet.isFullForPut()) {
                if (interrupted) {
                    throw new CancellationException(
                            "interrupted before a put to " + name + ", which would have to wait for a subscriber");
                }
                throw new IllegalStateException("a put to " + name + " would have to wait for a subscriber, and "
                        + Thread.currentThread().getName() + " is a thread that must not block");
            }
        }
    }

    /** What this put has to wait for is fixed before anything is delivered: what comes about through that is not its own. */
    private void walkAndAwaitRoom(long start) {
        Outlet<?>[] all = outlets.all();
        long[] tickets = new long[all.length];
        for (int i = 0; i < all.length; i++) {
            tickets[i] = all[i].roomTicket();
        }
        walk();
        try {
            for (int i = 0; i < all.length; i++) {
                all[i].awaitRoom(tickets[i], start);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the item has been put all the same
        }
    }

    /** Ends it. Whoever comes later gets the backlog and this end. Does nothing if it has ended. */
    public void complete() {
        end(Mark.COMPLETED);
    }

    /**
     * Ends it with a failure. If it has ended already, the failure goes where the library sends what nobody can receive.
     *
     * @param failure not null
     * @throws NullPointerException if {@code failure} is null
     */
    public void fail(Throwable failure) {
        if (!end(Mark.failed(Objects.requireNonNull(failure, "failure")))) {
            drop(failure);
        }
    }

    private boolean end(Mark mark) {
        if (!timeline.append(mark)) {
            return false;
        }
        ending = true;
        rounds.walk();
        return true;
    }

    /** Whether who is in the array of outlets is to be told of the end. */
    boolean isEnding() {
        return ending;
    }

    /** Whether the library lets the calling thread wait. */
    boolean mayBlock() {
        return dialect.mayBlock();
    }

    /** All have been told of the end. */
    void forgetOutlets() {
        outlets.forget();
    }

    Outlet<?>[] outlets() {
        return outlets.all();
    }

    /** Refuses who comes later, and lets the backlog go. All else goes on. */
    public void seal() {
        timeline.seal();
    }

    /**
     * Whether it is sealed.
     *
     * @return true from then on
     */
    public boolean isSealed() {
        return timeline.isSealed();
    }

    /**
     * Whether the end has come.
     *
     * @return true from then on
     */
    public boolean isEnded() {
        return timeline.isEnded();
    }

    /**
     * How many listen.
     *
     * @return a snapshot; 0 once the end has come
     */
    public int subscriberCount() {
        return outlets.all().length;
    }

    /**
     * Subscribes; or fails at once if it is sealed, by the subscriber's {@code onError}.
     *
     * @param subscriber not null; if a {@link Receiver}, it also learns what its buffer throws away
     * @param policy of its buffer
     * @param member whose items it does not get; or null
     */
    public void subscribe(Flow.Subscriber<? super T> subscriber, BufferPolicy policy, @Nullable Object member) {
        Objects.requireNonNull(subscriber, "subscriber");
        Node start = timeline.start();
        if (start == null) {
            refuse(subscriber);
            return;
        }
        Inbox inbox = inbox(start, policy, member);
        int number = inbox instanceof Cursor ? nextNumber() : 0;
        PushOutlet<T> outlet = inbox instanceof Cursor cursor && number != 0
                ? new SharedOutlet<>(this, cursor, subscriber, number)
                : new PushOutlet<>(this, inbox, subscriber);
        add(outlet, policy);
        outlet.start();
    }

    /** 0 if there are no more: who has none is served by itself, as those are that have bounds. */
    private int nextNumber() {
        long number = numbers.incrementAndGet();
        return number <= RoundWord.MOST_OUTLETS ? (int) number : 0;
    }

    private void refuse(Flow.Subscriber<? super T> subscriber) {
        try {
            subscriber.onSubscribe(NoSubscription.INSTANCE);
            subscriber.onError(refusal.get());
        } catch (Throwable thrown) {
            drop(thrown);
        }
    }

    /**
     * Opens a queue for threads that wait.
     *
     * @param policy of its buffer
     * @param member whose items it does not get; or null
     * @return to be closed; or null if this is sealed
     */
    public @Nullable PullOutlet<T> open(BufferPolicy policy, @Nullable Object member) {
        Node start = timeline.start();
        if (start == null) {
            return null;
        }
        PullOutlet<T> outlet = new PullOutlet<>(this, inbox(start, policy, member));
        add(outlet, policy);
        outlet.arrived();
        return outlet;
    }

    private Inbox inbox(Node start, BufferPolicy policy, @Nullable Object member) {
        return policy.kind() == BufferPolicy.Kind.UNBOUNDED
                ? new Cursor(timeline, start, member)
                : new BoundedInbox(policy, timeline, start, member);
    }

    private void add(Outlet<T> outlet, BufferPolicy policy) {
        if (policy.kind() == BufferPolicy.Kind.BLOCK) {
            blocks = true;
        }
        outlets.add(outlet);
    }

    void remove(Outlet<T> outlet) {
        if (!isEnded()) { // at the end all are forgotten together
            outlets.remove(outlet);
        }
    }

    Throwable overflow(int capacity) {
        return dialect.overflow("a subscriber to " + name + " was too slow: its buffer of " + capacity + " is full");
    }

    void drop(Throwable failure) {
        dialect.drop(failure);
    }

    @Override
    public String toString() {
        return name + ", " + subscriberCount() + " subscribers" + (isSealed() ? ", sealed" : "")
                + (isEnded() ? ", ended" : "");
    }
}
