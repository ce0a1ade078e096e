package lox.rxjava;

import io.reactivex.rxjava3.exceptions.CompositeException;
import io.reactivex.rxjava3.exceptions.MissingBackpressureException;
import io.reactivex.rxjava3.internal.schedulers.NonBlockingThread;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.List;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;

/** RxJava's conventions. */
final class RxJavaDialect implements Dialect {
    static final RxJavaDialect INSTANCE = new RxJavaDialect();

    private RxJavaDialect() {}

    @Override
    public void dropped(Throwable failure) {
        RxJavaPlugins.onError(failure);
    }

    @Override
    public Throwable combine(List<Throwable> failures, int total) {
        return new CompositeException(failures);
    }

    @Override
    public Throwable overflow(String message) {
        return new MissingBackpressureException(message);
    }

    @Override
    public boolean mayBlock() {
        return !(Thread.currentThread() instanceof NonBlockingThread);
    }

    @Override
    public @Nullable Context capture() {
        return PropagatedContext.capture();
    }
}
