package lox.sync.spi;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries the thread-locals that are registered with {@code io.micrometer:context-propagation} from a scatter to its
 * task, if that library is on the class path. In the task each thread-local is as it was at the scatter: with the same
 * value, or without one. After the task the thread's own values are restored.
 *
 * <p>If the library is absent, or nothing is registered with it, nothing is captured.
 */
public final class PropagatedContext {
    private static final boolean AVAILABLE = isAvailable();

    private PropagatedContext() {}

    private static boolean isAvailable() {
        try {
            Class.forName(
                    "io.micrometer.context.ContextSnapshotFactory", false, PropagatedContext.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false; // it is optional
        }
    }

    /**
     * Captures the thread-locals of the calling thread.
     *
     * @return the context, or null if nothing is registered
     */
    public static Dialect.@Nullable Context capture() {
        return AVAILABLE && Library.hasAccessors() ? Library.capture() : null;
    }

    /**
     * Captures the thread-locals of the calling thread, and the values of another library's context, which take
     * precedence.
     *
     * @param other a context that the library has an accessor for, a Reactor {@code ContextView} for example
     * @return the context, or null if nothing is registered
     */
    public static Dialect.@Nullable Context capture(Object other) {
        return AVAILABLE && Library.hasAccessors() ? Library.capture(other) : null;
    }

    /**
     * Adds the thread-locals of the calling thread to a context of another library, as far as that has an accessor.
     *
     * @param other a context that the library has an accessor for, a Reactor {@code Context} for example
     * @param <C> its type
     * @return the context with the values; the same one if nothing is registered
     */
    public static <C> C addTo(C other) {
        return AVAILABLE && Library.hasAccessors() ? Library.addTo(other) : other;
    }

    /** Loaded only if the library is present. */
    private static final class Library {
        private static final List<ThreadLocalAccessor<?>> ACCESSORS =
                ContextRegistry.getInstance().getThreadLocalAccessors(); // a view

        private static final ContextSnapshotFactory SNAPSHOTS =
                ContextSnapshotFactory.builder().clearMissing(true).build();

        static boolean hasAccessors() {
            return !ACCESSORS.isEmpty();
        }

        static <C> C addTo(C other) {
            return SNAPSHOTS.captureAll().updateContext(other);
        }

        static Dialect.Context capture(Object... others) {
            ContextSnapshot snapshot = SNAPSHOTS.captureAll(others);
            return () -> snapshot.setThreadLocals()::close;
        }
    }
}
