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
    private static final VarHandle ASKING;
    private static final VarHandle ASKED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SOURCE = lookup.findVarHandle(Mapping.class, "source", Flow.Subscription.class);
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
    private @Nullable Throwable sourceFailure; // published by sourceEnded
    private volatile boolean sourceEnded;

    @SuppressWarnings("unused") // through ASKING
    private volatile int asking;

    private long asked; // changed under asking
    private boolean failureDelivered; // guarded by the drain

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
        } catch (Throwable failure) { // closed, or no memory
            passage.stop(failure);
        }
        return true;
    }

    private void failSource(Throwable failure) {
        cancelSource();
        onError(failure);
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (sourceEnded || isOver()) {
            drop(failure);
            return;
        }
        sourceFailure = failure;
        sourceEnded = true;
        drain();
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
        return passage.verdict();
    }

    @Override
    protected @Nullable Throwable failureAtEnd() {
        List<Throwable> failures = passage.takeFailures();
        if (sourceFailure != null) {
            failures.add(sourceFailure);
            failureDelivered = true;
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
            passage.stop(delivered); // where it is not why it was stopped
        }
        passage.sweep();
        for (Throwable failure : passage.takeFailures()) {
            drop(failure);
        }
        Throwable failure = sourceFailure;
        if (sourceEnded && failure != null && !failureDelivered && failure != delivered) {
            drop(failure);
        }
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
