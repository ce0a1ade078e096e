package lox.sync.internal.hot;

import org.jspecify.annotations.Nullable;

/**
 * A value of the {@link ItemLog} that is not a plain item: an item with the member that put it or the time at
 * which it was put, or the end.
 *
 * <p>One final class serves for both, so that the hot path tells plain items from the rest with one comparison.
 */
final class Signal {
    /** The end without a failure. */
    static final Signal COMPLETED = new Signal(null, null, null, 0);

    private final @Nullable Object member;
    private final @Nullable Object item;
    private final @Nullable Throwable failure;
    private final long time;

    private Signal(@Nullable Object member, @Nullable Object item, @Nullable Throwable failure, long time) {
        this.member = member;
        this.item = item;
        this.failure = failure;
        this.time = time;
    }

    static Signal failed(Throwable failure) {
        return new Signal(null, null, failure, 0);
    }

    static Signal by(Object member, Object item) {
        return new Signal(member, item, null, 0);
    }

    /** An item with the time at which it was put, in a log whose backlog expires. */
    static Signal at(@Nullable Object member, Object item, long time) {
        return new Signal(member, item, null, time);
    }

    static boolean isEnd(@Nullable Object value) {
        return value instanceof Signal signal && signal.item == null;
    }

    /** The item; null if this is the end. */
    @Nullable
    Object item() {
        return item;
    }

    /** Whether a subscriber skips this item, because its own member put it. */
    boolean isOf(@Nullable Object receiver) {
        return member != null && member == receiver;
    }

    /** When the item was put, in a log whose backlog expires; otherwise 0. */
    long time() {
        return time;
    }

    /** The failure; null for completion. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
