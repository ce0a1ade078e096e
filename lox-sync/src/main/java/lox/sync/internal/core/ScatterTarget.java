package lox.sync.internal.core;

import java.util.List;
import lox.sync.internal.result.StackProbe;
import lox.sync.spi.Dialect;
import lox.sync.spi.OutcomeFactory;
import lox.sync.spi.ProgressSink;
import org.jspecify.annotations.Nullable;

/**
 * What arguments are scattered to and results are gathered from: a function, whose open batch each gather replaces, or
 * a batch of one's own, which is gathered once. All methods may be called from any thread.
 *
 * @param <A> the type of the arguments
 * @param <R> the type of the results
 */
public abstract class ScatterTarget<A extends @Nullable Object, R extends @Nullable Object> {
    /** The name of the function in messages. */
    public abstract String name();

    public abstract Dialect dialect();

    /** The batches; the open one takes the next argument. */
    public abstract BatchChain batches();

    abstract int put(@Nullable Object content);

    /**
     * Checks that the calling thread may wait for results of the function.
     *
     * @throws IllegalStateException if it is in a call of a function on the same Workers that must not block
     */
    public abstract void checkMayWait();

    /**
     * Seals the open batch.
     *
     * @return false if another gather was first and another batch is open now
     * @throws IllegalStateException if another gather was first and no other batch will be opened
     */
    public abstract boolean seal(Batch batch, Gathering<?> gathering, @Nullable ProgressSink progress);

    /**
     * Counts the tasks that have been scattered and not started.
     *
     * @return a snapshot
     */
    public abstract int pending();

    /**
     * Hands an argument to the workers.
     *
     * @param argument the argument, may be null
     * @return its index in the batch
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed or shut down, or the caller would
     *     have to wait and must not
     * @throws IllegalStateException if the batch is full
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    public final int scatter(A argument) {
        Dialect.Context context = dialect().capture();
        return put(context == null ? argument : new Envelope(argument, context));
    }

    /**
     * Hands all arguments to the workers.
     *
     * @param arguments iterated over once
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does; those before have been handed
     *     over
     * @throws IllegalStateException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} does
     */
    public void scatterAll(Iterable<? extends A> arguments) {
        arguments.forEach(this::scatter);
    }

    /**
     * Seals the batch. The gathering ends with the results in scatter order, or with the first failure.
     *
     * @param progress receives progress updates, or null
     * @return the results to come
     * @throws IllegalStateException if it is a batch of its own that has been gathered or closed
     */
    public final Gathering<List<R>> gather(@Nullable ProgressSink progress) {
        return seal(ResultAssembler::values, true, progress);
    }

    /**
     * Seals the batch. The gathering ends when all tasks have ended, with the results or with every failure.
     *
     * @param progress receives progress updates, or null
     * @return the results to come
     * @throws IllegalStateException if it is a batch of its own that has been gathered or closed
     */
    public final Gathering<List<R>> gatherDelayError(@Nullable ProgressSink progress) {
        return seal(batch -> ResultAssembler.valuesOrAllFailures(batch, dialect()), false, progress);
    }

    /**
     * Seals the batch. The gathering ends when all tasks have ended, with one outcome each.
     *
     * @param success makes the outcome of a result
     * @param failure makes the outcome of a failure
     * @param progress receives progress updates, or null
     * @param <O> the outcome
     * @return the outcomes to come
     * @throws IllegalStateException if it is a batch of its own that has been gathered or closed
     */
    public final <O> Gathering<List<O>> gatherSettled(
            OutcomeFactory.Success<? super R, ? extends O> success,
            OutcomeFactory.Failure<? extends O> failure,
            @Nullable ProgressSink progress) {
        return seal(batch -> ResultAssembler.<R, O>outcomes(batch, success, failure), false, progress);
    }

    private <V> Gathering<V> seal(ResultAssembler<V> assembler, boolean failsFast, @Nullable ProgressSink progress) {
        StackProbe.check();
        for (; ; ) {
            Batch batch = batches().open();
            Gathering<V> gathering = new Gathering<>(batch, assembler, failsFast, dialect());
            if (seal(batch, gathering, progress)) {
                batch.sealed();
                return gathering;
            }
        }
    }

    /**
     * Cancels the open batch and seals it: drops tasks that have not started and interrupts running ones. Failures that
     * there have been are told, as those of a batch that nobody gathers. A gather at the same time may get the cancel.
     */
    public void discard() {
        StackProbe.check();
        Batch batch = batches().open();
        batch.cancel("discarded");
        batch.tellUngathered(); // after the end, which tells of nothing that this tells of, and before the seal
        Gathering<?> nobodys = new Gathering<>(batch, ResultAssembler::values, false, dialect());
        nobodys.failureIsKnown();
        if (seal(batch, nobodys, null)) {
            batch.sealed();
        }
    }

    /**
     * Prevents a task from waiting for its own batch. Call before a blocking gather seals the batch.
     *
     * @throws IllegalStateException if the calling thread is in a task of the batch that is open, or in a call of a
     *     function that must not block
     */
    public final void checkNotOwnTask() {
        checkMayWait();
        if (Lane.isInTaskOf(batches().open())) {
            throw new IllegalStateException("gather() of \"" + name()
                    + "\" was called from inside a task of the same batch, which would wait for itself");
        }
    }
}
