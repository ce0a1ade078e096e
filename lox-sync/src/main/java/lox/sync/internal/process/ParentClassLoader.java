package lox.sync.internal.process;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of the functions in a worker process: what the process's own class path lacks, it asks of the
 * parent. Safe for use from many threads.
 */
final class ParentClassLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Function<String, byte @Nullable []> ask;

    /**
     * Makes a loader.
     *
     * @param own asked first
     * @param ask gives the parent's bytes for a resource, or null
     */
    ParentClassLoader(ClassLoader own, Function<String, byte @Nullable []> ask) {
        super("lox-parent", own);
        this.ask = ask;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] file = find(name.replace('.', '/') + ".class");
        if (file == null) {
            throw new ClassNotFoundException(
                    name + ": it is not on the worker's class path, and no class loader of the parent gives its file");
        }
        return defineClass(name, file, 0, file.length);
    }

    @Override
    protected @Nullable URL findResource(String name) {
        byte[] content = find(name);
        return content == null ? null : url(name, content);
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL found = findResource(name);
        return Collections.enumeration(found == null ? List.of() : List.of(found));
    }

    private byte @Nullable [] find(String resource) {
        return resource.startsWith("java/") ? null : ask.apply(resource); // of the platform there is but the own one
    }

    @SuppressWarnings("deprecation") // its successor comes with Java 20
    private static URL url(String name, byte[] content) {
        try {
            return new URL("lox-parent", null, -1, "/" + name, new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new InMemory(url, content);
                }
            });
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(name, impossible);
        }
    }

    private static final class InMemory extends URLConnection {
        private final byte[] content;

        InMemory(URL url, byte[] content) {
            super(url);
            this.content = content;
        }

        @Override
        public void connect() {
            connected = true;
        }

        @Override
        public long getContentLengthLong() {
            return content.length;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(content);
        }
    }
}
