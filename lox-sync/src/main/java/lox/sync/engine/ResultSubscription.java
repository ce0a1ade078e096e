package lox.sync.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a {@link ResultStream}, at a position of its own. Whether it has received everything, and so has nothing left
 * to cancel, is known before it is given the last result: a {@code take(n)} of all n cancels nobody.
 *
 * @param <R> the type of the results
 */
final class ResultSubscription<R> extends Emission<R> implements Follower {
    private final ResultStream<R> stream;
    private final Flow.Subscriber<? super R> subscriber;
    private volatile boolean begun;
    private volatile int position; // changed by whoever drains
    private volatile @Nullable Throwable failure;
    private @Nullable Throwable refused; // of whoever drains

    ResultSubscription(ResultStream<R> stream, Flow.Subscriber<? super R> subscriber) {
        super(subscriber);
        this.stream = stream;
        this.subscriber = subscriber;
    }

    void begin() {
        subscriber.onSubscribe(this);
        stream.gathering().observe(this);
        if (isCancelled()) {
            cancelling(); // in between, which counts as a subscriber's leaving
        }
        begun = true; // not before it knows of a failure there has been
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
        Object value = stream.valueAt(index);
        if (value == null) {
            refused = stream.refuseNull(index);
            return null;
        }
        position = at + 1; // one thread at a time
        return Slots.typed(value);
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
        }
    }

    @Override
    protected void over(@Nullable Throwable delivered) {
        if (delivered != null) {
            cancelling(); // by its own fault; of no effect if the batch has failed
        }
    }

    @Override
    protected void threw(Throwable thrown) {
        stream.dialect().drop(thrown);
    }
}
