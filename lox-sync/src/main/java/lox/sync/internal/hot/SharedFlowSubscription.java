package lox.sync.internal.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A Flow subscription that the drainer of the {@link DrainLoop} serves, once its subscriber has requested without
 * limit. Such a subscriber never has to ask for more between two rounds.
 *
 * <p>In the state SHARED an item costs a move of the {@link LogCursor} and the call of the subscriber. The loop's
 * state word makes the drainer the only thread in here. If the drainer gets stuck in the subscriber, the thread that
 * takes over first notes the number of the stuck round as <em>abandoned</em>, and all rounds skip this subscription.
 * When the stuck thread returns, it changes the state to RUNNING, writes its round as <em>recovered</em>, and
 * delivers what was appended meanwhile.
 */
final class SharedFlowSubscription<T> extends FlowSubscription<T> {
    private static final VarHandle ABANDONED;

    static {
        try {
            ABANDONED = MethodHandles.lookup().findVarHandle(SharedFlowSubscription.class, "abandoned", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LogCursor cursor;
    private final int number;

    /** The last round that was abandoned in here. */
    private volatile long abandoned;

    /** The last round whose drainer has returned from here. */
    private volatile long recovered;

    /**
     * Makes one for a subscriber with an unbounded buffer.
     *
     * @param number identifies it among the subscriptions of the broadcast; not 0
     */
    SharedFlowSubscription(Parent parent, LogCursor cursor, Flow.Subscriber<? super T> subscriber, int number) {
        super(parent, cursor, subscriber);
        this.cursor = cursor;
        this.number = number;
    }

    int number() {
        return number;
    }

    @Override
    boolean appended() {
        if (state == SHARED) {
            return abandoned != recovered; // if abandoned, the stuck drainer looks again when it returns
        }
        return super.appended();
    }

    /** For the drainer: tells whether it delivers here, and changes IDLE to SHARED if the demand allows it. */
    boolean tryShare() {
        return isShared() || (state == IDLE && isUnbounded() && compareAndSetState(IDLE, SHARED));
    }

    /** Reads in this order: a returning drainer first leaves SHARED and then writes {@code recovered}. */
    boolean isShared() {
        return abandoned == recovered && state == SHARED;
    }

    /** For the drainer in here: the next node to read, or null if the cursor has been cleared. */
    @Nullable
    LogNode node() {
        return cursor.node();
    }

    /**
     * For the drainer in here: delivers an item that the drainer has read already.
     *
     * @param at the node of the item
     * @param behind its successor
     * @return false if this subscription is at another node, or has something else to do
     */
    @SuppressWarnings("unchecked") // the log holds what was put as a T
    boolean emit(LogNode at, Object item, LogNode behind) {
        if (state != SHARED || !isUnbounded() || !cursor.advancePast(at, behind)) {
            return false;
        }
        try {
            subscriber.onNext((T) item);
        } catch (Throwable thrown) {
            fail(thrown);
            return true;
        }
        if (state == ENDED) {
            dispose();
        }
        return true;
    }

    /** For the drainer in here: delivers all items that there are. */
    void emitAll() {
        emitAvailable();
        if (state == ENDED) {
            dispose();
        }
    }

    /** The last round that was abandoned in here. */
    long abandoned() {
        return abandoned;
    }

    /** Notes that the drainer of a round is stuck in here. Has to happen before the next round begins. */
    void markAbandoned(long lastNoted, long round) {
        ABANDONED.compareAndSet(this, lastNoted, round);
    }

    /** Called by the drainer of an abandoned round when the subscriber has returned. */
    void recover(long round) {
        compareAndSetState(SHARED, RUNNING);
        recovered = round;
        drainLoop();
    }
}
