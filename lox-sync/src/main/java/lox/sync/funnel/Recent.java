package lox.sync.funnel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * At least the last n ids that were added, at most twice as many: two sets, the older of which goes when the younger has n.
 * So adding takes no lock and moves nothing.
 */
final class Recent<K> {
    private final int size;
    private volatile Set<K> younger = ConcurrentHashMap.newKeySet();
    private volatile Set<K> older = Set.of();
    private int added; // guarded by this

    Recent(int size) {
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
        // The order matters: what moves from the younger to the older set while we look is found in one of them.
        return younger.contains(id) || older.contains(id);
    }
}
