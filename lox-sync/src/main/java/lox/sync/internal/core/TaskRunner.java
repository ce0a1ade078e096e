package lox.sync.internal.core;

import java.util.concurrent.locks.LockSupport;
import lox.sync.event.TaskEnd;
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
    private final boolean listened;
    private final @Nullable AttemptTimer clock;
    private final @Nullable Relay next;
    private final @Nullable DelayedRetries retries;
    private final @Nullable AttemptObserver observer;

    /**
     * Makes the runner of a lane, with a timer if its tasks are timed, with a relay if there is a next function, and
     * with an observer if somebody wants to know of each attempt.
     */
    TaskRunner(
            LaneSettings settings,
            @Nullable AttemptTimer clock,
            @Nullable Relay next,
            @Nullable AttemptObserver observer) {
        this.work = settings.work();
        this.dialect = settings.dialect();
        this.failures = settings.failures();
        this.policy = failures.policy();
        this.observer = observer;
        this.listened = settings.observer().isListened();
        this.plain = policy.isNone() && observer == null;
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
            if (next != null && listened) {
                batch.observation().times().note(index, System.nanoTime()); // it waits for the next function
            }
            return finishOrFail(batch, index, chunk, content, value, attempt);
        }
        failures.fail(batch, index, chunk, content, failure, attempt);
        return true;
    }

    /** Runs a task with a time limit, with further attempts after a failure, observed, or any of these. */
    private boolean runByPolicy(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content) {
        int first = Envelope.failuresOf(content) + 1;
        for (int attempt = first; ; attempt++) {
            Object result = null;
            Throwable thrown = null;
            boolean runs = observer == null || observer.start(batch, index, attempt, attempt > first);
            if (clock != null) {
                clock.start(batch, index, content, attempt, observer);
            }
            try {
                if (!runs) {
                    throw new InterruptedException("cancelled");
                }
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
                if (observer != null) {
                    tellResult(observer, batch, index, result);
                }
                boolean over = finishOrFail(batch, index, chunk, content, result, attempt);
                if (observer != null && !over) {
                    observer.passedOn();
                }
                return over;
            }
            long delay = 0;
            boolean again = mayTryAgain(batch, attempt, thrown);
            if (observer != null) {
                observer.end(batch, index, again ? TaskEnd.RETRIED : endOf(batch, end, thrown), thrown);
            }
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

    /** Tells that the function has returned; where a result cannot be taken, that is a failure. */
    private void tellResult(AttemptObserver told, Batch batch, int index, @Nullable Object result) {
        Throwable refusal = null;
        if (next == null && result == null) {
            try {
                batch.checkNull(index);
            } catch (RuntimeException refused) {
                refusal = refused;
            }
        }
        told.end(batch, index, refusal == null ? TaskEnd.SUCCEEDED : TaskEnd.FAILED, refusal);
    }

    private static TaskEnd endOf(Batch batch, AttemptTimer.End end, Throwable thrown) {
        if (end == AttemptTimer.End.TIMED_OUT) {
            return TaskEnd.TIMED_OUT;
        }
        return batch.isEnded() && InterruptEcho.isEcho(thrown) ? TaskEnd.CANCELLED : TaskEnd.FAILED;
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
