package lox.reactor;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import lox.sync.internal.result.Unchecked;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.PropagatedContext;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A call of a function that returns a {@link Publisher}. It ends with a Mono's end, or with the first value of any
 * other publisher.
 */
final class PublisherCall extends AsyncCall implements CoreSubscriber<Object>, Scannable {
    private static final AtomicReferenceFieldUpdater<PublisherCall, Subscription> SOURCE =
            AtomicReferenceFieldUpdater.newUpdater(PublisherCall.class, Subscription.class, "source");

    private @Nullable Context context; // until the subscription: that of the scatter's thread-locals
    private volatile @Nullable Subscription source;
    private boolean isMono; // written before the subscription
    private boolean hasFirst; // of another publisher: what it signals from inside of the cancel comes too late
    private @Nullable Object value; // the first of a Mono

    /** Creates a call with a context; null for that of the thread-locals at the subscription. */
    PublisherCall(Receiver receiver, Object batch, @Nullable Context context) {
        super(receiver, batch);
        this.context = context;
    }

    @Override
    protected void subscribe(Object returned) {
        isMono = returned instanceof Mono;
        if (context == null) {
            context = PropagatedContext.addTo(Context.empty());
        }
        if (returned instanceof Mono<?> mono) {
            mono.subscribe(this);
        } else {
            Flux.<Object>from(Unchecked.<Publisher<Object>>cast(returned)).subscribe(this);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.setOnce(SOURCE, this, subscription)) {
            subscription.request(isMono ? Long.MAX_VALUE : 1);
        }
    }

    @Override
    public void onNext(Object next) {
        if (hasFirst || value != null || isOver()) {
            Operators.onNextDropped(next, currentContext());
        } else if (isMono) {
            value = next;
        } else {
            hasFirst = true;
            Subscription rest = source;
            try {
                if (rest != null) {
                    rest.cancel();
                }
            } finally {
                succeed(next);
            }
        }
    }

    @Override
    public void onComplete() {
        if (!hasFirst) {
            succeed(value);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (hasFirst || !fail(failure)) {
            Operators.onErrorDropped(failure, currentContext());
        } else if (value != null) {
            Operators.onDiscard(value, currentContext());
        }
    }

    @Override
    protected void cancel() {
        Operators.terminate(SOURCE, this);
    }

    @Override
    public Context currentContext() {
        return context == null ? Context.empty() : context;
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        if (key == Attr.TERMINATED) {
            return isOver();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    @Override
    protected String expected() {
        return "Publisher";
    }
}
