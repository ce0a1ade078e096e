package lox.sync.engine;

import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The results of a sealed batch one by one, in scatter order or in the order of completion. Hot, and kept: any number of
 * subscribers, early or late, get the same results, each as fast as it asks for them.
 *
 * <p>Nothing is copied: each follower has a position of its own in the batch's slots, or in the list of those that are complete.
 * Lanes look for followers after every task of a batch that is streamed, and only there.
 *
 * <p><b>No result is missed.</b> A lane stores its result, then, after a full fence, reads the positions; a follower that is about to
 * rest has looked at the slot of its position after a full fence (an {@link Emission}'s note of who came). One of them sees the other. A lane that was
 * between two tasks when the batch was sealed may have looked for the stream too early; therefore all is looked over once more a
 * moment later, and at the end.
 *
 * <p><b>The end.</b> A failure comes after the results that stand before it without a gap, the same for every subscriber; a
 * cancel comes at once.
 *
 * @param <R> the type of the results
 */
public final class ResultStream<R extends @Nullable Object> implements Flow.Publisher<R> {
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int UNKNOWN = -1;

    private final Gathering<Integer> gathering;
    private final Slots slots;
    private final boolean asCompleted;
    private final String name;
    private final Dialect dialect;
    private final AtomicInteger readyAtFailure = new AtomicInteger(UNKNOWN);
    private final Queue<Follower> overtaken = new ConcurrentLinkedQueue<>();
    private volatile boolean looking;
    private volatile @Nullable CompletionOrder order;
    private int size; // written before anybody can ask

    ResultStream(Batch batch, boolean asCompleted, String name, Dialect dialect) {
        this.gathering = new Gathering<>(batch, this::complete, true, dialect);
        this.slots = batch.slots();
        this.asCompleted = asCompleted;
        this.name = name;
        this.dialect = dialect;
    }

    // ---- the batch -------------------------------------------------------------------------------------------------

    Gathering<Integer> gathering() {
        return gathering;
    }

    /** The batch has been sealed for this stream. */
    void begin(Batch batch) {
        size = batch.size();
        if (asCompleted) {
            CompletionOrder list = new CompletionOrder(slots, size);
            list.sweep(); // what has ended before, while no lane can get in between
            order = list;
        }
        batch.streamTo(this);
        VarHandle.fullFence();
        lookOver();
        if (batch.done() < size) {
            Timer.look(
                    () -> {
                        if (!batch.isEnded()) {
                            Timer.elsewhere(this::lookOverLater);
                        }
                    },
                    MOMENT_NANOS);
        }
    }

    /** Every task has ended well. */
    private int complete(Batch batch) {
        CompletionOrder list = order;
        if (list != null) {
            list.sweep();
        }
        return batch.size();
    }

    private void lookOver() {
        CompletionOrder list = order;
        if (list != null) {
            list.sweep();
        }
        advance();
    }

    /**
     * Beside the lanes: the batch may complete while this has a result in its hands, moved to LISTED and not in the list yet. The
     * followers know of the end then and wait for nothing but this result, and nobody else will tell them.
     */
    void lookOverLater() {
        looking = true;
        try {
            lookOver();
        } finally {
            looking = false;
        }
        for (Follower follower = overtaken.poll(); follower != null; follower = overtaken.poll()) {
            follower.advance();
        }
    }

    /** The batch has completed. To be called by a follower, who is told to look at once, and once more if that may be needed. */
    void completed(Follower follower) {
        if (looking && asCompleted) {
            overtaken.add(follower);
        }
        follower.advance();
    }

    // ---- the lanes -------------------------------------------------------------------------------------------------

    /** A task has ended. */
    void settled(int index) {
        CompletionOrder list = order;
        if (list != null) {
            list.list(index);
        }
        VarHandle.fullFence();
        advance();
    }

    /** Gives the followers what there is. */
    void advance() {
        for (Completion.Observer<?> observer : gathering.observers()) {
            Follower follower = (Follower) observer;
            if (follower.isWaiting()) {
                follower.advance();
            }
        }
    }

    // ---- the followers ---------------------------------------------------------------------------------------------

    int size() {
        return size;
    }

    /** The index of the result at a position, or -1 if it is not there yet. */
    int indexAt(int position) {
        if (position >= size) {
            return -1;
        }
        CompletionOrder list = order;
        if (list != null) {
            return list.at(position);
        }
        return Slots.isResult(slots.state(position)) ? position : -1;
    }

    @Nullable
    Object valueAt(int index) {
        return slots.value(index);
    }

    /** How many results a follower receives before this failure. */
    int lengthBefore(Throwable failure) {
        if (failure instanceof CancellationException) {
            return 0;
        }
        int ready = readyAtFailure.get();
        if (ready == UNKNOWN) {
            ready = 0;
            while (indexAt(ready) >= 0) {
                ready++;
            }
            int witness = readyAtFailure.compareAndExchange(UNKNOWN, ready);
            return witness == UNKNOWN ? ready : witness;
        }
        return ready;
    }

    /** A result is null, which cannot be carried: that ends the batch. Returns what to tell the follower. */
    NullPointerException refuseNull(int index) {
        NullPointerException refused = new NullPointerException(
                "scatter " + index + " of \"" + name + "\" returned null, which a stream cannot carry");
        Batch underWay = gathering.batch();
        if (underWay != null) {
            underWay.abort(refused);
        }
        return refused;
    }

    Dialect dialect() {
        return dialect;
    }

    /**
     * Follows the results. The last subscriber's cancel before the end drops what has not started and interrupts what runs.
     *
     * @param subscriber receives them, on the threads of the workers or on its own; it must not throw or block for long
     * @throws NullPointerException if {@code subscriber} is null
     */
    @Override
    public void subscribe(Flow.Subscriber<? super R> subscriber) {
        new ResultSubscription<>(this, Objects.requireNonNull(subscriber, "subscriber")).begin();
    }

    @Override
    public String toString() {
        return "lox(" + name + (asCompleted ? ".asCompleted)" : ".gather)");
    }
}
