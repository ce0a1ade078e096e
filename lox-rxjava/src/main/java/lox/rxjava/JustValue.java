package lox.rxjava;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.core.SingleObserver;
import io.reactivex.rxjava3.disposables.Disposable;
import lox.sync.internal.result.Unchecked;
import lox.sync.spi.AsyncCall;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of a {@link Single#just}. It has no public type, as that of a {@code Maybe.just} has; but its class
 * tells that a subscription does nothing else than give the value, at once.
 */
final class JustValue implements SingleObserver<Object> {
    /** Null if this version of RxJava has no such class. */
    private static final @Nullable Class<?> JUST = find();

    private Object value = AsyncCall.PENDING;

    private JustValue() {}

    private static @Nullable Class<?> find() {
        try {
            return Class.forName(
                    "io.reactivex.rxjava3.internal.operators.single.SingleJust", false, Single.class.getClassLoader());
        } catch (ClassNotFoundException another) {
            return null;
        }
    }

    /** The value of what a function has returned; {@link AsyncCall#PENDING} if that is anything else. */
    static Object of(Object returned) {
        if (returned.getClass() != JUST) {
            return AsyncCall.PENDING;
        }
        JustValue reader = new JustValue();
        Unchecked.<Single<Object>>cast(returned).subscribe(reader);
        return reader.value;
    }

    @Override
    public void onSubscribe(Disposable disposable) {
        // It has been disposed.
    }

    @Override
    public void onSuccess(Object given) {
        value = given;
    }

    @Override
    public void onError(Throwable failure) {
        // By a hook on subscriptions: the value is not read, and the function's result is subscribed to as any other.
    }
}
