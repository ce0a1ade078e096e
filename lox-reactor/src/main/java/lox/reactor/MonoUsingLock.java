package lox.reactor;

import java.util.function.Function;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Acquires, subscribes to the body, gives back, hands the value on. */
final class MonoUsingLock<P extends Permit, T> extends Mono<T> implements Scannable {
    private final Acquirable<? extends P> lock;
    private final @Nullable Scheduler scheduler;
    private final Function<? super P, ? extends Mono<? extends T>> body;

    private MonoUsingLock(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends Mono<? extends T>> body) {
        this.lock = lock;
        this.scheduler = scheduler;
        this.body = body;
    }

    static <P extends Permit, T> Mono<T> of(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends Mono<? extends T>> body) {
        return onAssembly(new MonoUsingLock<P, T>(lock, scheduler, body));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        FluxUsingLock.Locked.<P, T>subscribe(lock, scheduler, body, actual, true);
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.RUN_STYLE) {
            return scheduler == null ? Attr.RunStyle.SYNC : Attr.RunStyle.ASYNC;
        }
        return null;
    }

    @Override
    public String toString() {
        return "lox(using)";
    }
}
