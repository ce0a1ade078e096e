package lox.sync.internal.process;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The class loaders that the parent's functions, arguments and results come from. They are held weakly: a loader lives
 * as long as the user holds its classes. Safe for use from many threads.
 */
final class SeenClassLoaders {
    private final List<WeakReference<ClassLoader>> seen = new CopyOnWriteArrayList<>();

    /** Remembers where a class comes from. Cheap for a loader that is known. */
    void remember(Class<?> type) {
        remember(type.getClassLoader());
    }

    void remember(@Nullable ClassLoader loader) {
        if (loader != null && loader != ClassLoader.getPlatformClassLoader() && !knows(loader)) {
            add(loader);
        }
    }

    private boolean knows(ClassLoader loader) {
        for (WeakReference<ClassLoader> known : seen) {
            if (known.refersTo(loader)) {
                return true;
            }
        }
        return false;
    }

    private synchronized void add(ClassLoader loader) {
        seen.removeIf(known -> known.refersTo(null));
        if (!knows(loader)) {
            seen.add(new WeakReference<>(loader));
        }
    }

    /** Those remembered, first come first; then lox's own and the system's. */
    List<ClassLoader> all() {
        List<ClassLoader> loaders = new ArrayList<>();
        for (WeakReference<ClassLoader> known : seen) {
            ClassLoader loader = known.get();
            if (loader != null) {
                loaders.add(loader);
            }
        }
        ClassLoader own = SeenClassLoaders.class.getClassLoader();
        if (own != null && !loaders.contains(own)) {
            loaders.add(own);
        }
        if (!loaders.contains(ClassLoader.getSystemClassLoader())) {
            loaders.add(ClassLoader.getSystemClassLoader());
        }
        return loaders;
    }

    /** All of them as one, which defines nothing itself. */
    ClassLoader together() {
        return new ClassLoader(null) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                ClassNotFoundException missing = null;
                for (ClassLoader loader : all()) {
                    try {
                        return loader.loadClass(name);
                    } catch (ClassNotFoundException notThere) {
                        missing = notThere;
                    }
                }
                throw missing == null ? new ClassNotFoundException(name) : missing;
            }
        };
    }
}
