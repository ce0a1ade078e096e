package lox.sync.internal.core;

import java.util.concurrent.locks.LockSupport;
import lox.sync.internal.pool.TaskPolicy;
import lox.sync.internal.result.Unchecked;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.Dialect;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * Runs one task of a slot and stores its outcome in the slot, or passes its result to the next function of a chain.
 * Belongs to one lane.
 */
public final class TaskRunner {
    private final Work<?, ?> work;
    private final Dialect dialect;
    private final TaskFailures failures;
    private final TaskPolicy policy;
    private final boolean plain;
    private final boolean inline;
    private final @Nullable AttemptTimer clock;
    private final @Nullable Relay next;
    private final @Nullable DelayedRetries retries;

    /**
     * Makes the runner of a lane, with a timer if its tasks are timed, and with a relay if there is a next function.
     */
    TaskRunner(LaneSettings settings, @Nullable AttemptTimer clock, @Nullable Relay next) {
        this.work = settings.work();
        this.dialect = settings.dialect();
        this.failures = settings.failures();
        this.policy = failures.policy();
        this.plain = policy.isNone();
        this.inline = settings.pool().isInline();
        this.clock = clock;
        this.next = next;
        this.retries = settings.retries();
    }

    /**
     * Runs a task whose slot the caller has started.
     *
     * @param content the argument, or its envelope
     * @return true if the task is finished and the caller has to count it; false if it continues in the next stage of a
     *     chain, waits for its next attempt, or another thread has counted it
     */
    boolean run(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content) {
        if (!plain) {
            return runByPolicy(batch, index, chunk, content);
        }
        try {
            Object result = content instanceof Envelope envelope ? applyIn(envelope) : apply(work, content);
            return finish(batch, index, chunk, content, result);
        } catch (Throwable thrown) {
            failures.fail(batch, index, chunk, content, thrown, 1);
            return true;
        }
    }

    /**
     * Stores the outcome of a task that ran elsewhere, or passes its result to the next stage.
     *
     * @return true if the task is finished and the caller has to count it
     */
    public boolean settle(
            Batch batch,
            int index,
            Slots.Chunk chunk,
            @Nullable Object content,
            @Nullable Object value,
            @Nullable Throwable failure) {
        int attempt = Envelope.failuresOf(content) + 1;
        if (failure == null) {
            return finishOrFail(batch, index, chunk, content, value, attempt);
        }
        failures.fail(batch, index, chunk, content, failure, attempt);
        return true;
    }

    /** Runs a task with a time limit, with further attempts after a failure, or both. */
    private boolean runByPolicy(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content) {
        for (int attempt = Envelope.failuresOf(content) + 1; ; attempt++) {
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
            AttemptTimer.End end = clock == null ? AttemptTimer.End.IN_TIME : clock.end();
            if (clock != null && end != AttemptTimer.End.IN_TIME) {
                thrown = timedOut(end, clock.failure(), thrown);
                if (end == AttemptTimer.End.GIVEN_UP) {
                    return false;
                }
            }
            if (thrown == null) {
                return finishOrFail(batch, index, chunk, content, result, attempt);
            }
            long delay = 0;
            boolean again = mayTryAgain(batch, attempt, thrown);
            if (again) {
                delay = policy.retry().delayNanos(attempt);
                if (delay > 0 && retries != null) {
                    retries.delay(batch, chunk, index, Envelope.afterFailures(content, attempt), delay);
                    return false;
                }
            }
            if (!again || !waitHere(delay)) {
                failures.fail(batch, index, chunk, content, thrown, attempt);
                return true;
            }
        }
    }

    /** Waits in the thread that runs the task, where there are no lanes. Returns false if the thread is interrupted. */
    private static boolean waitHere(long nanos) {
        long begun = System.nanoTime();
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - begun)) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(left);
        }
        return true;
    }

    /** Combines a timeout with the failure of the attempt itself, which is usually only the echo of the interrupt. */
    private Throwable timedOut(AttemptTimer.End end, Throwable failure, @Nullable Throwable thrown) {
        if (thrown != null && !InterruptEcho.isEcho(thrown)) {
            if (end == AttemptTimer.End.GIVEN_UP) {
                dialect.drop(thrown);
            } else if (thrown != failure) {
                failure.addSuppressed(thrown);
            }
        }
        return failure;
    }

    private boolean mayTryAgain(Batch batch, int attempt, Throwable thrown) {
        if (!policy.retry().grantsAnother(attempt, thrown)) {
            return false;
        }
        if (inline) {
            return !Thread.currentThread().isInterrupted(); // meant for the caller
        }
        Thread.interrupted(); // meant for the previous attempt; a batch that it was meant for has ended by now
        return !batch.isEnded();
    }

    /**
     * Stores a result, or passes it on; the task fails if the next stage refuses it. Returns true if the task is
     * finished.
     */
    private boolean finishOrFail(
            Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, @Nullable Object result, int attempt) {
        try {
            return finish(batch, index, chunk, content, result);
        } catch (Throwable refused) {
            failures.fail(batch, index, chunk, content, refused, attempt);
            return true;
        }
    }

    /** Stores a result, or passes it to the next stage. Returns true if this was the last stage. */
    private boolean finish(
            Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, @Nullable Object result) {
        Relay following = next;
        if (following == null) {
            if (result == null) {
                batch.checkNull(index);
            }
            chunk.finish(index, result, Slots.DONE);
            return true;
        }
        Object passed = content instanceof Envelope envelope ? new Envelope(result, envelope.context()) : result;
        following.pass(batch, chunk, index, passed);
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

    /** Calls a function in the calling thread. */
    public static <A extends @Nullable Object> @Nullable Object apply(Work<A, ?> work, @Nullable Object argument)
            throws Exception {
        return work.run(Unchecked.cast(argument));
    }
}
