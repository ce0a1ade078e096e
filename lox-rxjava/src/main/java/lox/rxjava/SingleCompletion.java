package lox.rxjava;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.core.SingleObserver;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.concurrent.atomic.AtomicBoolean;
import lox.sync.internal.result.Completion;
import lox.sync.internal.result.StackProbe;

/**
 * The engine's {@link Completion} as a Single: hot, cached, any number of observers.
 *
 * @param <V> the type of the value
 */
final class SingleCompletion<V> extends Single<V> {
    private final Completion<V> completion;

    private SingleCompletion(Completion<V> completion) {
        this.completion = completion;
    }

    static <V> Single<V> of(Completion<V> completion) {
        return RxJavaPlugins.onAssembly(new SingleCompletion<>(completion));
    }

    @Override
    protected void subscribeActual(SingleObserver<? super V> actual) {
        Observer<V> observer = new Observer<>(actual, completion);
        actual.onSubscribe(observer);
        observer.observe();
    }

    /** One observer. True once it is disposed of, or has received what there was to receive. */
    private static final class Observer<V> extends AtomicBoolean implements Disposable, Completion.Observer<V> {
        private static final long serialVersionUID = 1L;

        private final transient SingleObserver<? super V> actual;
        private final transient Completion<V> completion;
        private transient boolean failed; // of the thread that delivers

        Observer(SingleObserver<? super V> actual, Completion<V> completion) {
            this.actual = actual;
            this.completion = completion;
        }

        void observe() {
            completion.observe(this);
            if (get()) {
                completion.leave(this); // disposed of in between, which counts as an observer's leaving
            }
        }

        @Override
        public void succeeded(V value) {
            if (compareAndSet(false, true)) {
                actual.onSuccess(value);
            }
        }

        @Override
        public void failed(Throwable failure) {
            if (compareAndSet(false, true)) {
                failed = true;
                actual.onError(failure);
            }
        }

        @Override
        public boolean hasLeft() {
            return get() && !failed;
        }

        @Override
        public void dispose() {
            StackProbe.check();
            if (compareAndSet(false, true)) {
                completion.leave(this);
            }
        }

        @Override
        public boolean isDisposed() {
            return get();
        }
    }
}
