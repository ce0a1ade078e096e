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

    private static final AtomicReferenceFieldUpdater<PublisherCall, Object> VALUE =
            AtomicReferenceFieldUpdater.newUpdater(PublisherCall.class, Object.class, "value");

    private @Nullable Context context; // until the subscription: that of the scatter's thread-locals
    private volatile @Nullable Subscription source;
    private boolean isMono; // written before the subscription
    private boolean hasFirst; // of another publisher: what it signals from inside of the cancel comes too late
    private volatile @Nullable Object value; // the first of a Mono; through VALUE as well

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
            VALUE.lazySet(this, next); // a cancel at the very same time may miss it, which no fence is worth
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
        if (!hasFirst && !succeed(value)) {
            discardValue();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (hasFirst || !fail(failure)) {
            Operators.onErrorDropped(failure, currentContext());
        } else {
            discardValue();
        }
    }

    @Override
    protected void cancel() {
        try {
            Operators.terminate(SOURCE, this);
        } finally {
            discardValue();
        }
    }

    /** Once, whoever is first: the cancel, or an end that comes too late. */
    private void discardValue() {
        Object held = VALUE.getAndSet(this, null);
        if (held != null) {
            Operators.onDiscard(held, currentContext());
        }
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
