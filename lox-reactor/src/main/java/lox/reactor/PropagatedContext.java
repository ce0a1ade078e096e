package lox.reactor;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Carries the thread-locals that are registered with {@code io.micrometer:context-propagation} from {@code scatter} to the
 * task, if that library is there.
 */
final class PropagatedContext {
    private static final boolean AVAILABLE = isAvailable();

    private PropagatedContext() {}

    private static boolean isAvailable() {
        try {
            Class.forName(
                    "io.micrometer.context.ContextSnapshotFactory", false, PropagatedContext.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false; // it is optional
        }
    }

    static Dialect.@Nullable Context capture() {
        return AVAILABLE ? Library.capture() : null;
    }

    /** Loaded only where the library is. */
    private static final class Library {
        private static final ContextSnapshotFactory SNAPSHOTS =
                ContextSnapshotFactory.builder().build();

        static Dialect.@Nullable Context capture() {
            if (ContextRegistry.getInstance().getThreadLocalAccessors().isEmpty()) {
                return null;
            }
            ContextSnapshot snapshot = SNAPSHOTS.captureAll();
            return () -> snapshot.setThreadLocals()::close;
        }
    }
}
