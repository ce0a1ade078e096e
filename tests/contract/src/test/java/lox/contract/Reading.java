package lox.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One subscriber of a {@link Sequence}: what it has received so far, how it asks for more, and how it leaves. */
final class Reading<R extends @Nullable Object> {
    private final List<R> received = new ArrayList<>(); // guarded by itself
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private volatile LongConsumer requester = n -> {};
    private volatile Runnable canceller = () -> {};

    Reading<R> by(LongConsumer howToRequest, Runnable howToCancel) {
        requester = howToRequest;
        canceller = howToCancel;
        return this;
    }

    // ---- the library's side ----------------------------------------------------------------------------------------

    void next(R result) {
        if (isOver()) {
            throw new AssertionError("a result after the end: " + result);
        }
        synchronized (received) {
            received.add(result);
        }
    }

    void end(@Nullable Throwable reason) {
        if (isOver()) {
            throw new AssertionError("a second end", reason);
        }
        failure = reason;
        ended.countDown();
    }

    // ---- the test's side -------------------------------------------------------------------------------------------

    Reading<R> request(long n) {
        requester.accept(n);
        return this;
    }

    void cancel() {
        canceller.run();
    }

    boolean isOver() {
        return ended.getCount() == 0;
    }

    List<R> received() {
        synchronized (received) {
            return new ArrayList<>(received);
        }
    }

    Reading<R> awaitReceived(int count) {
        Eventually.until(count + " results received", () -> received().size() >= count);
        return this;
    }

    List<R> awaitEnd() {
        awaitAny();
        if (failure != null) {
            throw new AssertionError("failed after " + received(), failure);
        }
        return received();
    }

    Throwable awaitFailure() {
        awaitAny();
        Throwable reason = failure;
        if (reason == null) {
            throw new AssertionError("completed instead of failing, with " + received());
        }
        return reason;
    }

    private void awaitAny() {
        try {
            if (!ended.await(Eventually.SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("no end within " + Eventually.SECONDS + " s, received " + received());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
