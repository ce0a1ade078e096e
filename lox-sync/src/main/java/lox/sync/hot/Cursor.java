package lox.sync.hot;

import org.jspecify.annotations.Nullable;

/** An inbox without a limit: a place in the timeline, from which the receiver reads on. It owns no item. */
final class Cursor extends Inbox {
    private final Timeline timeline;
    private final @Nullable Object member;
    private @Nullable Node node; // null once cleared

    Cursor(Timeline timeline, Node start, @Nullable Object member) {
        this.timeline = timeline;
        this.member = member;
        this.node = start;
    }

    @Override
    void intake(Outlet<?> outlet) {
        // It is in the timeline, and that is where this reads.
    }

    @Override
    @Nullable
    Object poll() {
        Node here = node;
        while (here != null) {
            Object value = here.value();
            if (value == null) {
                return null;
            }
            if (!(value instanceof Mark mark)) {
                node = here.successor();
                return value;
            }
            Object item = mark.item();
            if (item == null) {
                return mark;
            }
            here = here.successor();
            node = here;
            if (!mark.isOf(member)) {
                return item;
            }
        }
        return null;
    }

    @Override
    @Nullable
    Mark end() {
        Node here = node;
        while (here != null && here.value() instanceof Mark mark) {
            if (mark.item() == null) {
                return mark;
            }
            if (!mark.isOf(member)) {
                return null;
            }
            here = here.successor();
            node = here;
        }
        return null;
    }

    @Override
    int size() {
        Node here = node;
        if (here == null) {
            return 0;
        }
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
        node = null;
    }
}
