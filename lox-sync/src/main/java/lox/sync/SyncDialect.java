package lox.sync;

import java.util.List;
import lox.sync.spi.Dialect;
import lox.sync.spi.Uncaught;

/** Plain Java: failures come as exceptions, and what nobody can receive goes to the thread's handler. */
final class SyncDialect implements Dialect {
    static final SyncDialect INSTANCE = new SyncDialect();

    private SyncDialect() {}

    @Override
    public void dropped(Throwable failure) {
        Uncaught.report(failure);
    }

    @Override
    public Throwable combine(List<Throwable> failures, int total) {
        return new GatherException(failures, total);
    }

    @Override
    public boolean carriesNull() {
        return true;
    }

    @Override
    public Throwable overflow(String message) {
        return new OverflowException(message);
    }

    /** What a blocking call throws for a task's failure. */
    static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new GatherException(failure);
    }
}
