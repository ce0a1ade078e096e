package lox.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The registries that have been bound, and what becomes of a failure of theirs. Safe for use from many threads. */
final class MeterBinding {
    private static final Logger LOG = System.getLogger(LoxMetrics.class.getName());

    /** Replaced at each change: meters compare it with the one that they were registered with. */
    private volatile List<MeterRegistry> registries = List.of();

    /** In the order in which they were bound; a new list after each change. */
    List<MeterRegistry> registries() {
        return registries;
    }

    /** Adds a registry, and lets go of those that have been closed. */
    synchronized void add(MeterRegistry registry) {
        List<MeterRegistry> bound = new ArrayList<>(registries);
        bound.removeIf(other -> other == registry || other.isClosed());
        bound.add(registry);
        registries = List.copyOf(bound);
    }

    /** Does something with a registry. What that throws is logged: it concerns neither tasks nor other registries. */
    static void attempt(MeterRegistry registry, String meter, Consumer<MeterRegistry> action) {
        try {
            action.accept(registry);
        } catch (RuntimeException refused) {
            failed(registry, meter, refused);
        }
    }

    static void failed(MeterRegistry registry, String meter, RuntimeException failure) {
        LOG.log(Level.WARNING, () -> registry + " refuses " + meter + " and goes without it", failure);
    }
}
