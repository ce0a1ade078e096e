package lox.reactor;

import java.util.List;
import java.util.function.Consumer;
import lox.sync.spi.Dialect;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/** Project Reactor's conventions. */
final class ReactorDialect implements Dialect {
    static final ReactorDialect INSTANCE = new ReactorDialect();

    private ReactorDialect() {}

    /** The discard hook of a subscriber with this context. It does not refer to the subscriber. */
    static Consumer<Object> discardingTo(reactor.util.context.Context context) {
        return result -> Operators.onDiscard(result, context);
    }

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
    public boolean discards() {
        return true;
    }

    @Override
    public boolean mayBlock() {
        return !Schedulers.isInNonBlockingThread();
    }

    @Override
    public Runnable onSchedule(Runnable lane) {
        return Schedulers.onSchedule(lane);
    }
}
