package lox.reactor;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

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

    /** For a stream: what the subscriber's Context has counts before what the thread has. */
    static Dialect.@Nullable Context capture(ContextView subscriber) {
        return AVAILABLE ? Library.capture(subscriber) : null;
    }

    /** Loaded only where the library is. */
    private static final class Library {
        private static final ContextSnapshotFactory SNAPSHOTS =
                ContextSnapshotFactory.builder().build();

        static Dialect.@Nullable Context capture(Object... contexts) {
            if (ContextRegistry.getInstance().getThreadLocalAccessors().isEmpty()) {
                return null;
            }
            ContextSnapshot snapshot = SNAPSHOTS.captureAll(contexts);
            return () -> snapshot.setThreadLocals()::close;
        }
    }
}
