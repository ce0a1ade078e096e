package lox.sync.internal.access;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Gives lox's own packages access to the internal objects behind public ones. A public class registers an opener in its
 * static initialiser, so the internal object needs no public accessor. Safe for use from many threads.
 */
public final class SharedSecrets {
    private static final Map<Class<?>, Function<Object, Object>> OPENERS = new ConcurrentHashMap<>();

    private SharedSecrets() {}

    /**
     * Registers the opener of a class.
     *
     * @param type the class, which calls this in its static initialiser
     * @param opener returns the internal object behind an object
     * @param <T> the class
     */
    public static <T> void register(Class<T> type, Function<? super T, ?> opener) {
        OPENERS.put(type, object -> opener.apply(type.cast(object)));
    }

    /**
     * Opens an object.
     *
     * @param type the class that has registered
     * @param object an instance of it or of a subclass
     * @return the internal object behind it
     * @throws NullPointerException if {@code object} is null
     */
    public static Object open(Class<?> type, Object object) {
        Objects.requireNonNull(object, "object");
        return Objects.requireNonNull(OPENERS.get(type), () -> type + " has not registered")
                .apply(object);
    }
}
