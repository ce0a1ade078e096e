package lox.sync.internal.process;

import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import lox.sync.internal.serialization.Substitutes;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * Finds what in a value is not serializable, and the fields that lead there. Java's own message names the class alone.
 *
 * <p>A search in breadth over what Java serialization would write, so that the shortest way is found and depth costs no
 * stack. It sees what reflection may see: private fields of the JDK's own classes it does not, except inside
 * collections.
 */
final class FieldPath {
    /** Enough for any value that a person will look at. */
    private static final int MOST_OBJECTS = 200_000;

    private static final String WORK = Work.class.getName().replace('.', '/');

    private record Step(Object object, @Nullable Step before, String name) {}

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Queue<Step> open = new ArrayDeque<>();
    private final @Nullable String culprit;

    private FieldPath(@Nullable String culprit) {
        this.culprit = culprit;
    }

    /**
     * Searches a value.
     *
     * @param culprit the name of the class that could not be written, or null if any will do
     * @return for example {@code Job.client.socket (java.net.Socket)}, or null if the search ends without a find
     */
    static @Nullable String to(Object value, @Nullable String culprit) {
        return new FieldPath(culprit).search(value);
    }

    private @Nullable String search(Object root) {
        boolean wrapped = replacement(root) instanceof SerializedLambda lambda && isWrapper(lambda);
        add(root, null, wrapped ? "" : shortName(root));
        for (Step step = open.poll(); step != null; step = open.poll()) {
            if (isCulprit(step.object)) {
                return describe(step);
            }
            followIfPossible(step);
        }
        return null;
    }

    private boolean isCulprit(Object object) {
        return !(object instanceof Serializable)
                && Substitutes.of(object) == object
                && (culprit == null || object.getClass().getName().equals(culprit));
    }

    private void add(@Nullable Object object, @Nullable Step before, String name) {
        if (object != null
                && !(object instanceof String || object instanceof Number || object instanceof Class)
                && seen.size() < MOST_OBJECTS
                && seen.add(object)) {
            open.add(new Step(object, before, name));
        }
    }

    // ---- what hangs on an object -----------------------------------------------------------------------------------

    private void followIfPossible(Step step) {
        try {
            follow(step);
        } catch (RuntimeException | LinkageError ofTheObject) { // a collection of the user's, say
            return; // and look elsewhere
        }
    }

    private void follow(Step step) {
        Object object = step.object;
        Object replacement = replacement(object);
        if (!(object instanceof Serializable)) {
            replacement = Substitutes.of(object);
        }
        if (replacement != null && replacement != object) {
            add(replacement, step, "");
        } else if (object instanceof SerializedLambda lambda) {
            for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
                Object captured = lambda.getCapturedArg(i);
                if (captured != null) {
                    String words = isWrapper(lambda) ? "" : " that captures ";
                    add(captured, step, words + shortName(captured));
                }
            }
        } else if (object instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                add(array[i], step, "[" + i + "]");
            }
        } else {
            followElements(step);
            followFields(step);
        }
    }

    private void followElements(Step step) {
        if (step.object instanceof Collection<?> collection) {
            int i = 0;
            for (Object element : collection) {
                add(element, step, "[" + i++ + "]");
            }
        } else if (step.object instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object key = entry.getKey();
                boolean plain = key instanceof String || key instanceof Number || key instanceof Enum;
                add(key, step, ".key");
                add(entry.getValue(), step, "[" + (plain ? key : "...") + "]");
            }
        }
    }

    private void followFields(Step step) {
        for (Class<?> type = step.object.getClass(); type != null; type = type.getSuperclass()) {
            ObjectStreamClass description = ObjectStreamClass.lookup(type);
            if (description == null) {
                continue; // not serializable: its fields are not written
            }
            for (ObjectStreamField written : description.getFields()) {
                if (!written.isPrimitive()) {
                    Object value = valueOf(type, written.getName(), step.object);
                    add(value, step, "." + written.getName());
                }
            }
        }
    }

    private static @Nullable Object valueOf(Class<?> type, String name, Object object) {
        try {
            Field field = type.getDeclaredField(name);
            return field.trySetAccessible() ? field.get(object) : null;
        } catch (ReflectiveOperationException written) { // by a name that is no field's
            return null;
        }
    }

    private static @Nullable Object replacement(Object object) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            Object replacement = replacement(object, type);
            if (replacement != null) {
                return replacement;
            }
        }
        return null;
    }

    private static @Nullable Object replacement(Object object, Class<?> declaring) {
        try {
            Method method = declaring.getDeclaredMethod("writeReplace");
            return method.trySetAccessible() ? method.invoke(object) : null;
        } catch (ReflectiveOperationException none) { // or one that throws
            return null;
        }
    }

    // ---- words -----------------------------------------------------------------------------------------------------

    private static String describe(Step culprit) {
        StringBuilder path = new StringBuilder();
        for (Step step = culprit; step != null; step = step.before) {
            path.insert(0, step.name);
        }
        return path.append(" (")
                .append(culprit.object.getClass().getTypeName())
                .append(')')
                .toString();
    }

    /** Whether lox has put this around the user's function: a lambda, which captures nothing else. */
    private static boolean isWrapper(SerializedLambda lambda) {
        return lambda.getCapturingClass().startsWith("lox/")
                && lambda.getFunctionalInterfaceClass().equals(WORK)
                && lambda.getCapturedArgCount() == 1;
    }

    private static String shortName(Object object) {
        Class<?> type = object.getClass();
        String name = type.getSimpleName();
        int lambda = type.getName().indexOf("$$Lambda");
        if (lambda >= 0) {
            String capturing = type.getName().substring(0, lambda);
            return "lambda in " + capturing.substring(capturing.lastIndexOf('.') + 1);
        }
        return name.isEmpty() ? type.getName().substring(type.getName().lastIndexOf('.') + 1) : name;
    }
}
