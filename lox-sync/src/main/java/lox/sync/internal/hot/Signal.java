package lox.sync.internal.hot;

import org.jspecify.annotations.Nullable;

/**
 * A value of the {@link ItemLog} that is not a plain item: an item with the member that put it, or the end.
 *
 * <p>One final class serves for both, so that the hot path tells plain items from the rest with one comparison.
 */
final class Signal {
    /** The end without a failure. */
    static final Signal COMPLETED = new Signal(null, null, null);

    private final @Nullable Object member;
    private final @Nullable Object item;
    private final @Nullable Throwable failure;

    private Signal(@Nullable Object member, @Nullable Object item, @Nullable Throwable failure) {
        this.member = member;
        this.item = item;
        this.failure = failure;
    }

    static Signal failed(Throwable failure) {
        return new Signal(null, null, failure);
    }

    static Signal by(Object member, Object item) {
        return new Signal(member, item, null);
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

    /** The failure; null for completion. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
