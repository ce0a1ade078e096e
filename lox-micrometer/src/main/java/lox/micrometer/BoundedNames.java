package lox.micrometer;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to names that become the values of a tag. There is a limit to them, since a registry keeps each value
 * for ever: names beyond it share what belongs to {@value #OTHER}. Safe for use from many threads.
 *
 * @param <V> what belongs to a name
 */
final class BoundedNames<V> {
    static final int LIMIT = 100;
    static final String OTHER = "other";

    private final ConcurrentHashMap<String, V> values = new ConcurrentHashMap<>();
    private final Function<String, V> factory;
    private volatile @Nullable V shared; // null until there are too many names

    BoundedNames(Function<String, V> factory) {
        this.factory = factory;
    }

    V get(String name) {
        V known = values.get(name);
        if (known == null) {
            known = shared;
        }
        return known != null ? known : add(name);
    }

    private synchronized V add(String name) {
        if (values.containsKey(name) || values.size() < LIMIT) {
            return values.computeIfAbsent(name, factory);
        }
        V other = values.computeIfAbsent(OTHER, factory);
        shared = other;
        return other;
    }

    /** Does something with all of them; none is made meanwhile. */
    synchronized void forEach(Consumer<V> action) {
        values.values().forEach(action);
    }
}
