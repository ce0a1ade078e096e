package lox.sync.internal.hot;

import org.jspecify.annotations.Nullable;

/**
 * A queue without a limit: a position in the log, from which the subscriber reads on. It holds no items itself.
 *
 * <p>The position is an object of its own, renewed every {@value #RENEWAL} nodes so that it stays in the young
 * generation. There a store of a node is a plain store; in an old object it costs a fence with G1, for each item and
 * each subscriber.
 */
final class LogCursor extends ItemQueue {
    private static final int RENEWAL = 1 << 10;

    private static final class Position {
        LogNode node;

        Position(LogNode node) {
            this.node = node;
        }
    }

    private final ItemLog log;
    private final @Nullable Object member;
    private @Nullable Position position; // null once cleared

    LogCursor(ItemLog log, LogNode start, @Nullable Object member) {
        this.log = log;
        this.member = member;
        this.position = new Position(start);
    }

    @Override
    void readLog(Owner owner) {
        // The items are in the log, which is where this reads.
    }

    @Override
    @Nullable
    Object poll() {
        Position here = position;
        while (here != null) {
            Object value = here.node.value();
            if (value == null) {
                return null;
            }
            if (!(value instanceof Signal signal)) {
                advance(here);
                return value;
            }
            Object item = signal.item();
            if (item == null) {
                return signal;
            }
            here = advance(here);
            if (!signal.isOf(member)) {
                return item;
            }
        }
        return null;
    }

    private Position advance(Position here) {
        return advance(here, here.node.successor());
    }

    private Position advance(Position here, LogNode next) {
        if (!next.isEvery(RENEWAL)) {
            here.node = next;
            return here;
        }
        Position fresh = new Position(next);
        position = fresh;
        return fresh;
    }

    /** The next node to read; null once this is cleared. */
    @Nullable
    LogNode node() {
        Position here = position;
        return here == null ? null : here.node;
    }

    /** Moves past a node if this is at it. The caller has read its item and its successor. */
    boolean advancePast(LogNode node, LogNode next) {
        Position here = position;
        if (here == null || here.node != node) {
            return false;
        }
        advance(here, next);
        return true;
    }

    @Override
    @Nullable
    Signal end() {
        Position here = position;
        while (here != null && here.node.value() instanceof Signal signal) {
            if (signal.item() == null) {
                return signal;
            }
            if (!signal.isOf(member)) {
                return null;
            }
            here = advance(here);
        }
        return null;
    }

    @Override
    int size() {
        Position from = position;
        if (from == null) {
            return 0;
        }
        LogNode here = from.node;
        if (member == null) {
            return log.last().distanceFrom(here);
        }
        int others = 0; // a member does not receive its own items, so the others are counted one by one
        Object value = here.value();
        while (value != null && !Signal.isEnd(value)) {
            if (!(value instanceof Signal signal && signal.isOf(member))) {
                others++;
            }
            here = here.successor();
            value = here.value();
        }
        return others;
    }

    @Override
    void clear() {
        position = null;
    }
}
