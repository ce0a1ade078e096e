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
 * The attempts of live workers that ended last, up to a limit. Threads add to one of several open chunks, which one
 * their number says; a full chunk goes to the end of a queue, and where the limit is passed the one at its front is let
 * go. No lock.
 *
 * <p>The limit is kept by whole chunks. When one is let go, each stripe has at most one other chunk with attempts that
 * ended before the last of those, so one more for each stripe is kept; and the open ones come on top. At least
 * {@code limit} attempts are kept, and at most {@code limit + (2 * STRIPES + 1) * TaskChunk.SIZE}.
 */
final class TaskLog implements AttemptLog {
    static final int STRIPES = 16;

    private final AtomicReferenceArray<TaskChunk> open = new AtomicReferenceArray<>(STRIPES);
    private final ConcurrentLinkedQueue<TaskChunk> full = new ConcurrentLinkedQueue<>();
    private final AtomicInteger fullCount = new AtomicInteger();
    private final int limit;
    private final int fullLimit;
    private final AtomicLong completeFrom = new AtomicLong(Long.MIN_VALUE);

    TaskLog(int limit) {
        this.limit = limit;
        this.fullLimit = limit / TaskChunk.SIZE + (limit % TaskChunk.SIZE == 0 ? 0 : 1) + STRIPES;
    }

    @Override
    public void add(TaskEvent task, TaskEnd end, long ranNanos) {
        int stripe = (int) Thread.currentThread().getId() & (STRIPES - 1);
        while (true) {
            TaskChunk chunk = open.get(stripe);
            if (chunk != null && chunk.add(task, end, ranNanos)) {
                return;
            }
            TaskChunk next = new TaskChunk(stripe, chunk);
            if (open.compareAndSet(stripe, chunk, next) && chunk != null) {
                full.add(chunk);
                next.forgetPrevious(); // from now on the queue has it
                fullCount.incrementAndGet();
                letGoBeyondLimit();
            }
        }
    }

    private void letGoBeyondLimit() {
        while (fullCount.get() > fullLimit) {
            TaskChunk oldest = full.peek();
            if (oldest == null) {
                return;
            }
            completeFrom.accumulateAndGet(oldest.lastEnd(), Math::max);
            if (full.remove(oldest)) { // another thread may let it go, too
                fullCount.decrementAndGet();
            }
        }
    }

    /**
     * The attempts that ended last. Where some have been let go, those are left out that ended before the last of
     * these, as far as the limit allows: one thread's attempts may be kept for longer than another's, and a lane would
     * seem to have been idle. Attempts that end meanwhile may be missing.
     */
    @Override
    public Kept kept() {
        // The open chunks first: one that is full meanwhile is seen twice then, and not missed.
        Set<TaskChunk> chunks = Collections.newSetFromMap(new IdentityHashMap<>());
        long[] before = new long[STRIPES];
        long gone = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            TaskChunk chunk = open.get(stripe);
            before[stripe] = chunk == null ? 0 : chunk.number();
            gone += before[stripe];
            for (; chunk != null; chunk = chunk.previous()) {
                chunks.add(chunk);
            }
        }
        full.forEach(chunk -> {
            if (chunk.number() < before[chunk.stripe()]) { // another has been opened and filled meanwhile
                chunks.add(chunk);
            }
        });
        List<Attempt> attempts = new ArrayList<>(chunks.size() * TaskChunk.SIZE);
        for (TaskChunk chunk : chunks) {
            chunk.copyTo(attempts);
            gone -= chunk.number() < before[chunk.stripe()] ? 1 : 0;
        }
        long from = completeFrom.get();
        attempts.sort(Kept.BY_END);
        int most = Math.max(0, attempts.size() - limit);
        int early = 0;
        while (early < most && attempts.get(early).ended() < from) {
            early++;
        }
        return new Kept(List.copyOf(attempts.subList(early, attempts.size())), gone * TaskChunk.SIZE + early);
    }
}
