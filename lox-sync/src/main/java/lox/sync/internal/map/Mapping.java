package lox.sync.internal.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import lox.sync.internal.core.DirectCall;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.ImmediateCall;
import lox.sync.internal.result.Emission;
import lox.sync.spi.Dialect;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: it is the subscriber of one side and the subscription of the other, by the rules of Reactive
// Streams.
/**
 * One subscription to a bounded, parallel map. It is the subscriber of the source and the subscription of the
 * downstream subscriber.
 *
 * <p>The source sees a demand of {@code ahead} when it is subscribed to, and one more for each result given to the
 * subscriber. So at most {@code ahead} elements are taken from the source and not yet emitted, whether they wait, run,
 * or are held back by a slower one before them. Results leave through {@link Emission}, on the thread that finished the
 * result waited for, or on the thread that requests.
 *
 * <pre>
 *   source --onNext--&gt; {@link ElementBuffer} --poll--&gt; Emission --onNext--&gt; subscriber
 *     ^                                             |
 *     +---------- request, as many as left ---------+
 * </pre>
 *
 * <p>It never blocks, and uses no threads but those of its lanes, its source and its subscriber.
 *
 * @param <A> the type of the source's elements
 * @param <V> the type of the items that leave
 */
public final class Mapping<A extends @Nullable Object, V> extends Emission<V> implements Flow.Subscriber<A> {
    /**
     * A subscriber that is also told of lost elements and failures.
     *
     * @param <R> the type of the results
     */
    public interface Downstream<R> extends Flow.Subscriber<R> {
        /**
         * Receives an element that will never be mapped, or a result that will never be emitted.
         *
         * @param value not null
         */
        void discarded(Object value);

        /**
         * Receives a failure that can no longer be signalled.
         *
         * @param failure must not be lost silently
         */
        void dropped(Throwable failure);
    }

    private static final VarHandle SOURCE;
    private static final VarHandle SOURCE_FAILURE;
    private static final VarHandle TERMINAL_CAUSE_TAKEN;
    private static final VarHandle ASKING;
    private static final VarHandle ASKED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SOURCE = lookup.findVarHandle(Mapping.class, "source", Flow.Subscription.class);
            SOURCE_FAILURE = lookup.findVarHandle(Mapping.class, "sourceFailure", Throwable.class);
            TERMINAL_CAUSE_TAKEN = lookup.findVarHandle(Mapping.class, "terminalCauseTaken", boolean.class);
            ASKED = lookup.findVarHandle(Mapping.class, "asked", long.class);
            ASKING = lookup.findVarHandle(Mapping.class, "asking", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Elements that are called before they have a slot. */
    private final class Direct implements DirectCall.Receiver {
        @Override
        public boolean emit(Object value) {
            V item = options.item(buffer.offered(), value);
            return emitDirectly(item);
        }

        @Override
        public @Nullable ImmediateCall store(Envelope called) {
            return buffer.offerCalled(called);
        }

        @Override
        public void refused(Throwable reason) {
            buffer.stop(reason);
        }

        @Override
        public void discarded(@Nullable Object result) {
            if (result != null) {
                discard(result);
            }
        }

        @Override
        public void dropped(Throwable failure) {
            drop(failure);
        }
    }

    /** The buffer's listener, which drains when a result may be emitted. */
    private final class Inside implements ElementBuffer.Listener {
        @Override
        public void settled() {
            drain();
        }

        @Override
        public void stopped() {
            cancelSource();
            drain();
            dropLate();
        }

        @Override
        public void discarded(@Nullable Object value) {
            if (value != null) {
                discard(value);
            }
        }

        @Override
        public void dropped(Throwable failure) {
            drop(failure);
        }
    }

    /**
     * Creates a map that runs elements in parallel.
     *
     * @param dispatcher runs the function
     * @param downstream receives the items
     * @param options how elements are treated; {@code ahead} is the demand that the source sees
     * @param context restored around each task, or null
     * @param <A> the type of the source's elements
     * @param <R> the type of the results
     * @param <V> the type of the items that leave
     * @return the map, to be subscribed to the source
     */
    public static <A extends @Nullable Object, R extends @Nullable Object, V> Mapping<A, V> of(
            Dispatcher<A, R> dispatcher,
            Downstream<? super V> downstream,
            MapOptions<A, R, V> options,
            Dialect.@Nullable Context context) {
        return new Mapping<>(dispatcher, downstream, options, context);
    }

    private final Dispatcher<A, ?> dispatcher;
    private final Downstream<? super V> downstream;
    private final int ahead;
    private final int slack;
    private final ElementBuffer<A, V> buffer;
    private final ResultTaker<V> results;
    private final MapOptions<A, ?, V> options;
    private final @Nullable DirectCall direct;
    private volatile Flow.@Nullable Subscription source;
    private volatile @Nullable Throwable sourceFailure; // until it is taken, to be signalled or dropped
    private volatile @Nullable Throwable finalFailure; // null until it is known
    private volatile boolean sourceEnded; // written after sourceFailure

    @SuppressWarnings("unused") // through TERMINAL_CAUSE_TAKEN
    private volatile boolean terminalCauseTaken;

    @SuppressWarnings("unused") // through ASKING
    private volatile int asking;

    private final EarlySignals<A> earlySignals = new EarlySignals<>(); // the source's, as is the next one
    private @Nullable EarlySignals<A> early; // null unless the function is being called for an element without a slot
    private long asked; // changed under asking
    private @Nullable Thread asker; // under asking; a thread that reads it outside finds itself only if it is the one

    private <R extends @Nullable Object> Mapping(
            Dispatcher<A, R> dispatcher,
            Downstream<? super V> downstream,
            MapOptions<A, R, V> options,
            Dialect.@Nullable Context context) {
        super(downstream);
        this.dispatcher = dispatcher;
        this.downstream = downstream;
        this.ahead = options.ahead();
        this.slack = Math.max(1, Math.min(ahead / 4, ahead - dispatcher.concurrency()));
        this.buffer = new ElementBuffer<>(dispatcher, options, context, new Inside());
        this.results = buffer.taker();
        this.options = options;
        this.direct = dispatcher.lanes().directCall(context, new Direct());
    }

    /** For tests. */
    ElementBuffer<A, V> buffer() {
        return buffer;
    }

    // ---- the source's side -----------------------------------------------------------------------------------------

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        if (!SOURCE.compareAndSet(
                this, (Flow.Subscription) null, Objects.requireNonNull(subscription, "subscription"))) {
            subscription.cancel();
            return;
        }
        downstream.onSubscribe(this);
        replenish(subscription);
    }

