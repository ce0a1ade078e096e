package lox.sync.hot;

import org.jspecify.annotations.Nullable;

/**
 * What stands in a {@link Timeline} in the place of an item: an item with the member who put it, or the end.
 *
 * <p>One final class for both, so that the hot path tells plain items from all else with one comparison.
 */
final class Mark {
    /** The end, without a failure. */
    static final Mark COMPLETED = new Mark(null, null, null);

    private final @Nullable Object member;
    private final @Nullable Object item;
    private final @Nullable Throwable failure;

    private Mark(@Nullable Object member, @Nullable Object item, @Nullable Throwable failure) {
        this.member = member;
        this.item = item;
        this.failure = failure;
    }

    static Mark failed(Throwable failure) {
        return new Mark(null, null, failure);
    }

    static Mark by(Object member, Object item) {
        return new Mark(member, item, null);
    }

    static boolean isEnd(@Nullable Object value) {
        return value instanceof Mark mark && mark.item == null;
    }

    /** The item, or null if this is the end. */
    @Nullable
    Object item() {
        return item;
    }

    /** Whether a receiver is to skip this, having put it. */
    boolean isOf(@Nullable Object receiver) {
        return member != null && member == receiver;
    }

    /** Why it ended; null if it completed. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
