package lox.sync.engine;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A dialect for tests of the engine alone. Keeps what it is given. */
final class EngineDialect implements Dialect {
    final Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();

    @Override
    public void dropped(Throwable failure) {
        dropped.add(failure);
    }

    @Override
    public Throwable combine(List<Throwable> failures, int total) {
        IllegalStateException combined = new IllegalStateException(failures.size() + " of " + total);
        failures.forEach(combined::addSuppressed);
        return combined;
    }

    @Override
    public boolean carriesNull() {
        return true;
    }
}
