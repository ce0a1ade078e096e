package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One subscription to an ordered, bounded, parallel map: between a source, which it subscribes to, and a subscriber, whose
 * subscription it is.
 *
 * <p>The source sees a demand of {@code ahead} when it is subscribed to, and one more for each result that has been given to the
 * subscriber: so no more than {@code ahead} elements are ever taken from it and not given on, whether they wait, run, or are held
 * back by an earlier one that is slow. Results leave through {@link Emission}, on the thread that finished the one that was
 * waited for, or on the one that requests.
 *
 * <pre>
 *   source --onNext--&gt; {@link Passage} --poll--&gt; Emission --onNext--&gt; subscriber
 *     ^                                             |
 *     +---------- request, as many as left ---------+
 * </pre>
 *
 * <p>It never blocks, and takes no thread but those of its lanes, its source and its subscriber.
 *
 * @param <A> the type of the source's elements
 * @param <R> the type of the results
 */
public final class Mapping<A extends @Nullable Object, R> extends Emission<R> implements Flow.Subscriber<A> {
    /**
     * A subscriber that can be told of losses, too.
     *
     * @param <R> the type of the results
     */
    public interface Downstream<R> extends Flow.Subscriber<R> {
        /**
         * Takes an element that will never be mapped, or a result that will never be given on.
         *
         * @param value not null
         */
        void discarded(Object value);

        /**
         * Takes a failure that cannot be signalled any more.
         *
         * @param failure never to be lost silently
         */
        void dropped(Throwable failure);
    }

