package lox.sync.internal.core;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lox.sync.spi.Dialect;

/** A dialect for tests of the engine alone. Keeps what it is given. */
public class EngineDialect implements Dialect {
    public final Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();

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