    @Override
    public void onNext(A element) {
        if (!accept(element)) {
            discard(element);
        }
    }

    /**
     * Accepts an element.
     *
     * @param element not null
     * @return false if it was refused, since either side has signalled the end
     */
    public boolean accept(A element) {
        Objects.requireNonNull(element, "element");
        if (sourceEnded || isOver() || buffer.terminalCause() != null) {
            return false;
        }
        if (early != null) {
            return early.add(element);
        }
        if (buffer.inFlight() >= ahead) {
            failSource(new IllegalStateException("the source of a map by \"" + dispatcher.name()
                    + "\" has sent more than the " + ahead + " elements that were requested of it"));
            return false;
        }
        try {
            if (direct == null || !buffer.isClear() || !tryCall(direct, element)) {
                buffer.offer(element);
            }
            return true;
        } catch (Throwable failure) { // closed, or memory is exhausted: the element was not accepted
            buffer.stop(failure);
            return false;
        }
    }

    /**
     * Calls the function before the element has a slot. The function, or what it returns, may have the source signal
     * meanwhile, in this very thread: that comes after the element.
     */
    private boolean tryCall(DirectCall call, A element) throws Throwable {
        EarlySignals<A> signals = earlySignals;
        early = signals;
        boolean called;
        try {
            called = call.tryCall(element);
        } catch (Throwable failure) {
            early = null;
            buffer.stop(failure); // before what has come early: it is refused
            signals.replay(this);
            throw failure;
        }
        early = null;
        if (!called) {
            return false;
        }
        signals.replay(this);
        return true;
    }

    private void failSource(Throwable failure) {
        cancelSource();
        onError(failure);
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (early != null && !sourceEnded && !isOver()) {
            early.end(failure);
            return;
        }
        if (sourceEnded || isOver() || !SOURCE_FAILURE.compareAndSet(this, (Throwable) null, failure)) {
            drop(failure);
            return;
        }
        sourceEnded = true;
        drain();
        dropLate();
    }

    @Override
    public void onComplete() {
        if (early != null) {
            early.end(null);
            return;
        }
        sourceEnded = true;
        drain();
    }

    private void cancelSource() {
        Flow.Subscription from = source;
        if (from != null && !sourceEnded) {
            from.cancel();
        }
    }

    private void ask(Flow.Subscription from, long n) {
        try {
            from.request(n);
        } catch (Throwable thrown) { // a source must not throw; it would leave this map waiting
            buffer.stop(thrown);
        }
    }

    /**
     * The number of elements taken from the source and not yet emitted.
     *
     * @return a snapshot
     */
    public long underWay() {
        return Math.max(0, buffer.inFlight());
    }

