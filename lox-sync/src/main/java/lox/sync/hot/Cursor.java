package lox.sync.hot;

import org.jspecify.annotations.Nullable;

/**
 * An inbox without a limit: a place in the timeline, from which the receiver reads on. It owns no item.
 *
 * <p>The place is in an object of its own, which is made anew every so many nodes, so that it stays in the young generation: there to
 * write down a node costs a store. In an old object it costs a fence with G1, for each item and each receiver.
 */
final class Cursor extends Inbox {
    private static final int RENEWAL = 1 << 10;

    private static final class Place {
        Node node;

        Place(Node node) {
            this.node = node;
        }
    }

    private final Timeline timeline;
    private final @Nullable Object member;
    private @Nullable Place place; // null once cleared

    Cursor(Timeline timeline, Node start, @Nullable Object member) {
        this.timeline = timeline;
        this.member = member;
        this.place = new Place(start);
    }

    @Override
    void intake(Outlet<?> outlet) {
        // It is in the timeline, and that is where this reads.
    }

    @Override
    @Nullable
    Object poll() {
        Place here = place;
        while (here != null) {
            Object value = here.node.value();
            if (value == null) {
                return null;
            }
            if (!(value instanceof Mark mark)) {
                go(here);
                return value;
            }
            Object item = mark.item();
            if (item == null) {
                return mark;
            }
            here = go(here);
            if (!mark.isOf(member)) {
                return item;
            }
        }
        return null;
    }

    private Place go(Place here) {
        return go(here, here.node.successor());
    }

    private Place go(Place here, Node next) {
        if (!next.isEvery(RENEWAL)) {
            here.node = next;
            return here;
        }
        Place fresh = new Place(next);
        place = fresh;
        return fresh;
    }

    /** The node to read next; null once this is cleared. */
    @Nullable
    Node node() {
        Place here = place;
        return here == null ? null : here.node;
    }

    /** Passes over a node, if this stands there; the caller has its item, and its successor. */
    boolean pass(Node node, Node next) {
        Place here = place;
        if (here == null || here.node != node) {
            return false;
        }
        go(here, next);
        return true;
    }

    @Override
    @Nullable
    Mark end() {
        Place here = place;
        while (here != null && here.node.value() instanceof Mark mark) {
            if (mark.item() == null) {
                return mark;
            }
            if (!mark.isOf(member)) {
                return null;
            }
            here = go(here);
        }
        return null;
    }

    @Override
    int size() {
        Place from = place;
        if (from == null) {
            return 0;
        }
        Node here = from.node;
        if (member == null) {
            return timeline.last().distanceFrom(here);
        }
        int others = 0; // a member's own items are among them, so count
        Object value = here.value();
        while (value != null && !Mark.isEnd(value)) {
            if (!(value instanceof Mark mark && mark.isOf(member))) {
                others++;
            }
            here = here.successor();
            value = here.value();
        }
        return others;
    }

    @Override
    void clear() {
        place = null;
    }
}
