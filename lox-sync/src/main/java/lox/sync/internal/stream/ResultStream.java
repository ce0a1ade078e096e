package lox.sync.internal.stream;

import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Deadline;
import lox.sync.internal.core.Gathering;
import lox.sync.internal.core.ScatterTarget;
import lox.sync.internal.core.UnreceivedResults;
import lox.sync.internal.result.Completion;
import lox.sync.internal.result.Emission;
import lox.sync.internal.result.StackProbe;
import lox.sync.internal.slot.CompletionOrder;
import lox.sync.internal.slot.Slots;
import lox.sync.internal.time.SharedThreads;
import lox.sync.internal.time.Timer;
import lox.sync.spi.Dialect;
import lox.sync.spi.OutcomeFactory;
import lox.sync.spi.ProgressSink;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: what a lane, a follower and a late look owe each other is one protocol, kept in one place.
/**
 * The results of a sealed batch one by one, in scatter order or in completion order. The stream is hot and replays: any
 * number of subscribers, early or late, receive the same results, each as fast as it requests them.
 *
 * <p>Nothing is copied: each follower has its own position in the batch's slots, or in the list of the completed ones.
 * Lanes look for followers after every task of a streamed batch, and only there.
 *
 * <p><b>No result is missed.</b> A lane stores its result, then, after a full fence, reads the positions. A follower
 * that is about to rest has checked the slot of its position after a full fence (the {@code entries} counter of
 * {@link Emission}). One of them sees the other. A lane that was between two tasks when the batch was sealed may have
 * looked for the stream too early; therefore all slots are checked once more a moment later, and at the end.
 *
 * <p><b>The end.</b> A failure is delivered after the results that stand before it without a gap, the same for every
 * subscriber; a cancel is delivered at once.
 *
 * @param <R> the type of the items: the results, or the outcomes
 */
public final class ResultStream<R extends @Nullable Object> implements Flow.Publisher<R> {
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int UNKNOWN = -1;

    /**
     * A subscriber that specifies what takes the results that no subscriber will receive.
     *
     * @param <R> the type of the results
     */
    public interface Receiver<R extends @Nullable Object> extends Flow.Subscriber<R> {
        /**
         * Returns the consumer of the results that no subscriber has received, and none will. It must not refer to this
         * subscriber, which has left by then.
         *
         * @return called with each result, not null, by any thread, one at a time; must not block for long
         */
        Consumer<Object> discarding();
    }

    /**
     * Seals the open batch. Its results can be followed one by one, and the first failure ends it.
     *
     * @param target a function, or a batch of one's own
     * @param asCompleted whether results come in completion order rather than scatter order
     * @param progress receives progress updates, or null
     * @param <R> the type of the results
     * @return the results to come
     * @throws IllegalStateException if it is a batch of one's own that has been gathered or closed
     */
    public static <R extends @Nullable Object> ResultStream<R> of(
            ScatterTarget<?, R> target, boolean asCompleted, @Nullable ProgressSink progress) {
        return of(target, asCompleted, true, StreamItem.result(), progress);
    }

    /**
     * Seals the open batch. The outcomes of its tasks can be followed one by one in completion order, and no failure
     * ends it.
     *
     * @param target a function, or a batch of one's own
     * @param success makes the outcome of a task that returned
     * @param failure makes the outcome of a task that threw
     * @param progress receives progress updates, or null
     * @param <R> the type of the results
     * @param <V> the type of the outcomes
     * @return the outcomes to come
     * @throws IllegalStateException if it is a batch of one's own that has been gathered or closed
     */
    public static <R extends @Nullable Object, V> ResultStream<V> gatherSettledAsCompleted(
            ScatterTarget<?, R> target,
            OutcomeFactory.Success<? super R, ? extends V> success,
            OutcomeFactory.Failure<? extends V> failure,
            @Nullable ProgressSink progress) {
        return of(target, true, false, StreamItem.outcome(success, failure), progress);
    }

    private static <V extends @Nullable Object> ResultStream<V> of(
            ScatterTarget<?, ?> target,
            boolean asCompleted,
            boolean failsFast,
            StreamItem<V> item,
            @Nullable ProgressSink progress) {
        StackProbe.check();
        for (; ; ) {
            Batch batch = target.batches().open();
            ResultStream<V> stream = new ResultStream<>(
                    batch, asCompleted, failsFast, item, progress != null, target.name(), target.dialect());
            if (target.seal(batch, stream.gathering(), progress)) {
                stream.begin(batch);
                batch.sealed();
                return stream;
            }
        }
    }

    private final Gathering<Integer> gathering;
    private final Slots slots;
    private final boolean asCompleted;
    private final boolean failsFast;
    private final StreamItem<R> item;
    private final boolean told; // whether there are progress updates
    private final String name;
    private final Dialect dialect;
    private final AtomicInteger readyAtFailure = new AtomicInteger(UNKNOWN);
    private final Queue<Follower> overtaken = new ConcurrentLinkedQueue<>();

    private final Audience audience = new Audience();

    private volatile boolean looking;
    private volatile @Nullable CompletionOrder order;
    private int size; // written before any thread can read it

