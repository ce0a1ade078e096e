package lox.sync;

import java.time.Duration;
import java.util.Objects;
import lox.sync.internal.access.SharedSecrets;
import lox.sync.internal.hot.BufferPolicy;
import lox.sync.internal.hot.BufferPolicy.Kind;
import lox.sync.internal.time.Durations;

/**
 * How many items may wait for one subscriber of a hot publisher, and what happens when there are more. Each
 * subscriber has a buffer of its own: one that is slow or full never holds up the others. Immutable.
 *
 * <pre>{@code
 * Announcement.Subscription<Price> screen = prices.subscribe(Buffer.dropOldest(1)); // only ever the latest
 * }</pre>
 *
 * <p>An item waits from the put until the subscriber has been given it, which is when it has requested it or taken
 * it. The backlog that a subscriber starts with comes on top: so many more may wait, until it has got through it.
 */
public final class Buffer {
    private static final Buffer UNBOUNDED = new Buffer(BufferPolicy.UNBOUNDED);

    static {
        SharedSecrets.register(Buffer.class, buffer -> buffer.policy);
    }

    private final BufferPolicy policy;

    private Buffer(BufferPolicy policy) {
        this.policy = policy;
    }

    /**
     * No limit but memory. What is used where nothing else is said. Items that wait are not copied: all subscribers
     * of a publisher share them.
     *
     * @return the policy
     */
    public static Buffer unbounded() {
        return UNBOUNDED;
    }

    /**
     * Too slow a subscriber fails: after what is in its buffer comes an {@link OverflowException} (in Reactor an
     * error for which {@code Exceptions.isOverflow} is true, in RxJava a {@code MissingBackpressureException}).
     *
     * @param capacity how many items may wait, at least 1
     * @return the policy
     * @throws IllegalArgumentException if {@code capacity} is below 1
     */
    public static Buffer failing(int capacity) {
        return bounded(Kind.FAIL, capacity, 0);
    }

    /**
     * A put waits until there is room, and holds no lock meanwhile. The item has its place in the order, and the
     * other subscribers have got it, before the wait begins. When it has lasted too long, the subscriber fails as
     * with {@link #failing}, and the put returns as usual. If several subscribers are full, the time counts for all
     * together.
     *
     * <p>Each thread that waits has one more item in the buffer. A thread that puts from inside this subscriber's own
     * {@code onNext} does not wait, since it would wait for itself. A thread that must not block (of Reactor's or
     * RxJava's computation schedulers, for example) or that is interrupted does not wait either: its put is refused
     * before any subscriber has received the item.
     *
     * @param capacity how many items may wait, at least 1
     * @param timeout how long a put waits at most, more than zero
     * @return the policy
     * @throws NullPointerException if {@code timeout} is null
     * @throws IllegalArgumentException if {@code capacity} is below 1, or {@code timeout} is zero or negative
     */
    public static Buffer blocking(int capacity, Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be more than zero, but was " + timeout);
        }
        return bounded(Kind.BLOCK, capacity, Durations.nanos(timeout));
    }

    /**
     * The item that has waited longest is thrown away, for the newest to have room.
     *
     * @param capacity how many items may wait, at least 1
     * @return the policy
     * @throws IllegalArgumentException if {@code capacity} is below 1
     */
    public static Buffer dropOldest(int capacity) {
        return bounded(Kind.DROP_OLDEST, capacity, 0);
    }

    /**
     * The newest item is thrown away, if there is no room for it.
     *
     * @param capacity how many items may wait, at least 1
     * @return the policy
     * @throws IllegalArgumentException if {@code capacity} is below 1
     */
    public static Buffer dropLatest(int capacity) {
        return bounded(Kind.DROP_LATEST, capacity, 0);
    }

    private static Buffer bounded(Kind kind, int capacity, long timeoutNanos) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be 1 or more, but was " + capacity);
        }
        return new Buffer(new BufferPolicy(kind, capacity, timeoutNanos));
    }

    BufferPolicy policy() {
        return policy;
    }

    @Override
    public String toString() {
        return "Buffer[" + policy.kind() + (policy.kind() == Kind.UNBOUNDED ? "" : ", " + policy.capacity()) + "]";
    }
}
