package lox.sync.internal.serialization;

import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The objects that Java serialization writes in place of JDK values that are not serializable, though their content may
 * be: paths, optionals, and views of collections, which are sent as a copy in the same order. Values of other classes
 * are not replaced.
 */
public final class Substitutes {
    private static final Module JDK = Object.class.getModule();

    /** Substitutes and the values they resolve to, which are not serializable and are read in no other way. */
    private static final Set<Class<?>> PASSED = Set.of(
            OfPath.class,
            OfOptional.class,
            OfOptionalInt.class,
            OfOptionalLong.class,
            OfOptionalDouble.class,
            Path.of("").getClass(),
            Optional.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class);

    private Substitutes() {}

    /**
     * The substitute of an object that is not serializable.
     *
     * @param object of any class
     * @return the object itself if there is none
     */
    public static Object of(Object object) {
        if (object instanceof Path path) {
            return path.getFileSystem() == FileSystems.getDefault() ? new OfPath(path.toString()) : path;
        }
        if (object.getClass().getModule() != JDK) {
            return object;
        }
        if (object instanceof Optional<?> optional) {
            return new OfOptional(optional.orElse(null));
        }
        if (object instanceof Collection<?> collection) {
            return copy(collection);
        }
        if (object instanceof Map<?, ?> map) {
            return map instanceof SortedMap<?, ?> sorted ? new TreeMap<>(sorted) : new LinkedHashMap<>(map);
        }
        if (object instanceof Map.Entry<?, ?> entry) {
            return new AbstractMap.SimpleEntry<>(entry);
        }
        return ofOptionalNumber(object);
    }

    private static Object copy(Collection<?> collection) {
        if (collection instanceof SortedSet<?> sorted) {
            return new TreeSet<>(sorted);
        }
        return collection instanceof Set<?> ? new LinkedHashSet<>(collection) : new ArrayList<>(collection);
    }

    private static Object ofOptionalNumber(Object object) {
        if (object instanceof OptionalInt number) {
            return new OfOptionalInt(number.isPresent(), number.orElse(0));
        }
        if (object instanceof OptionalLong number) {
            return new OfOptionalLong(number.isPresent(), number.orElse(0));
        }
        if (object instanceof OptionalDouble number) {
            return new OfOptionalDouble(number.isPresent(), number.orElse(0));
        }
        return object;
    }

    /** A filter that allows the substitutes, and applies the user's filter to their content. */
    static ObjectInputFilter passing(ObjectInputFilter filter) {
        return info -> {
            Class<?> type = info.serialClass();
            boolean passes = type != null && PASSED.contains(type);
            return passes ? ObjectInputFilter.Status.ALLOWED : filter.checkInput(info);
        };
    }

    private record OfPath(String path) implements Serializable {
        private Object readResolve() {
            return Path.of(path);
        }
    }

    @SuppressWarnings("serial") // writing it shows whether the value is serializable
    private record OfOptional(@Nullable Object value) implements Serializable {
        private Object readResolve() {
            return Optional.ofNullable(value);
        }
    }

    private record OfOptionalInt(boolean isPresent, int value) implements Serializable {
        private Object readResolve() {
            return isPresent ? OptionalInt.of(value) : OptionalInt.empty();
        }
    }

    private record OfOptionalLong(boolean isPresent, long value) implements Serializable {
        private Object readResolve() {
            return isPresent ? OptionalLong.of(value) : OptionalLong.empty();
        }
    }

    private record OfOptionalDouble(boolean isPresent, double value) implements Serializable {
        private Object readResolve() {
            return isPresent ? OptionalDouble.of(value) : OptionalDouble.empty();
        }
    }
}
