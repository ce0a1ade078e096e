package lox.sync.funnel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The publishers that have stopped asking for more, to be resumed when something has changed. */
final class StalledSources<K> {
    private final Set<Source<K, ?>> stalled = ConcurrentHashMap.newKeySet();
    /** So that who resumes them, at every put, looks at one number where there are none. */
    private final AtomicInteger count = new AtomicInteger();

    boolean isEmpty() {
        return count.get() == 0;
    }

    /** The source looks again afterwards: what changed before it was in here resumed nobody. */
    void add(Source<K, ?> source) {
        if (stalled.add(source)) {
            count.incrementAndGet();
        }
    }

    void remove(Source<K, ?> source) {
        source.unstalled();
        if (stalled.remove(source)) {
            count.decrementAndGet();
        }
    }

    void resume() {
        if (!isEmpty()) {
            stalled.forEach(Source::resume);
        }
    }
}
