package lox.rxjava;

import io.reactivex.rxjava3.exceptions.CompositeException;
import io.reactivex.rxjava3.exceptions.MissingBackpressureException;
import io.reactivex.rxjava3.operators.ScalarSupplier;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.List;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/** RxJava's conventions. */
final class RxJavaDialect implements Dialect {
    static final RxJavaDialect INSTANCE = new RxJavaDialect();

    /**
     * RxJava marks threads that must not block with an interface that its module does not export, so the name has to
     * do.
     */
    private static final String MARK = "io.reactivex.rxjava3.internal.schedulers.NonBlockingThread";

    private static final ClassValue<Boolean> IS_MARKED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            for (Class<?> at = type; at != null; at = at.getSuperclass()) {
                for (Class<?> face : at.getInterfaces()) {
                    if (face.getName().equals(MARK)) {
                        return true;
                    }
                }
            }
            return false;
        }
    };

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
    public @Nullable Object valueOf(Object returned) {
        return returned instanceof ScalarSupplier<?> scalar ? scalar.get() : JustValue.of(returned);
    }

    @Override
    public AsyncCall asyncCall(AsyncCall.Receiver receiver, Object batch, @Nullable Context context) {
        return new SourceCall(receiver, batch);
    }

    @Override
    public Throwable overflow(String message) {
        return new MissingBackpressureException(message);
    }

    @Override
    public boolean mayBlock() {
        return !IS_MARKED.get(Thread.currentThread().getClass());
    }

    @Override
    public Runnable onSchedule(Runnable lane) {
        return RxJavaPlugins.onSchedule(lane);
    }
}
