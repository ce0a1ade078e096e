package lox.timeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;

/**
 * The attempts that ended last, up to a limit. Threads add to one of several open chunks, which one their number says;
 * a full chunk goes to the end of a queue, and where the limit is passed the one at its front is let go. No lock.
 *
 * <p>The limit is kept by whole chunks, and the open ones come on top of it: at least {@code limit} attempts are kept,
 * and at most {@code limit + (STRIPES + 1) * TaskChunk.SIZE}.
 */
final class TaskLog {
    static final int STRIPES = 16;

    private final AtomicReferenceArray<TaskChunk> open = new AtomicReferenceArray<>(STRIPES);
    private final ConcurrentLinkedQueue<TaskChunk> full = new ConcurrentLinkedQueue<>();
    private final AtomicInteger fullCount = new AtomicInteger();
    private final int fullLimit;
    private final AtomicLong letGo = new AtomicLong();
    private final AtomicLong completeFrom = new AtomicLong(Long.MIN_VALUE);

    TaskLog(int limit) {
        this.fullLimit = limit / TaskChunk.SIZE + (limit % TaskChunk.SIZE == 0 ? 0 : 1);
    }

    void add(TaskEvent task, TaskEnd end, long ranNanos) {
        add(task, end, ranNanos, 1);
    }

    /** Adds a run of tasks, of which this is the first. */
    void add(TaskEvent task, TaskEnd end, long ranNanos, int count) {
        int stripe = (int) Thread.currentThread().getId() & (STRIPES - 1);
        while (true) {
            TaskChunk chunk = open.get(stripe);
            if (chunk != null && chunk.add(task, end, ranNanos, count)) {
                return;
            }
            if (open.compareAndSet(stripe, chunk, new TaskChunk()) && chunk != null) {
                keep(chunk);
            }
        }
    }

    private void keep(TaskChunk chunk) {
        full.add(chunk);
        if (fullCount.incrementAndGet() > fullLimit) {
            TaskChunk oldest = full.poll();
            if (oldest != null) {
                fullCount.decrementAndGet();
                letGo(oldest);
            }
        }
    }

    private void letGo(TaskChunk chunk) {
        List<Attempt> gone = new ArrayList<>(TaskChunk.SIZE);
        chunk.copyTo(gone);
        letGo.addAndGet(gone.size());
        for (Attempt attempt : gone) {
            completeFrom.accumulateAndGet(attempt.ended(), Math::max);
        }
    }

    /** How many attempts have been let go. */
    long letGo() {
        return letGo.get();
    }

    /**
     * The attempts that ended last, in no order. Where some have been let go, those are left out that ended before the
     * last of these: one thread's attempts may be kept for longer than another's, and a lane would seem to have been
     * idle. Attempts that end meanwhile may be missing.
     */
    List<Attempt> attempts() {
        // The open chunks first: one that is full meanwhile is seen twice then, and not missed.
        Set<TaskChunk> chunks = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            TaskChunk chunk = open.get(stripe);
            if (chunk != null) {
                chunks.add(chunk);
            }
        }
        chunks.addAll(full);
        List<Attempt> attempts = new ArrayList<>(chunks.size() * TaskChunk.SIZE);
        chunks.forEach(chunk -> chunk.copyTo(attempts));
        long from = completeFrom.get();
        attempts.removeIf(attempt -> attempt.ended() < from);
        return attempts;
    }
}