    /**
     * The failure that this map ends with as far as is known: a task's, or the source's. More may come if errors are
     * delayed.
     *
     * @return null if there is none so far, or the subscriber has cancelled
     */
    public @Nullable Throwable pendingFailure() {
        if (isCancelled()) {
            return null;
        }
        Throwable failure = finalFailure != null ? finalFailure : buffer.terminalCause();
        if (failure == null) {
            failure = results.delayedFailure();
        }
        return failure == null ? sourceFailure : failure;
    }

    // ---- the subscriber's side -------------------------------------------------------------------------------------

    @Override
    protected @Nullable V poll() {
        return results.poll();
    }

    @Override
    protected void emitted() {
        buffer.pass();
    }

    @Override
    protected boolean isExhausted() {
        return sourceEnded && buffer.isPassed();
    }

    @Override
    protected @Nullable Throwable failedAtOnce() {
        Throwable terminalCause = buffer.terminalCause();
        if (terminalCause != null) {
            terminalCauseTaken = true;
        }
        return terminalCause;
    }

    @Override
    protected @Nullable Throwable failureAtEnd() {
        finalFailure = pendingFailure(); // the failures taken below can still be queried
        List<Throwable> failures = results.takeFailures();
        Throwable failure = takeSourceFailure();
        if (failure != null) {
            failures.add(failure);
        }
        Throwable all = switch (failures.size()) {
            case 0 -> null;
            case 1 -> failures.get(0);
            default -> dispatcher.dialect().combine(failures, (int) Math.min(buffer.offered(), Integer.MAX_VALUE));
        };
        finalFailure = all;
        return all;
    }

    @Override
    protected void drained() {
        replenish(slack);
    }

    @Override
    protected void draining() {
        replenish(Math.max(slack, ahead / 2));
    }

    private void replenish(int least) {
        Flow.Subscription from = source;
        if (from != null && !sourceEnded && results.count() + ahead - (long) ASKED.getOpaque(this) >= least) {
            replenish(from);
        }
    }

    /**
     * Requests as many elements as there is room for, one thread at a time. A source that emits them within this call,
     * and so re-enters it, causes no recursion: what has left meanwhile is asked for when the source comes back.
     */
    private void replenish(Flow.Subscription from) {
        Thread thread = Thread.currentThread();
        if (asker == thread || (int) ASKING.getAndAdd(this, 1) != 0) {
            return;
        }
        int seen = 1;
        do {
            asker = thread;
            long due = results.count() + ahead - asked;
            while (due > 0 && !isOver()) {
                ASKED.setOpaque(this, asked + due);
                ask(from, due);
                due = results.count() + ahead - asked;
            }
            asker = null; // first: the next one to ask may be any thread
            seen = (int) ASKING.getAndAdd(this, -seen) - seen;
        } while (seen != 0);
    }

    @Override
    protected void cancelling() {
        buffer.stop(new CancellationException("the subscriber of this map has cancelled it"));
    }

    @Override
    protected void over(@Nullable Throwable delivered) {
        if (delivered != null) {
            boolean untaken = TERMINAL_CAUSE_TAKEN.compareAndSet(this, false, true);
            if (!buffer.stop(delivered) && untaken) { // it had been stopped for another reason
                undeliverable(Objects.requireNonNull(buffer.terminalCause()));
            }
        }
        buffer.sweep();
        for (Throwable failure : results.takeFailures()) {
            drop(failure);
        }
        dropLate();
    }

    @Override
    protected void undeliverable(Throwable failure) {
        if (!(failure instanceof CancellationException)) { // only says that no subscriber is interested
            drop(failure);
        }
    }

    /**
     * Drops a failure of the source or of a task that can no longer be signalled. A thread that stores a failure checks
     * <em>afterwards</em> whether the map has terminated; the thread that terminates it checks <em>afterwards</em> for
     * stored failures. So one of them finds the failure, and only one thread takes it. Failures to be signalled have
     * been taken before termination.
     */
    private void dropLate() {
        if (isOver()) {
            Throwable failure = takeSourceFailure();
            if (failure != null) {
                drop(failure);
            }
            Throwable terminalCause = buffer.terminalCause();
            if (terminalCause != null && TERMINAL_CAUSE_TAKEN.compareAndSet(this, false, true)) {
                undeliverable(terminalCause);
            }
        }
    }

    private @Nullable Throwable takeSourceFailure() {
        return sourceFailure == null ? null : (Throwable) SOURCE_FAILURE.getAndSet(this, (Throwable) null);
    }

    @Override
    protected void threw(Throwable thrown) {
        drop(thrown);
    }

    private void discard(Object value) {
        try {
            downstream.discarded(value);
        } catch (Throwable thrown) {
            drop(thrown);
        }
    }

    private void drop(Throwable failure) {
        try {
            downstream.dropped(failure);
        } catch (Throwable thrown) {
            if (thrown != failure) {
                thrown.addSuppressed(failure);
            }
            Uncaught.report(thrown);
        }
    }
}
