package lox.sync.internal.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import org.jspecify.annotations.Nullable;

/**
 * The parent's side of {@link ParentClassLoader}: finds class files and other resources that a worker process lacks,
 * wherever the parent's class loaders have them: in nested jars, in memory, in JShell. Safe for use from many threads.
 */
final class ClassFileFinder {
    private final SeenClassLoaders loaders;

    ClassFileFinder(SeenClassLoaders loaders) {
        this.loaders = loaders;
    }

    /**
     * Reads a resource.
     *
     * @param resource as a class loader names it, such as {@code com/example/Job.class}
     * @return its bytes, or null if no loader has it
     * @throws UncheckedIOException if it is there and cannot be read
     */
    byte @Nullable [] find(String resource) {
        for (ClassLoader loader : loaders.all()) {
            byte[] content = read(loader, resource);
            if (content != null) {
                return content;
            }
        }
        return null;
    }

    private static byte @Nullable [] read(ClassLoader loader, String resource) {
        try {
            URL place = loader.getResource(resource);
            if (place != null) {
                URLConnection connection = place.openConnection();
                connection.setUseCaches(false); // a cached jar would stay open, and may be an old one
                try (InputStream in = connection.getInputStream()) {
                    return in.readAllBytes();
                }
            }
            try (InputStream in = loader.getResourceAsStream(resource)) { // some loaders have this one alone
                return in == null ? null : in.readAllBytes();
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(resource + " cannot be read through " + loader, unreadable);
        }
    }
}
