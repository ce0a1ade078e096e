package lox.rxjava;

import io.reactivex.rxjava3.core.MaybeObserver;
import io.reactivex.rxjava3.core.MaybeSource;
import io.reactivex.rxjava3.core.SingleObserver;
import io.reactivex.rxjava3.core.SingleSource;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import lox.sync.internal.result.Unchecked;
import lox.sync.spi.AsyncCall;
import org.jspecify.annotations.Nullable;

/** A call of a function that returns a {@link SingleSource} or a {@link MaybeSource}. */
final class SourceCall extends AsyncCall implements SingleObserver<Object>, MaybeObserver<Object> {
    private static final AtomicReferenceFieldUpdater<SourceCall, @Nullable Disposable> SOURCE =
            AtomicReferenceFieldUpdater.newUpdater(SourceCall.class, Disposable.class, "source");

    @SuppressWarnings("unused") // through SOURCE
    private volatile @Nullable Disposable source;

    SourceCall(Receiver receiver, Object batch) {
        super(receiver, batch);
    }

    @Override
    protected void subscribe(Object returned) {
        if (returned instanceof SingleSource<?> single) {
            Unchecked.<SingleSource<Object>>cast(single).subscribe(this);
        } else {
            Unchecked.<MaybeSource<Object>>cast(returned).subscribe(this);
        }
    }

    @Override
    public void onSubscribe(Disposable disposable) {
        if (!SOURCE.compareAndSet(this, null, disposable)) { // cancelled, or a second one, which must not be
            disposable.dispose();
        }
    }

    @Override
    public void onSuccess(Object value) {
        succeed(value);
    }

    @Override
    public void onComplete() {
        succeed(null);
    }

    @Override
    public void onError(Throwable failure) {
        if (!fail(failure)) {
            RxJavaPlugins.onError(failure);
        }
    }

    @Override
    protected void cancel() {
        Disposable begun = SOURCE.getAndSet(this, Disposable.disposed());
        if (begun != null) {
            begun.dispose();
        }
    }

    @Override
    protected String expected() {
        return "Single or Maybe";
    }
}
