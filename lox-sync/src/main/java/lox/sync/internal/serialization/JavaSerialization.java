package lox.sync.internal.serialization;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Java serialization with a given class loader. */
public class JavaSerialization implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Map<String, Class<?>> PRIMITIVES =
            Map.of( // no stream: each child process would pay for it at its start
                    "boolean", boolean.class,
                    "byte", byte.class,
                    "short", short.class,
                    "char", char.class,
                    "int", int.class,
                    "long", long.class,
                    "float", float.class,
                    "double", double.class,
                    "void", void.class);

    /**
     * Writes a value.
     *
     * @param value the value
     * @param out the stream to write to
     * @throws IOException if it cannot be written
     */
    public void write(Object value, OutputStream out) throws IOException {
        write(value, out, null, null);
    }

    /**
     * Writes a value.
     *
     * @param value the value
     * @param out the stream to write to
     * @param seen receives every class that is written, or null
     * @param replacement replaces objects before they are written, or null
     * @throws IOException if it cannot be written
     */
    public static void write(
            Object value,
            OutputStream out,
            @Nullable Consumer<Class<?>> seen,
            @Nullable UnaryOperator<Object> replacement)
            throws IOException {
        try (Writer writer = new Writer(out, seen, replacement)) {
            writer.writeObject(value);
        }
    }

    /**
     * Reads a value.
     *
     * @param in the stream to read from
     * @param loader finds the classes
     * @return the value
     * @throws IOException if it cannot be read
     * @throws ClassNotFoundException if a class is missing
     */
    public Object read(InputStream in, ClassLoader loader) throws IOException, ClassNotFoundException {
        return read(in, loader, null);
    }

    /**
     * Reads a value, if the filter allows it.
     *
     * @param in the stream to read from
     * @param loader finds the classes
     * @param filter what may be read, or null for everything
     * @return the value
     * @throws IOException if it cannot be read
     * @throws ClassNotFoundException if a class is missing
     */
    public static Object read(InputStream in, ClassLoader loader, @Nullable ObjectInputFilter filter)
            throws IOException, ClassNotFoundException {
        try (Reader reader = new Reader(in, loader)) {
            if (filter != null) {
                reader.setObjectInputFilter(Substitutes.passing(filter));
            }
            return reader.readObject();
        }
    }

    private static final class Writer extends ObjectOutputStream {
        private final @Nullable Consumer<Class<?>> seen;
        private final @Nullable UnaryOperator<Object> replacement;

        @SuppressWarnings("this-escape") // the two methods overridden here need only what is set before
        Writer(OutputStream out, @Nullable Consumer<Class<?>> seen, @Nullable UnaryOperator<Object> replacement)
                throws IOException {
            super(out);
            this.seen = seen;
            this.replacement = replacement;
            enableReplaceObject(true);
        }

        @Override
        protected void annotateClass(Class<?> type) {
            tell(type);
        }

        @Override
        protected void annotateProxyClass(Class<?> type) {
            tell(type);
        }

        private void tell(Class<?> type) {
            if (seen != null) {
                seen.accept(type);
            }
        }

        @Override
        protected Object replaceObject(Object object) {
            Object chosen = replacement == null ? object : replacement.apply(object);
            return chosen instanceof Serializable ? chosen : Substitutes.of(chosen);
        }
    }

    private static final class Reader extends ObjectInputStream {
        private final ClassLoader loader;

        Reader(InputStream in, ClassLoader loader) throws IOException {
            super(in);
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
            return find(description.getName());
        }

        /**
         * Finds a class. Not by {@code Class.forName}, which would make the JVM keep the class for this loader for
         * good.
         */
        private Class<?> find(String name) throws ClassNotFoundException {
            if (name.startsWith("[")) {
                String element = name.substring(name.lastIndexOf('[') + 1);
                if (!element.startsWith("L")) {
                    return Class.forName(name, false, loader);
                }
                Class<?> type = find(element.substring(1, element.length() - 1));
                for (int depth = name.lastIndexOf('['); depth >= 0; depth--) {
                    type = type.arrayType();
                }
                return type;
            }
            Class<?> primitive = PRIMITIVES.get(name);
            return primitive != null ? primitive : loader.loadClass(name);
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
            Class<?>[] types = new Class<?>[interfaces.length];
            for (int i = 0; i < types.length; i++) {
                types[i] = find(interfaces[i]);
            }
            try {
                ClassLoader loader = loaderOf(types);
                @SuppressWarnings("deprecation") // the class itself is needed: its instance is being read
                Class<?> type = Proxy.getProxyClass(loader, types);
                return type;
            } catch (IllegalArgumentException notVisible) {
                throw new ClassNotFoundException("a proxy of " + String.join(", ", interfaces), notVisible);
            }
        }

        /** The class loader for a proxy, which must be that of an interface that is not public. */
        private ClassLoader loaderOf(Class<?>[] types) {
            for (Class<?> type : types) {
                if (!Modifier.isPublic(type.getModifiers()) && type.getClassLoader() != null) {
                    return type.getClassLoader();
                }
            }
            return loader;
        }
    }
}
