package lox.sync.engine;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs one task of a slot and stores what came of it: in the slot, and with whoever listens for it. */
final class TaskRunner {
    /** Chains of causes can be circles. */
    private static final int LONGEST_CAUSE = 20;

    private final Work<?, ?> work;
    private final String name;
    private final Dialect dialect;

    TaskRunner(Work<?, ?> work, String name, Dialect dialect) {
        this.work = work;
        this.name = name;
        this.dialect = dialect;
    }

    /**
     * Runs a task whose slot the caller has started.
     *
     * @param content the argument, or the envelope it travels in
     * @param occupancy of the lane that runs it: whoever listens for the result is not to be interrupted for the batch
     */
    void run(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, Occupancy occupancy) {
        if (content instanceof Envelope envelope) {
            open(batch, index, chunk, envelope);
            Completion<?> completion = envelope.completion();
            if (completion != null) {
                occupancy.leave();
                Thread.interrupted();
                deliver(completion, index, chunk);
                occupancy.enter(batch);
            }
        } else {
            try {
                Object result = apply(work, content);
                if (result == null) {
                    batch.checkNull(index);
                }
                chunk.finish(Slots.offset(index), result, Slots.DONE);
            } catch (Throwable thrown) {
                fail(batch, index, chunk, content, thrown, false);
            }
        }
    }

    private void open(Batch batch, int index, Slots.Chunk chunk, Envelope envelope) {
        try {
            Object result = applyIn(envelope);
            if (result == null) {
                batch.checkNull(index);
            }
            chunk.finish(Slots.offset(index), result, Slots.DONE);
        } catch (Throwable thrown) {
            fail(batch, index, chunk, envelope.argument(), thrown, envelope.completion() != null);
        }
    }

    /** Hands on what lies in a finished slot. */
    private void deliver(Completion<?> completion, int index, Slots.Chunk chunk) {
        Object content = chunk.value(Slots.offset(index));
        if (chunk.state(Slots.offset(index)) != Slots.DONE) {
            completion.fail((Throwable) Objects.requireNonNull(content));
        } else if (content == null && !dialect.carriesNull()) {
            completion.fail(new NullPointerException(
                    "scatter " + index + " of \"" + name + "\" returned null, which a single result cannot carry"));
        } else {
            completion.succeed(Slots.typed(content));
        }
    }

    /** Fails a task that nobody can be had to run. */
    void refuse(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, Throwable reason) {
        if (content instanceof Envelope envelope) {
            Completion<?> completion = envelope.completion();
            fail(batch, index, chunk, envelope.argument(), reason, completion != null);
            if (completion != null) {
                completion.fail(reason);
            }
        } else {
            fail(batch, index, chunk, content, reason, false);
        }
    }

    /** {@code received}: somebody listens for it, so nobody has to be told if the gather does not want it. */
    private void fail(
            Batch batch, int index, Slots.Chunk chunk, @Nullable Object argument, Throwable thrown, boolean received) {
        boolean nobodysLoss = received || (batch.isEnded() && isEchoOfInterrupt(thrown));
        TaskOrigin.attach(thrown, name, batch.ordinal(index), argument);
        chunk.finish(Slots.offset(index), thrown, nobodysLoss ? Slots.REPORTED : Slots.FAILED);
        batch.failed(index, thrown);
    }

    /** Whether a failure is but the echo of an interrupt, which is how a batch that has ended stops its tasks. */
    private static boolean isEchoOfInterrupt(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < LONGEST_CAUSE; depth++) {
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || cause.getClass() == InterruptedIOException.class) { // its subclasses are timeouts
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private @Nullable Object applyIn(Envelope envelope) throws Exception {
        Dialect.Context context = envelope.context();
        if (context == null) {
            return apply(work, envelope.argument());
        }
        Runnable former = context.restore();
        try {
            return apply(work, envelope.argument());
        } finally {
            former.run();
        }
    }

    private static <A extends @Nullable Object> @Nullable Object apply(Work<A, ?> work, @Nullable Object argument)
            throws Exception {
        return work.run(Slots.typed(argument));
    }
}
