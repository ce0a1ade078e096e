package lox.sync.internal.stream;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import lox.sync.internal.result.Emission;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a {@link ResultStream}, at its own position. Whether it has received everything, and so has nothing
 * left to cancel, is known before it is given the last result: a {@code take(n)} of all n cancels nothing.
 *
 * @param <R> the type of the results
 */
final class ResultSubscription<R> extends Emission<R> implements Follower {
    private final ResultStream<R> stream;
    private final Flow.Subscriber<? super R> subscriber;
    private volatile boolean entered;
    private volatile boolean begun;
    private volatile int position; // changed by the draining thread
    private volatile @Nullable Throwable failure;
    private @Nullable Throwable refused; // used by the draining thread

    ResultSubscription(ResultStream<R> stream, Flow.Subscriber<? super R> subscriber) {
        super(subscriber);
        this.stream = stream;
        this.subscriber = subscriber;
    }

    void begin() {
        entered = stream.enter();
        subscriber.onSubscribe(this);
        stream.gathering().observe(this);
        if (!entered && stream.gathering().failure() == null) {
            failure = new CancellationException("the last subscriber of this gather cancelled it");
        }
        if (isCancelled()) {
            cancelling(); // cancelled meanwhile, which counts as a subscriber's leaving
        }
        begun = true; // set only once it knows of an earlier failure
        drain();
    }

    // ---- what the batch tells --------------------------------------------------------------------------------------

    @Override
    public boolean isWaiting() {
        return begun && requested() > 0 && !isOver() && stream.indexAt(position) >= 0;
    }

    @Override
    public void advance() {
        drain();
    }

    @Override
    public void succeeded(Integer size) {
        stream.completed(this);
    }

    @Override
    public void failed(Throwable thrown) {
        failure = thrown;
        drain();
    }

    // ---- what is given ---------------------------------------------------------------------------------------------

    @Override
    protected @Nullable R poll() {
        int at = position;
        int index = begun && !isExhausted() ? stream.indexAt(at) : -1;
        if (index < 0) {
            return null;
        }
        R item = stream.itemAt(index);
        if (item == null) {
            refused = stream.refuseNull(index);
            return null;
        }
        position = at + 1; // one thread at a time
        return item;
    }

    @Override
    protected boolean isExhausted() {
        Throwable known = failure;
        int end = known == null ? stream.size() : stream.lengthBefore(known);
        return begun && (refused != null || position >= end);
    }

    @Override
    protected @Nullable Throwable failedAtOnce() {
        return begun && failure instanceof CancellationException cancelled ? cancelled : null;
    }

    @Override
    protected @Nullable Throwable failureAtEnd() {
        return refused != null ? refused : failure;
    }

    @Override
    protected void cancelling() {
        if (position < stream.size()) {
            stream.gathering().leave(this);
            stream.closeIfNobodyIsLeft(this); // the draining thread may have left before
        }
    }

    @Override
    public Consumer<Object> discarding() {
        return subscriber instanceof ResultStream.Receiver<?> receiver
                ? receiver.discarding()
                : Follower.super.discarding();
    }

    @Override
    protected void over(@Nullable Throwable delivered) {
        if (delivered != null) {
            cancelling(); // by the subscriber's own fault; no effect if the batch has failed
        }
        if (entered) {
            stream.left(this, position);
        }
    }

    @Override
    protected void threw(Throwable thrown) {
        stream.dialect().drop(thrown);
    }
}
