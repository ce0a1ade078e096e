package lox.sync.internal.hot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue with a limit. It copies items out of the log: if it pointed into the log, a subscriber that stands still
 * would keep alive all items that come later.
 *
 * <p>The backlog at the start comes on top of the capacity, so that a short buffer does not overflow before anything
 * has been put. The room is capacity + allowance, and the allowance shrinks with each item that is polled.
 *
 * <p>All fields are guarded by this object's monitor. No code of users runs and no thread waits while it is held.
 */
final class BoundedItemQueue extends ItemQueue {
    /** The ticket of a put that does not have to wait. */
    static final long NO_WAIT = Long.MIN_VALUE;

    private final BufferPolicy policy;
    private final @Nullable Object member;
    private final ArrayDeque<Object> items = new ArrayDeque<>();
    private @Nullable LogNode node; // the first node that has not been read; null if nothing more is to be read
    private @Nullable Signal end;
    private boolean overflowed;
    private int allowance;
    /** How many polled items have left room that a put may wait for. */
    private long freed;

    BoundedItemQueue(BufferPolicy policy, ItemLog log, LogNode start, @Nullable Object member) {
        this.policy = policy;
        this.member = member;
        LogNode here = start;
        for (LogNode last = log.last(); here != last; here = here.successor()) {
            Object item = itemOf(here);
            if (item != null) {
                items.add(item);
            }
        }
        node = here;
        allowance = items.size();
    }

    private @Nullable Object itemOf(LogNode filled) {
        Object value = filled.value();
        if (value instanceof Signal signal) {
            return signal.isOf(member) ? null : signal.item();
        }
        return value;
    }

    @Override
    void readLog(Owner owner) {
        List<Object> dropped = take(owner);
        if (dropped != null) {
            dropped.forEach(owner::discard);
        }
    }

    private synchronized @Nullable List<Object> take(Owner owner) {
        List<Object> dropped = null;
        while (node != null) {
            Object value = node.value();
            if (value == null) {
                break;
            }
            if (value instanceof Signal signal && signal.item() == null) {
                end = signal;
                node = null;
                break;
            }
            Object item = itemOf(node);
            node = node.successor();
            if (item == null) {
                continue;
            }
            if (isFull()) {
                Object surplus = overflow(item, owner);
                if (surplus != null) {
                    dropped = dropped == null ? new ArrayList<>(1) : dropped;
                    dropped.add(surplus);
                }
            } else {
                items.add(item);
            }
        }
        return dropped;
    }

    /** Applies the policy to an item for which there is no room. Returns the item to discard. */
    private @Nullable Object overflow(Object item, Owner owner) {
        switch (policy.kind()) {
            case DROP_OLDEST -> {
                items.add(item);
                return items.poll();
            }
            case DROP_LATEST -> {
                return item;
            }
            case FAIL -> {
                fail(owner);
                return item;
            }
            default -> {
                items.add(item); // the put will wait
                return null;
            }
        }
    }

    private void fail(Owner owner) {
        overflowed = true;
        end = Signal.failed(owner.overflow(policy.capacity()));
        node = null;
    }

    /** Whether the end is a failure of this queue, not of the broadcast. */
    synchronized boolean hasOverflowed() {
        return overflowed;
    }

    private boolean isFull() {
        return items.size() - allowance >= policy.capacity();
    }

    /** Whether a put would have to wait, if this {@link #blocks}. */
    synchronized boolean isFullForPut() {
        return node != null && isFull();
    }

    boolean blocks() {
        return policy.kind() == BufferPolicy.Kind.BLOCK;
    }

    /** The value {@link #hasFreed} has to reach before all items that are in here now fit. */
    synchronized long roomTicket() {
        int over = items.size() - allowance - policy.capacity();
        return over <= 0 ? NO_WAIT : freed + over;
    }

    synchronized boolean hasFreed(long ticket) {
        return node == null || freed >= ticket;
    }

    /** Fails after a put has waited too long. The items in here are still delivered, then the failure. */
    synchronized void failIfOver(long ticket, Owner owner) {
        if (!hasFreed(ticket)) {
            fail(owner);
        }
    }

    @Override
    synchronized @Nullable Object poll() {
        Object item = items.poll();
        if (item == null) {
            return end;
        }
        if (allowance > 0) {
            allowance--;
        } else {
            freed++;
        }
        return item;
    }

    @Override
    synchronized @Nullable Signal end() {
        return items.isEmpty() ? end : null;
    }

    @Override
    synchronized int size() {
        return items.size();
    }

    @Override
    synchronized void clear() {
        items.clear();
        node = null;
        end = null;
    }

    BufferPolicy policy() {
        return policy;
    }
}
