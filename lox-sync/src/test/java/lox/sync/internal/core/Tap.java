package lox.sync.internal.core;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A source in the hands of the test: it sends what the test sends, and notes what is asked of it. */
public final class Tap implements Flow.Subscription {
    public final AtomicLong requested = new AtomicLong();
    public final AtomicInteger cancels = new AtomicInteger();

    @Override
    public void request(long n) {
        requested.addAndGet(n);
    }

    @Override
    public void cancel() {
        cancels.incrementAndGet();
    }
}
