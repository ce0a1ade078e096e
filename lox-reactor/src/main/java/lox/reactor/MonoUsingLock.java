package lox.reactor;

import java.util.function.Function;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Acquires, subscribes to the body, gives back, hands the value on. */
final class MonoUsingLock<P extends Permit, T> extends Mono<T> {
    private final Acquirable<? extends P> lock;
    private final Function<? super P, ? extends Mono<? extends T>> body;

    MonoUsingLock(Acquirable<? extends P> lock, Function<? super P, ? extends Mono<? extends T>> body) {
        this.lock = lock;
        this.body = body;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        FluxUsingLock.Locked.<P, T>subscribe(lock, body, actual, true);
    }
}
