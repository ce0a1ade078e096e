package lox.reactor;

import java.util.List;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/** Project Reactor's conventions. */
final class ReactorDialect implements Dialect {
    static final ReactorDialect INSTANCE = new ReactorDialect();

    private ReactorDialect() {}

    @Override
    public void dropped(Throwable failure) {
        Operators.onErrorDropped(failure, reactor.util.context.Context.empty());
    }

    @Override
    public Throwable combine(List<Throwable> failures, int total) {
        return Exceptions.multiple(failures);
    }

    @Override
    public Throwable overflow(String message) {
        return Exceptions.failWithOverflow(message);
    }

    @Override
    public boolean mayBlock() {
        return !Schedulers.isInNonBlockingThread();
    }

    @Override
    public @Nullable Context capture() {
        return PropagatedContext.capture();
    }
}
