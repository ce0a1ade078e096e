package lox.sync.internal.hot;

/**
 * How many items may wait for one subscriber, and what happens to more.
 *
 * @param kind what happens when the buffer is full
 * @param capacity how many items may wait, for all kinds but {@link Kind#UNBOUNDED}
 * @param timeoutNanos how long a put waits for room, for {@link Kind#BLOCK}
 */
public record BufferPolicy(Kind kind, int capacity, long timeoutNanos) {
    /** What happens when the buffer is full. */
    public enum Kind {
        /** The buffer is never full. */
        UNBOUNDED,
        /** The subscriber fails, after what is in the buffer. */
        FAIL,
        /** The put waits for room. After the timeout, the subscriber fails. */
        BLOCK,
        /** The item that has waited longest is discarded. */
        DROP_OLDEST,
        /** The new item is discarded. */
        DROP_LATEST
    }

    /** No limit. */
    public static final BufferPolicy UNBOUNDED = new BufferPolicy(Kind.UNBOUNDED, Integer.MAX_VALUE, 0);
}
