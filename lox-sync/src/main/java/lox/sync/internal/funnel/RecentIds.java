package lox.sync.internal.funnel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last n ids that were added, at least, and at most twice as many: two sets, of which the older one is dropped
 * when the younger one has n. Adding an id moves nothing.
 */
final class RecentIds<K> {
    private final int size;
    private volatile Set<K> younger = ConcurrentHashMap.newKeySet();
    private volatile Set<K> older = Set.of();
    private int added; // guarded by this

    RecentIds(int size) {
        this.size = size;
    }

    void add(K id) {
        younger.add(id);
        turn();
    }

    private synchronized void turn() {
        if (++added >= size) {
            older = younger;
            younger = ConcurrentHashMap.newKeySet();
            added = 0;
        }
    }

    boolean contains(K id) {
        // In this order: an id that moves from the younger to the older set meanwhile is found in one of them.
        return younger.contains(id) || older.contains(id);
    }
}
