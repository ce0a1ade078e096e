package lox.sync.hot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inbox with a limit. It copies what it takes out of the timeline, because a receiver that stands still would keep all that
 * comes later alive if it merely pointed into it.
 *
 * <p>The backlog that was there at the start comes on top of the capacity, so that a short buffer does not overflow before
 * anything has been put: the room is capacity + allowance, and the allowance goes down with every item that is polled.
 *
 * <p>All fields are guarded by this object's monitor, in which nothing but these lines runs: no code of a user's, and nobody
 * waits in it.
 */
final class BoundedInbox extends Inbox {
    /** The ticket of who need not wait. */
    static final long NO_WAIT = Long.MIN_VALUE;

    private final BufferPolicy policy;
    private final @Nullable Object member;
    private final ArrayDeque<Object> items = new ArrayDeque<>();
    private @Nullable Node node; // the first place not taken from; null once there is nothing more to take
    private @Nullable Mark end;
    private int allowance;
    /** How often an item has left room behind it that a put may wait for. */
    private long freed;

    BoundedInbox(BufferPolicy policy, Timeline timeline, Node start, @Nullable Object member) {
        this.policy = policy;
        this.member = member;
        Node here = start;
        for (Node last = timeline.last(); here != last; here = here.successor()) {
            Object item = itemOf(here);
            if (item != null) {
                items.add(item);
            }
        }
        node = here;
        allowance = items.size();
    }

    private @Nullable Object itemOf(Node filled) {
        Object value = filled.value();
        if (value instanceof Mark mark) {
            return mark.isOf(member) ? null : mark.item();
        }
        return value;
    }

    @Override
    void intake(Outlet<?> outlet) {
        List<Object> dropped = take(outlet);
        if (dropped != null) {
            dropped.forEach(outlet::discard);
        }
    }

    private synchronized @Nullable List<Object> take(Outlet<?> outlet) {
        List<Object> dropped = null;
        while (node != null) {
            Object value = node.value();
            if (value == null) {
                break;
            }
            if (value instanceof Mark mark && mark.item() == null) {
                end = mark;
                node = null;
                break;
            }
            Object item = itemOf(node);
            node = node.successor();
            if (item == null) {
                continue;
            }
            if (isFull()) {
                Object loser = overflow(item, outlet);
                if (loser != null) {
                    dropped = dropped == null ? new ArrayList<>(1) : dropped;
                    dropped.add(loser);
                }
            } else {
                items.add(item);
            }
        }
        return dropped;
    }

    /** Puts the item where the policy wants it. Returns what has to go. */
    private @Nullable Object overflow(Object item, Outlet<?> outlet) {
        switch (policy.kind()) {
            case DROP_OLDEST -> {
                items.add(item);
                return items.poll();
            }
            case DROP_LATEST -> {
                return item;
            }
            case FAIL -> {
                fail(outlet);
                return item;
            }
            default -> {
                items.add(item); // the putter will wait
                return null;
            }
        }
    }

    private void fail(Outlet<?> outlet) {
        end = Mark.failed(outlet.overflow(policy.capacity()));
        node = null;
    }

    private boolean isFull() {
        return items.size() - allowance >= policy.capacity();
    }

    /** Whether a put would have to wait. */
    synchronized boolean isFullForPut() {
        return blocks() && node != null && isFull();
    }

    boolean blocks() {
        return policy.kind() == BufferPolicy.Kind.BLOCK;
    }

    /** What {@link #hasFreed} has to come to for what is in here now to fit. */
    synchronized long roomTicket() {
        int over = items.size() - allowance - policy.capacity();
        return over <= 0 ? NO_WAIT : freed + over;
    }

    synchronized boolean hasFreed(long ticket) {
        return node == null || freed >= ticket;
    }

    /** A put has waited too long. What is in here is still delivered, then the failure. */
    synchronized void failIfOver(long ticket, Outlet<?> outlet) {
        if (!hasFreed(ticket)) {
            fail(outlet);
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
    synchronized @Nullable Mark end() {
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
