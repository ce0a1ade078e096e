package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/**
 * A queue of callbacks to be run in order. Listeners are linked through themselves, so that adding one needs no memory.
 */
final class Callbacks {
    private @Nullable Listener first;
    private @Nullable Listener last;

    boolean isEmpty() {
        return first == null;
    }

    /** Adds a listener that is in no other list. */
    void add(Listener listener) {
        listener.next = null;
        Listener before = last;
        if (before == null) {
            first = listener;
        } else {
            before.next = listener;
        }
        last = listener;
    }

    void addAll(Callbacks others) {
        for (Listener next = others.poll(); next != null; next = others.poll()) {
            add(next);
        }
    }

    @Nullable
    Listener poll() {
        Listener polled = first;
        if (polled != null) {
            first = polled.next;
            polled.next = null;
            if (first == null) {
                last = null;
            }
        }
        return polled;
    }
}
