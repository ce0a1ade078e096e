package lox.reactor;

import java.util.function.Function;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Acquires, subscribes to the body, gives back, hands the value on. */
final class MonoUsingLock<P extends Permit, T> extends Mono<T> {
    private final Acquirable<? extends P> lock;
    private final @Nullable Scheduler scheduler;
    private final Function<? super P, ? extends Mono<? extends T>> body;

    MonoUsingLock(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends Mono<? extends T>> body) {
        this.lock = lock;
        this.scheduler = scheduler;
        this.body = body;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        FluxUsingLock.Locked.<P, T>subscribe(lock, scheduler, body, actual, true);
    }
}
