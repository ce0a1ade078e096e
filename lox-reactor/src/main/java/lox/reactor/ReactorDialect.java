package lox.reactor;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import lox.sync.spi.PropagatedContext;
import org.jspecify.annotations.Nullable;
import reactor.core.CorePublisher;
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
    public @Nullable Object valueOf(Object returned) throws Exception {
        if (returned instanceof Callable<?> callable && returned instanceof CorePublisher) {
            try {
                return callable.call();
            } catch (RuntimeException failure) { // of Mono.error, for example
                throw Exceptions.unwrap(failure) instanceof Exception cause ? cause : failure;
            }
        }
        return AsyncCall.PENDING;
    }

    @Override
    public AsyncCall asyncCall(AsyncCall.Receiver receiver, Object batch, @Nullable Context context) {
        return new PublisherCall(receiver, batch, context instanceof SubscriberContext of ? of.context() : null);
    }

    /**
     * What the elements of a subscriber's map carry to functions that do not block: its context as a whole, and the
     * thread-locals that go with it.
     */
    static Context contextOf(reactor.util.context.Context context) {
        return new SubscriberContext(context, PropagatedContext.capture(context));
    }

    private record SubscriberContext(
            reactor.util.context.Context context, @Nullable Context threadLocals) implements Context {
        @Override
        public Runnable restore() {
            return threadLocals == null ? () -> {} : threadLocals.restore();
        }
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
