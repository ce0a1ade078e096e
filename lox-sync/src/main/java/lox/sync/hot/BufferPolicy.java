package lox.sync.hot;

/**
 * How much may wait for one receiver, and what happens to more.
 *
 * @param kind what happens
 * @param capacity how many items may wait, for all kinds but {@link Kind#UNBOUNDED}
 * @param timeoutNanos how long a put waits for room, for {@link Kind#BLOCK}
 */
public record BufferPolicy(Kind kind, int capacity, long timeoutNanos) {
    /** What happens when the buffer is full. */
    public enum Kind {
        /** It is never full. */
        UNBOUNDED,
        /** The receiver fails, after what is in the buffer. */
        FAIL,
        /** The put waits for room; when it has waited too long, the receiver fails. */
        BLOCK,
        /** The item that has waited longest goes. */
        DROP_OLDEST,
        /** The new item goes. */
        DROP_LATEST
    }

    /** No limit. */
    public static final BufferPolicy UNBOUNDED = new BufferPolicy(Kind.UNBOUNDED, Integer.MAX_VALUE, 0);
}
