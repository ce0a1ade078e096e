package lox.rxjava;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/** Keeps what is requested, and a cancel, until there is a subscription to pass them on to. */
final class LateSubscription implements Subscription {
    private static final Subscription CANCELLED = new LateSubscription();

    private final AtomicReference<@Nullable Subscription> source = new AtomicReference<>();
    private final AtomicLong requested = new AtomicLong();

    void set(Subscription subscription) {
        if (!source.compareAndSet(null, subscription)) {
            subscription.cancel();
            return;
        }
        passOn(subscription);
    }

    @Override
    public void request(long n) {
        requested.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n);
        Subscription present = source.get();
        if (present != null && present != CANCELLED) {
            passOn(present);
        }
    }

    private void passOn(Subscription subscription) {
        long open = requested.getAndSet(0);
        if (open != 0) {
            subscription.request(open);
        }
    }

    @Override
    public void cancel() {
        Subscription present = source.getAndSet(CANCELLED);
        if (present != null && present != CANCELLED) {
            present.cancel();
        }
    }
}
