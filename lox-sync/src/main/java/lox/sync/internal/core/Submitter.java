package lox.sync.internal.core;

import java.util.concurrent.RejectedExecutionException;
import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.observe.ScatterTimes;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.result.StackProbe;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The entry point for work. Everything that is scattered, mapped or passed from one function of a chain to the next is
 * put into a slot here, after it has been admitted by the {@link QueueLimiter} if there is a queue limit. The submitter
 * then ensures that a lane runs it.
 *
 * <p>Accepted work is never lost: if there is no memory or no stack to store it or to run it, its batch ends with that
 * error.
 */
public final class Submitter {
    private static final int SAMPLE = 16;

    private final LanePool pool;
    private final ChainPools pools;
    private final FunctionObserver observer;
    private final boolean listened; // and what is put in are tasks, not ranges of them
    private final QueueLimiter limiter;
    private final Dialect dialect;
    private final BatchChain batches;
    private final Submissions submissions;
    private final Lanes lanes;
    private final boolean ofStage;

    Submitter(
            LaneSettings settings,
            ChainPools pools,
            BatchChain batches,
            Submissions submissions,
            Lanes lanes,
            boolean ofStage) {
        this.pool = settings.pool();
        this.observer = settings.observer();
        this.listened = !ofStage && observer.isListened();
        this.ofStage = ofStage;
        this.limiter = settings.limiter();
        this.dialect = settings.dialect();
        this.pools = pools;
        this.batches = batches;
        this.submissions = submissions;
        this.lanes = lanes;
    }

    /**
     * Puts an argument into the open batch.
     *
     * @return its index
     * @throws RejectedExecutionException if the pool is closed or shut down, or the caller would have to wait and must
     *     not
     * @throws IllegalStateException if the batch is full
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    int put(@Nullable Object content) {
        admit();
        prepare();
        return put(content, batches, null);
    }

    /**
     * The same for a batch of one's own, or for the seeds of one that grows.
     *
     * @throws IllegalStateException also if it has been sealed
     */
    public int putScattered(@Nullable Object content, BatchSource batch) {
        admit();
        prepare();
        return put(content, batch.batches(), batch);
    }

    /**
     * The same for many arguments at once and a batch of one's own with one producer. The function has workers and no
     * queue limit.
     *
     * @throws IllegalStateException if the batch would be full, or has been sealed
     */
    void putScattered(@Nullable Object[] contents, int count, BatchSource source) {
        prepare();
        pools.checkAccepting();
        BatchChain chain = source.batches();
        Batch batch = chain.open();
        int first = batch.reserve(count);
        if (first < 0) {
            chain.moveOn(batch); // refuses
        }
        observe(batch, first, count, isTimed(0)); // one look at the clock for all
        try {
            batch.fill(first, contents, count);
        } catch (Throwable refused) { // no memory: some slots will never be full
            batch.broken = refused;
            batch.abort(refused);
            throw refused;
        }
        source.placed(batch, first + count - 1);
        for (int i = 0; batch.isEnded() && i < count; i++) {
            SlotCleanup.dropIfFull(batch, first + i);
        }
    }

    /**
     * Puts a task into a source's own batches. Never waits: the source bounds what it takes in, and a counted task is
     * admitted even beyond the queue limit.
     */
    public void put(@Nullable Object content, BatchSource source) {
        if (source.isCounted()) {
            limiter.enter(true, dialect);
            prepare();
        }
        put(content, source.batches(), source);
    }

    /**
     * Checks, before a task is put in, that there is enough stack to have it run. While no lane is missing, the task is
     * only stored. That takes no more stack than the reservation of its index, so the check is skipped then.
     *
     * @throws StackOverflowError if the stack is nearly used up; then nothing has been put in
     */
    private void prepare() {
        if (pool.isInline() || pool.isAsynchronous() || lanes.isLacking()) {
            try {
                if (pool.isAsynchronous()) { // in any case: the task may be begun at once
                    StackProbe.checkCall();
                } else {
                    StackProbe.check();
                }
            } catch (Throwable noRoom) {
                limiter.leave();
                throw noRoom;
            }
        }
    }