    /** Makes the stream of a batch that the caller seals for it. */
    public ResultStream(Batch batch, boolean asCompleted, String name, Dialect dialect) {
        this(batch, asCompleted, true, StreamItem.result(), false, name, dialect);
    }

    private ResultStream(
            Batch batch,
            boolean asCompleted,
            boolean failsFast,
            StreamItem<R> item,
            boolean told,
            String name,
            Dialect dialect) {
        this.name = name;
        this.dialect = dialect;
        this.gathering = new Gathering<>(batch, this::complete, failsFast, dialect, false);
        this.slots = batch.slots();
        this.asCompleted = asCompleted;
        this.failsFast = failsFast;
        this.item = item;
        this.told = told;
    }

    /**
     * Ends the stream at a deadline unless it ends earlier. Called once, directly after creation.
     *
     * @param end the time and the failure; null for none
     * @return this
     */
    public ResultStream<R> until(@Nullable Deadline end) {
        gathering.until(end);
        return this;
    }

    // ---- the batch -------------------------------------------------------------------------------------------------

    public Gathering<Integer> gathering() {
        return gathering;
    }

    /** Called when the batch has been sealed for this stream. */
    public void begin(Batch batch) {
        size = batch.size();
        if (asCompleted) {
            CompletionOrder list = new CompletionOrder(slots, size, !failsFast);
            list.sweep(); // tasks that have ended, before a lane can interfere
            order = list;
        }
        batch.streamTo(this::settled);
        VarHandle.fullFence();
        lookOver();
        if (batch.done() < size) {
            Timer.later(
                    () -> {
                        if (!batch.isEnded()) {
                            SharedThreads.elsewhere(this::lookOverLater);
                        }
                    },
                    MOMENT_NANOS);
        }
    }

    /** Called when every task has succeeded, or has ended if failures are items. Returns the number of results. */
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
     * Checks all slots beside the lanes. The batch may complete while this thread has moved a result to LISTED and not
     * yet added it to the list. The followers then know of the end and wait only for this result, so this method must
     * notify them.
     */
    public void lookOverLater() {
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

    /**
     * Called by a follower when the batch has completed. The follower advances at once, and once more if a late check
     * is in progress.
     */
    public void completed(Follower follower) {
        if (looking && asCompleted) {
            overtaken.add(follower);
        }
        follower.advance();
    }

    // ---- the lanes -------------------------------------------------------------------------------------------------

    /** Called when a task has ended. */
    void settled(int index) {
        CompletionOrder list = order;
        if (list != null) {
            list.list(index);
        }
        VarHandle.fullFence();
        advance();
    }

    /** Advances the followers that wait. */
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

    /**
     * The index of the result at a position, or -1 if it is not ready. The last result is not ready before the last
     * progress update has been received.
     */
    int indexAt(int position) {
        if (position >= size || (told && position == size - 1 && !gathering.isEnded())) {
            return -1;
        }
        CompletionOrder list = order;
        if (list != null) {
            return list.at(position);
        }
        return Slots.isResult(slots.state(position)) ? position : -1;
    }

    @Nullable
    R itemAt(int index) {
        return item.of(slots, index);
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

    // ---- entering and leaving --------------------------------------------------------------------------------------

    /**
     * Registers a subscriber. False if the last of the others has left with results that no subscriber had received:
     * those are gone, and a new subscriber is told that the stream was cancelled, unless the stream has failed.
     */
    boolean enter() {
        return audience.enter();
    }

    /**
     * Called when a subscriber that had {@linkplain #enter entered} is about to receive its last signal, with the
     * number of results it has received.
     */
    void left(Follower follower, int position) {
        audience.left(position);
        closeIfNobodyIsLeft(follower);
    }

    /**
     * Called by a subscriber that has left, and once more when the gather knows of it. Positions are final when no
     * subscriber is left, and a subscriber that enters after the end learns of the end before it looks for results. So
     * no subscriber receives a result that is discarded here.
     */
    void closeIfNobodyIsLeft(Follower last) {
        int received = audience.receivedWhenEmpty();
        if (!gathering.isEnded() || received < 0) {
            return;
        }
        Throwable failure = gathering.failure();
        int kept = failure == null ? received : Math.max(received, lengthBefore(failure));
        if (kept < size && audience.close(received)) {
            BitSet indices = new BitSet();
            for (int i = 0; i < kept; i++) {
                int index = indexAt(i);
                if (index >= 0) {
                    indices.set(index);
                }
            }
            gathering.discard(new UnreceivedResults(slots, size, indices, dialect), last);
        }
    }

    /** Ends the batch because a result is null, which a stream cannot carry. Returns the failure for the follower. */
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
     * Subscribes to the results. If the last subscriber cancels before the end, tasks not started are dropped and
     * running tasks are interrupted.
     *
     * @param subscriber receives the results, on worker threads or its own; must not throw or block for long
     * @throws NullPointerException if {@code subscriber} is null
     */
    @Override
    public void subscribe(Flow.Subscriber<? super R> subscriber) {
        new ResultSubscription<>(this, Objects.requireNonNull(subscriber, "subscriber")).begin();
    }

    @Override
    public String toString() {
        return "lox(" + name + (asCompleted ? ".gatherAsCompleted)" : ".gather)");
    }
}
