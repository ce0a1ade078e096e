package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to which the walker of the {@link Rounds} delivers, once the subscriber has requested without limit and so has
 * nothing to ask for between rounds.
 *
 * <p>That is the state SHARED, in which nothing else is done for an item than to move the {@link Cursor} and to call the
 * subscriber: who walks is the only one, by the word of the rounds. Where a walker gets stuck in here, another notes the number of
 * its round as <em>orphaned</em> before it walks on, and all leave this out until the stuck one comes back: it leads to
 * RUNNING, writes its round as <em>freed</em>, and delivers what came in between.
 */
final class SharedOutlet<T> extends PushOutlet<T> {
    private static final VarHandle ORPHANED;

    static {
        try {
            ORPHANED = MethodHandles.lookup().findVarHandle(SharedOutlet.class, "orphaned", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Cursor cursor;
    private final int number;

    /** The last round whose walker was deposed in here, and the last whose walker has come back. */
    private volatile long orphaned;

    private volatile long freed;

    /**
     * Of a subscriber without a bound to its buffer.
     *
     * @param number among the outlets of the broadcast; not 0
     */
    SharedOutlet(Broadcast<T> broadcast, Cursor cursor, Flow.Subscriber<? super T> subscriber, int number) {
        super(broadcast, cursor, subscriber);
        this.cursor = cursor;
        this.number = number;
    }

    int number() {
        return number;
    }

    @Override
    boolean arrived() {
        if (state() == SHARED) {
            return orphaned != freed; // then the walker in here will look again when it comes back
        }
        return super.arrived();
    }

    /** For the walker: whether it is to deliver here. */
    boolean isShared() {
        return isOpenToWalkers() || (state() == IDLE && wantsEverything() && turn(IDLE, SHARED));
    }

    /** In this order: a walker that comes back first leaves SHARED and then is no orphan any more. */
    boolean isOpenToWalkers() {
        return orphaned == freed && state() == SHARED;
    }

    /** For the walker, as long as it is in here: where it reads on. */
    @Nullable
    Node node() {
        return cursor.node();
    }

    /**
     * For the walker, as long as it is in here: delivers an item, which the walker has read already.
     *
     * @param at the place of the item
     * @param behind the place behind it
     * @return false if this stands somewhere else, or something else is to be done
     */
    boolean deliver(Node at, Object item, Node behind) {
        if (state() != SHARED || !wantsEverything() || !cursor.pass(at, behind)) {
            return false;
        }
        try {
            subscriber.onNext(typed(item));
        } catch (Throwable thrown) {
            fault(thrown);
            return true;
        }
        if (state() == ENDED) {
            release();
        }
        return true;
    }

    /** For the walker, as long as it is in here: delivers all there is. */
    void deliverAll() {
        drain();
        if (state() == ENDED) {
            release();
        }
    }

    /** The last round whose walker was deposed in here. */
    long orphaned() {
        return orphaned;
    }

    /** The walker of this round is in here, and does not walk any more. To be called before another one walks. */
    void orphan(long lastNoted, long round) {
        ORPHANED.compareAndSet(this, lastNoted, round);
    }

    /** The walker of this round was deposed in here, and has come back from the subscriber. */
    void comeBack(long round) {
        turn(SHARED, RUNNING);
        freed = round;
        deliver();
    }
}
