package lox.sync.internal.expand;

import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchChain;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.Gathering;
import lox.sync.internal.core.SlotCleanup;
import lox.sync.internal.core.WorkSource;
import lox.sync.internal.result.StackProbe;
import lox.sync.internal.result.Unchecked;
import lox.sync.internal.slot.Slots;
import lox.sync.internal.time.SharedThreads;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * A batch that grows from its own results until nothing is left.
 *
 * <pre>
 *        seeds                                          scattered = handled
 *   OPEN -----&gt; GROWING ------------------------------------------&gt; SEALED ----&gt; complete
 *     |           |  ^
 *     |           +--+  a result is handled: what it leads to is scattered
 *     |           |
 *     +-----------+---- a task or the user's function fails, a cancel -----&gt; ENDED, sealed on the way
 * </pre>
 *
 * <p><b>One at a time.</b> A lane puts the index of a result into {@link #ready}, then increments {@link #entries}. The
 * thread that increments it from 0 handles what is ready, until the counter is stable; the others go on. The thread
 * that scatters the seeds counts as one that handles, so nothing is handled before all seeds are in. Therefore one
 * thread at a time scatters, the index of the next slot is known, and what a result leads to has adjacent slots.
 *
 * <p><b>Stack.</b> A task that runs inside of the scatter, as without workers, only puts its index into the queue: the
 * thread below it handles what is ready. So the depth of the stack does not depend on that of the tree.
 *
 * <p><b>Queue limit.</b> Seeds wait at it. Found arguments do not: a worker that waited for a place in the queue would
 * not make one.
 *
 * @param <A> the type of the arguments
 * @param <R> the type of the results
 */
public final class Expansion<A extends @Nullable Object, R extends @Nullable Object> implements WorkSource {
    /** The batch, sealed when nothing is left, or when it ends early. */
    private final class GrowingBatch extends Batch {
        GrowingBatch() {
            super(dispatcher.owner(), dispatcher.capacity());
        }

        @Override
        public boolean isStreamed() {
            return true;
        }

        @Override
        public void settled(int index) {
            Expansion.this.settled(index);
        }

        @Override
        public void failed(int index, Throwable failure) {
            count(failure);
            breakOff(failure);
            if (!hasEndedWith(failure) && broken != failure) {
                SlotCleanup.report(this, index);
            }
        }

        @Override
        protected void endingEarly() {
            seal(gathering, null);
        }

        @Override
        public void publish(@Nullable Throwable failure) {
            leave();
            super.publish(failure);
        }
    }

    /**
     * Scatters the seeds, and what their results lead to.
     *
     * @param dispatcher runs the tasks
     * @param seeds iterated over once, in the calling thread
     * @param further gives more arguments for a result; called for one at a time, must not block
     * @param <A> the type of the arguments
     * @param <R> the type of the results
     * @return the results to come, breadth-first
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed or shut down, or the caller would
     *     have to wait at the queue limit and must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits there
     */
    public static <A extends @Nullable Object, R extends @Nullable Object> Gathering<List<R>> of(
            Dispatcher<A, R> dispatcher,
            Iterable<? extends A> seeds,
            Function<? super R, ? extends Iterable<? extends A>> further) {
        StackProbe.check();
        Expansion<A, R> expansion = new Expansion<>(dispatcher, further);
        expansion.begin(seeds);
        return expansion.gathering;
    }

    private final Dispatcher<A, R> dispatcher;
    private final Function<? super R, ? extends Iterable<? extends A>> further;
    private final Dialect.@Nullable Context context;
    private final Batch batch;
    private final BatchChain batches;
    private final Gathering<List<R>> gathering;
    private final boolean admitted;
    private final Queue<Integer> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger entries = new AtomicInteger(1); // of the thread that scatters the seeds
    private volatile boolean in; // changed by WorkSources

    // Of the thread that handles.
    private final FoundArguments found;
    private int scattered;
    private int handled;

    private Expansion(Dispatcher<A, R> dispatcher, Function<? super R, ? extends Iterable<? extends A>> further) {
        this.dispatcher = dispatcher;
        this.further = further;
        this.context = dispatcher.dialect().capture();
        this.batch = new GrowingBatch();
        this.batches = new BatchChain(before -> {
            if (before != null) {
                throw new IllegalStateException("this expand by \"" + dispatcher.name() + "\" has ended");
            }
            return batch;
        });
        FoundArguments order = new FoundArguments();
        this.found = order;
        this.gathering = new Gathering<>( // which may be kept for long, and must not keep this
                batch, ended -> order.breadthFirst(ended.slots(), ended.size()), true, dispatcher.dialect());
        this.admitted = dispatcher.pools().register(this); // once begun it goes on after a shutdown, as a map does
    }

    private void leave() {
        dispatcher.sources().remove(this);
        dispatcher.pools().unregister(this);
    }

    // ---- the seeds -------------------------------------------------------------------------------------------------

    private void begin(Iterable<? extends A> first) {
        try {
            for (A seed : first) {
                if (batch.isEnded()) { // one of those before has failed
                    break;
                }
                scatterSeed(seed);
            }
            found.seeds(scattered);
            if (scattered == 0 || dispatcher.pool().isInline()) {
                handleAll();
            } else if (!entries.compareAndSet(1, 0)) { // the caller's thread is not for the user's function
                SharedThreads.elsewhere(this::handleAll);
            }
        } catch (Throwable refused) {
            batch.cancel("its seeds could not be scattered");
            throw refused;
        }
    }

    private void scatterSeed(A seed) {
        if (!admitted) {
            dispatcher.pools().checkAccepting();
        }
        try {
            dispatcher.submitter().putScattered(content(seed), this);
            scattered++;
        } catch (IllegalStateException refused) {
            if (!batch.isEnded()) {
                throw refused;
            }
        }
    }

    private @Nullable Object content(A argument) {
        return context == null ? argument : new Envelope(argument, context);
    }

    // ---- what results lead to --------------------------------------------------------------------------------------

    /** Called by the lane that has stored a result or a failure. */
    private void settled(int index) {
        try {
            ready.add(index);
            if (entries.getAndIncrement() == 0) {
                handleAll();
            }
        } catch (Throwable noMemory) { // no stack, no memory: what the result leads to would be lost
            batch.breakOff(noMemory);
            throw noMemory;
        }
    }

    private void handleAll() {
        int seen;
        do {
            seen = entries.get();
            for (Integer index = ready.poll(); index != null; index = ready.poll()) {
                handled++;
                handle(index);
            }
            if (scattered == handled && batch.seal(gathering, null)) {
                batch.sealed();
            }
        } while (entries.addAndGet(-seen) != 0);
    }

    private void handle(int index) {
        batch.endIfBroken();
        if (batch.isEnded()) {
            return;
        }
        Runnable former = null;
        try {
            former = context == null ? null : context.restore();
            R result = Unchecked.cast(batch.slots().value(index));
            if (!Slots.isResult(batch.slots().state(index))) { // afterwards: it may have been discarded meanwhile
                return;
            }
            int first = scattered;
            for (A argument : Objects.requireNonNull(further.apply(result), "the arguments that a result leads to")) {
                if (batch.isEnded()) {
                    return;
                }
                scatterFound(argument);
            }
            found.add(index, first, scattered);
        } catch (Throwable failure) {
            fail(failure);
        } finally {
            if (former != null) {
                former.run();
            }
        }
    }

    private void scatterFound(A argument) {
        try {
            dispatcher.submitter().put(content(argument), this);
            scattered++;
        } catch (RuntimeException refused) {
            if (dispatcher.pool().isClosed()) {
                batch.cancel(dispatcher.pool().closedReason());
            }
            if (!batch.isEnded()) {
                throw refused;
            }
        }
    }

    private void fail(Throwable failure) {
        batch.breakOff(failure);
        if (!batch.hasEndedWith(failure) && batch.broken != failure) {
            dispatcher.dialect().drop(failure); // it had ended before
        }
    }

    // ---- for the engine --------------------------------------------------------------------------------------------

    @Override
    public BatchChain batches() {
        return batches;
    }

    @Override
    public boolean isCounted() {
        return true;
    }

    @Override
    public void placed(Batch growing, int index) {
        if (growing.isEnded()) {
            SlotCleanup.dropIfFull(growing, index);
            return;
        }
        try {
            dispatcher.sources().add(this);
            if (dispatcher.pool().isClosed()) { // the closing thread may not have seen it
                batch.cancel(dispatcher.pool().closedReason());
            } else {
                dispatcher.lanes().launchFor(growing, index, this);
            }
            if (growing.isEnded()) { // perhaps between the look and the entry
                dispatcher.sources().remove(this);
            }
        } catch (Throwable broken) { // no memory to start a lane: the argument could lie here forever
            growing.breakOff(broken);
        }
    }

    @Override
    public boolean isIn() {
        return in;
    }

    @Override
    public void setIn(boolean now) {
        in = now;
    }

    @Override
    public long unstarted() {
        return batch.unstarted();
    }

    @Override
    public boolean stop(Throwable reason) {
        boolean first = !batch.isEnded();
        batch.cancel(String.valueOf(reason.getMessage()));
        return first;
    }
}