    /**
     * Accepts a submission. If this method throws, the submission has not been accepted, or has ended.
     *
     * @throws RejectedExecutionException if the pool is closed or shut down, or the caller would have to wait and must
     *     not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    public void put(@Nullable Object content, Submission submission) {
        admit();
        prepare();
        try {
            pools.checkAccepting();
            observe(submission, 0, 1, isTimed(0));
            if (pool.isInline()) {
                submissions.count(submission);
                submission.fillStarted(0, content);
            } else {
                submission.fill(0, content);
                submissions.add(submission);
            }
        } catch (Throwable refused) {
            limiter.leave();
            throw refused;
        }
        try {
            if (pool.isInline()) {
                limiter.leave();
                lanes.make().runHere(submission, 0, content);
            } else if (pool.isClosed()) { // the closing thread may not have seen it
                submission.cancel(pool.closedReason());
            } else {
                lanes.launchIfLacking();
            }
        } catch (Throwable broken) { // no stack, no memory: the caller will have nothing to cancel it with
            submission.broken = broken;
            submission.abort(broken);
            throw broken;
        }
    }

    private int put(@Nullable Object content, BatchChain chain, @Nullable BatchSource source) {
        boolean scattered = source == null || source.isScattered();
        boolean inline = pool.isInline();
        Batch batch = chain.open();
        int index = -1;
        try {
            if (batch.lateIndex >= 0) {
                batch.fillLate();
            }
            boolean each = !lanes.isBatched();
            boolean seen = isSeen(each);
            for (index = reserve(batch, scattered); index < 0; index = reserve(batch, scattered)) {
                chain.moveOn(batch);
                batch = chain.open();
            }
            boolean timed = seen && (each || index % SAMPLE == 0);
            if (inline) {
                if (timed || index == 0) {
                    observe(batch, index, 1, timed);
                }
                batch.fillStarted(index, content);
            } else {
                try {
                    if (timed || index == 0) {
                        observe(batch, index, 1, timed);
                    }
                    batch.fill(index, content);
                } catch (Throwable noRoom) { // the index is taken: it has to be scattered all the same
                    // No calls in here, but of monitors, and no class that may have to be looked up.
                    synchronized (batch) {
                        if (!scattered || batch.lateIndex != -1) {
                            throw noRoom;
                        }
                        batch.late = content;
                        batch.lateIndex = index;
                    }
                    return index;
                }
            }
        } catch (Throwable refused) {
            if (index >= 0) { // no memory, no stack: the slot will never be full, so its batch could never complete
                batch.broken = refused;
                batch.abort(refused);
            }
            if (source == null || source.isCounted()) {
                limiter.leave();
            }
            throw refused;
        }
        if (inline) {
            try {
                limiter.leave();
                lanes.make().runHere(batch, index, content);
            } catch (Throwable failure) { // as above: the slot may never be finished
                batch.broken = failure;
                batch.abort(failure);
                if (scattered) {
                    throw failure;
                }
            }
        } else if (source != null) {
            try {
                source.placed(batch, index);
            } catch (Throwable noStack) { // no lane may ever learn of the task; a store is all that surely works here
                batch.broken = noStack;
                throw noStack;
            }
        } else {
            try {
                if (batch.isEnded()) {
                    SlotCleanup.dropIfFull(batch, index);
                } else {
                    lanes.launchFor(batch, index, null);
                }
            } catch (StackOverflowError noRoom) {
                // It is scattered all the same. Where a lane was lacking, the stack has been probed before. So lanes
                // were on their way, and look again when they leave; whoever gathers starts one in any case.
                return index;
            }
        }
        return index;
    }

    /**
     * Whether the time of a scatter is noted: for listeners, one time in {@value #SAMPLE} while tasks are so short that
     * it would show; for the flight recorder unless they are so short.
     */
    private boolean isTimed(int index) {
        boolean each = !lanes.isBatched();
        return isSeen(each) && (each || index % SAMPLE == 0);
    }

    /** Whether the time of any scatter is noted at present; of each, or of some. */
    private boolean isSeen(boolean each) {
        return listened || (each && !ofStage && observer.seesTasks());
    }

    /** Notes when tasks are scattered, if somebody wants to know. Never throws: a time is not worth a task. */
    private void observe(Batch batch, int first, int count, boolean timed) {
        try {
            if (timed) {
                ScatterTimes times = batch.observation().times();
                long now = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    times.note(first + i, now);
                }
            } else if (first == 0 && !ofStage && observer.isOn()) {
                batch.observation(); // which notes when the batch has begun
            }
        } catch (StackOverflowError | OutOfMemoryError noRoom) {
            return;
        }
    }

    private int reserve(Batch batch, boolean scattered) {
        if (scattered) {
            pools.checkAccepting();
        } else {
            pools.checkNotClosed(); // it belongs to a map, or to a chain, that has been accepted
        }
        return batch.reserve();
    }

    /** Whether there is a queue limit. */
    boolean isLimited() {
        return limiter.isLimited();
    }

    /**
     * Waits at the queue limit until one more scatter is admitted.
     *
     * @throws RejectedExecutionException if the caller would have to wait and must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted
     */
    public void admit() {
        limiter.enter(PoolJob.isWorkerOf(pool), dialect);
    }
}