    private static final VarHandle SOURCE;
    private static final VarHandle SOURCE_FAILURE;
    private static final VarHandle VERDICT_TAKEN;
    private static final VarHandle ASKING;
    private static final VarHandle ASKED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SOURCE = lookup.findVarHandle(Mapping.class, "source", Flow.Subscription.class);
            SOURCE_FAILURE = lookup.findVarHandle(Mapping.class, "sourceFailure", Throwable.class);
            VERDICT_TAKEN = lookup.findVarHandle(Mapping.class, "verdictTaken", boolean.class);
            ASKED = lookup.findVarHandle(Mapping.class, "asked", long.class);
            ASKING = lookup.findVarHandle(Mapping.class, "asking", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Between what enters and what leaves; tells this one when something may leave. */
    private final class Inside implements Passage.Listener {
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

    private final Dispatcher<A, R> dispatcher;
    private final Downstream<? super R> downstream;
    private final int ahead;
    private final int slack;
    private final Passage<A, R> passage;
    private volatile Flow.@Nullable Subscription source;
    private volatile @Nullable Throwable sourceFailure; // until it is taken, to be signalled or dropped
    private volatile boolean sourceEnded; // after sourceFailure

    @SuppressWarnings("unused") // through VERDICT_TAKEN
    private volatile boolean verdictTaken;

    @SuppressWarnings("unused") // through ASKING
    private volatile int asking;

    private long asked; // changed under asking

    Mapping(
            Dispatcher<A, R> dispatcher,
            Downstream<? super R> downstream,
            int ahead,
            boolean delayError,
            Dialect.@Nullable Context context) {
        super(downstream);
        this.dispatcher = dispatcher;
        this.downstream = downstream;
        this.ahead = Dispatcher.checkAhead(ahead);
        this.slack = Math.max(1, Math.min(ahead / 4, ahead - dispatcher.defaultAhead()));
        this.passage = new Passage<>(dispatcher, delayError, context, new Inside());
    }

    /** For tests. */
    Passage<A, R> passage() {
        return passage;
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
     * Takes an element in.
     *
     * @param element not null
     * @return false if it was refused, since the end has been signalled by either side
     */
    public boolean accept(A element) {
        Objects.requireNonNull(element, "element");
        if (sourceEnded || isOver() || passage.verdict() != null) {
            return false;
        }
        if (passage.offered() - passage.taken() >= ahead) {
            failSource(new IllegalStateException("the source of a map by \"" + dispatcher.name()
                    + "\" has sent more than the " + ahead + " elements that were requested of it"));
            return false;
        }
        try {
            passage.offer(element);
            return true;
        } catch (Throwable failure) { // closed, or no memory: it has not been taken in
            passage.stop(failure);
            return false;
        }
    }

    private void failSource(Throwable failure) {
        cancelSource();
        onError(failure);
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
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
        } catch (Throwable thrown) { // it must not, and would leave us waiting
            passage.stop(thrown);
        }
    }

    /**
     * How many elements have been taken from the source and not given on.
     *
     * @return a snapshot
     */
    public long underWay() {
        return Math.max(0, passage.offered() - passage.taken());
    }

    // ---- the subscriber's side -------------------------------------------------------------------------------------

    @Override
    protected @Nullable R poll() {
        return passage.poll();
    }

    @Override
    protected boolean isExhausted() {
        return sourceEnded && passage.isPassed();
    }

    @Override
    protected @Nullable Throwable failedAtOnce() {
        Throwable verdict = passage.verdict();
        if (verdict != null) {
            verdictTaken = true;
        }
        return verdict;
    }

    @Override
    protected @Nullable Throwable failureAtEnd() {
        List<Throwable> failures = passage.takeFailures();
        Throwable failure = takeSourceFailure();
        if (failure != null) {
            failures.add(failure);
        }
        return switch (failures.size()) {
            case 0 -> null;
            case 1 -> failures.get(0);
            default -> dispatcher.dialect().combine(failures, (int) Math.min(passage.offered(), Integer.MAX_VALUE));
        };
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
        if (from != null && !sourceEnded && passage.taken() + ahead - (long) ASKED.getOpaque(this) >= least) {
            replenish(from);
        }
    }

    /**
     * Requests as many as there is room for, one thread at a time. A source that sends them at once, in this very call, and
     * so comes here again, is no recursion.
     */
    private void replenish(Flow.Subscription from) {
        if ((int) ASKING.getAndAdd(this, 1) != 0) {
            return;
        }
        int seen = 1;
        do {
            long before = asked;
            long due = passage.taken() + ahead - before;
            if (due > 0 && !isOver()) {
                ASKED.setOpaque(this, before + due);
                ask(from, due);
            }
            seen = (int) ASKING.getAndAdd(this, -seen) - seen;
        } while (seen != 0);
    }

    @Override
    protected void cancelling() {
        passage.stop(new CancellationException("the subscriber of this map has cancelled it"));
    }

    @Override
    protected void over(@Nullable Throwable delivered) {
        if (delivered != null) {
            boolean untaken = VERDICT_TAKEN.compareAndSet(this, false, true);
            if (!passage.stop(delivered) && untaken) { // it had been stopped, for another reason
                undeliverable(Objects.requireNonNull(passage.verdict()));
            }
        }
        passage.sweep();
        for (Throwable failure : passage.takeFailures()) {
            drop(failure);
        }
        dropLate();
    }

    @Override
    protected void undeliverable(Throwable failure) {
        if (!(failure instanceof CancellationException)) { // which only says that nobody wants to hear of it
            drop(failure);
        }
    }

    /**
     * Drops what can no longer be signalled: a failure of the source, or of a task. Whoever has stored one looks
     * <em>afterwards</em> whether all is over; who is over looks <em>afterwards</em> what has been stored. So one of them finds
     * it, and who takes it is the only one. What is to be signalled has been taken before all is over.
     */
    private void dropLate() {
        if (isOver()) {
            Throwable failure = takeSourceFailure();
            if (failure != null) {
                drop(failure);
            }
            Throwable verdict = passage.verdict();
            if (verdict != null && VERDICT_TAKEN.compareAndSet(this, false, true)) {
                undeliverable(verdict);
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
