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
    private final TaskPolicy policy;
    private final boolean plain;
    private final @Nullable Stage next;

    TaskRunner(Work<?, ?> work, LanePool pool, Dialect dialect, @Nullable Stage next) {
        this.work = work;
        this.name = pool.name();
        this.dialect = dialect;
        this.policy = pool.policy();
        this.plain = policy.isNone();
        this.next = next;
    }

    String name() {
        return name;
    }

    TaskPolicy policy() {
        return policy;
    }

    /**
     * Runs a task whose slot the caller has started.
     *
     * @param content the argument, or the envelope it travels in
     * @param lane that runs it: whoever listens for the result is not to be interrupted for the batch
     * @return true if the task is over, and the caller has to count it; false if it goes on in the next stage of a chain, or
     *     somebody else has counted it
     */
    boolean run(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, Lane lane) {
        if (!plain) {
            return runByPolicy(batch, index, chunk, content, lane);
        }
        if (content instanceof Envelope envelope) {
            boolean over = true;
            try {
                over = finish(batch, index, chunk, content, applyIn(envelope), lane);
            } catch (Throwable thrown) {
                fail(batch, index, chunk, content, thrown, 1);
            }
            if (over) {
                deliver(envelope, batch, index, chunk, lane.occupancy());
            }
            return over;
        }
        try {
            return finish(batch, index, chunk, content, apply(work, content), lane);
        } catch (Throwable thrown) {
            fail(batch, index, chunk, content, thrown, 1);
            return true;
        }
    }

    /** What a task has failed with that took too long elsewhere. */
    Throwable timeout(int index) {
        return policy.timeout().after(index, name);
    }

    /**
     * Stores what came of a task that ran elsewhere, in the slot and with whoever listens, or hands it on to the next stage.
     *
     * @return true if the task is over, and the caller has to count it
     */
    boolean settle(
            Batch batch,
            int index,
            Slots.Chunk chunk,
            @Nullable Object content,
            @Nullable Object value,
            @Nullable Throwable failure,
            Lane lane) {
        boolean over = true;
        int attempt = Envelope.crashesOf(content) + 1;
        if (failure == null) {
            try {
                over = finish(batch, index, chunk, content, value, lane);
            } catch (Throwable refused) { // by the next stage
                fail(batch, index, chunk, content, refused, attempt);
            }
        } else {
            fail(batch, index, chunk, content, failure, attempt);
        }
        if (over && content instanceof Envelope envelope) {
            deliver(envelope, batch, index, chunk, lane.occupancy());
        }
        return over;
    }

    /** The same with a limit to its time, with another attempt after a failure, or both. */
    private boolean runByPolicy(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, Lane lane) {
        TaskClock clock = lane.clock();
        for (int attempt = 1; ; attempt++) {
            Object result = null;
            Throwable thrown = null;
            if (clock != null) {
                clock.start(batch, index, content, attempt);
            }
            try {
                result = content instanceof Envelope envelope ? applyIn(envelope) : apply(work, content);
            } catch (Throwable failure) {
                thrown = failure;
            }
            TaskClock.End end = clock == null ? TaskClock.End.IN_TIME : clock.end();
            if (clock != null && end != TaskClock.End.IN_TIME) {
                thrown = timedOut(end, clock.failure(), thrown);
                if (end == TaskClock.End.GIVEN_UP) {
                    return false;
                }
            }
            boolean over = true;
            if (thrown == null) {
                try {
                    over = finish(batch, index, chunk, content, result, lane);
                } catch (Throwable refused) { // by the next stage
                    fail(batch, index, chunk, content, refused, attempt);
                }
            } else if (mayTryAgain(batch, attempt, thrown, lane)) {
                continue;
            } else {
                fail(batch, index, chunk, content, thrown, attempt);
            }
            if (over && content instanceof Envelope envelope) {
                deliver(envelope, batch, index, chunk, lane.occupancy());
            }
            return over;
        }
    }

    /** What the attempt itself has thrown is as a rule but the echo of the interrupt. */
    private Throwable timedOut(TaskClock.End end, Throwable failure, @Nullable Throwable thrown) {
        if (thrown != null && !isEchoOfInterrupt(thrown)) {
            if (end == TaskClock.End.GIVEN_UP) {
                dialect.drop(thrown);
            } else if (thrown != failure) {
                failure.addSuppressed(thrown);
            }
        }
        return failure;
    }

    private boolean mayTryAgain(Batch batch, int attempt, Throwable thrown, Lane lane) {
        if (!policy.grantsAnother(attempt, thrown)) {
            return false;
        }
        if (lane.isInline()) {
            return !Thread.currentThread().isInterrupted(); // meant for the caller
        }
        Thread.interrupted(); // meant for the attempt before; but if it was for the batch, that has ended by now
        return !batch.isEnded();
    }

    /** Stores a result, or hands it on to the next stage. True if this was the last one. */
    private boolean finish(
            Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, @Nullable Object result, Lane lane) {
        Stage following = next;
        if (following == null) {
            if (result == null) {
                batch.checkNull(index);
            }
            chunk.finish(index, result, Slots.DONE);
            return true;
        }
        following.pass(
                batch,
                chunk,
                index,
                content instanceof Envelope envelope
                        ? new Envelope(result, envelope.completion(), envelope.context())
                        : result,
                lane);
        return false;
    }

    private void deliver(Envelope envelope, Batch batch, int index, Slots.Chunk chunk, Occupancy occupancy) {
        Completion<?> completion = envelope.completion();
        if (completion != null) {
            occupancy.leave();
            Thread.interrupted();
            deliver(completion, index, chunk);
            occupancy.enter(batch);
        }
    }

    /** Hands on what lies in a finished slot. */
    private void deliver(Completion<?> completion, int index, Slots.Chunk chunk) {
        Object content = chunk.value(index);
        if (Slots.isFailure(chunk.state(index))) {
            completion.fail((Throwable) Objects.requireNonNull(content));
        } else if (content == null && !dialect.carriesNull()) {
            completion.fail(new NullPointerException(
                    "scatter " + index + " of \"" + name + "\" returned null, which a single result cannot carry"));
        } else {
            completion.succeed(Slots.typed(content));
        }
    }

    /**
     * Fails a task that nobody can be had to run, or to end, and counts it.
     *
     * @param count how many tasks of the batch to count, this one among them
     */
    void refuse(Batch batch, int index, @Nullable Object content, Throwable reason, int attempts, int count) {
        fail(batch, index, batch.slots().filledChunk(index), content, reason, attempts);
        if (content instanceof Envelope envelope && envelope.completion() != null) {
            envelope.completion().fail(reason);
        }
        batch.finished(count);
        if (batch.isStreamed()) {
            batch.settled(index);
        }
    }

    private void fail(
            Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, Throwable thrown, int attempts) {
        Object argument = content;
        boolean nobodysLoss = batch.isEnded() && isEchoOfInterrupt(thrown);
        if (content instanceof Envelope envelope) {
            argument = envelope.argument();
            nobodysLoss |= envelope.completion() != null; // who listens receives it, whether or not the gather wants it
        }
        TaskOrigin.attach(thrown, name, batch.ordinal(index), argument, attempts);
        chunk.finish(index, thrown, nobodysLoss ? Slots.REPORTED : Slots.FAILED);
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

    static <A extends @Nullable Object> @Nullable Object apply(Work<A, ?> work, @Nullable Object argument)
            throws Exception {
        return work.run(Slots.typed(argument));
    }
}
