package lox.cluster.internal;

import java.util.ArrayList;
import java.util.List;

/** Actions for something that happens once: each runs when it happens, or at once if it has happened. */
final class OnceSignal {
    private final List<Runnable> actions = new ArrayList<>(); // guarded by this
    private volatile boolean hasHappened;

    void add(Runnable action) {
        synchronized (this) {
            if (!hasHappened) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** It happens. The second time has no effect. */
    void run() {
        List<Runnable> now;
        synchronized (this) {
            hasHappened = true;
            now = List.copyOf(actions);
            actions.clear();
        }
        now.forEach(Runnable::run);
    }

    boolean hasHappened() {
        return hasHappened;
    }
}
