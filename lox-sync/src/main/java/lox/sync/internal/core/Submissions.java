package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The queue of those submitted tasks of one Scatter that no lane has claimed, oldest first: a lock-free Michael-Scott
 * queue.
 *
 * <pre>
 *   passed                            last
 *     |                                 |
 *     v                                 v
 *   Link --next--&gt; Link(submission) … Link(submission)
 * </pre>
 *
 * <p><b>Order.</b> A submission records the current {@linkplain BatchChain#position position} of the batches. Lanes
 * claim the slots before that position, then the submission, then the slots after it ({@link WorkSources}). The
 * position is read after the predecessor link has been found, and before the submission is appended to that link by one
 * compare-and-set. Positions therefore never decrease along the queue, and each thread's scatters and submits start in
 * the order of its calls.
 *
 * <p><b>Memory.</b> A passed link holds no submission and points to itself, as in {@link BatchChain}: a task that never
 * ends keeps nothing that came later. Cancelled submissions in the middle are swept once {@value #MOST_CANCELLED} plus
 * half the queue's length have been cancelled since the last sweep.
 */
final class Submissions {
    private static final int MOST_CANCELLED = 64;
    private static final VarHandle PASSED;
    private static final VarHandle LAST;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PASSED = lookup.findVarHandle(Submissions.class, "passed", Link.class);
            LAST = lookup.findVarHandle(Submissions.class, "last", Link.class);
            NEXT = lookup.findVarHandle(Link.class, "next", Link.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Link {
        private volatile @Nullable Submission submission;
        private volatile @Nullable Link next;
        private long number; // written before it can be found

        Link(@Nullable Submission submission) {
            this.submission = submission;
        }
    }

    private final BatchChain batches;
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final AtomicLong inline = new AtomicLong();
    private volatile Link passed = new Link(null);
    private volatile Link last = passed;

    Submissions(BatchChain batches) {
        this.batches = batches;
    }

    /** Appends a submission whose slot is full. */
    void add(Submission submission) {
        Link link = new Link(submission);
        for (; ; ) {
            Link at = last;
            Link next = at.next;
            if (next == at) {
                continue; // passed meanwhile: last has changed
            }
            if (next != null) {
                LAST.compareAndSet(this, at, next);
                continue;
            }
            link.number = at.number + 1;
            submission.lineUp(batches.position(), at.number);
            if (NEXT.compareAndSet(at, (Link) null, link)) {
                LAST.compareAndSet(this, at, link);
                return;
            }
        }
    }

    /** Numbers a submission that is run in the thread that submits it. */
    void count(Submission submission) {
        submission.lineUp(0, inline.getAndIncrement());
    }

    /** The oldest submission that no lane has claimed, or null. */
    @Nullable
    Submission front() {
        for (; ; ) {
            Link at = passed;
            Link next = at.next;
            if (next == null) {
                return null;
            }
            if (next == at) {
                continue; // passed meanwhile
            }
            Submission first = next.submission;
            if (first != null && !first.isOver()) {
                return first;
            }
            if (last == at) {
                LAST.compareAndSet(this, at, next);
            }
            if (PASSED.compareAndSet(this, at, next)) {
                next.submission = null;
                at.next = at;
            }
        }
    }

    /** Whether more than about {@code count} submissions wait. */
    boolean isLongerThan(int count) {
        return last.number - passed.number > count;
    }

    /** The submissions that no lane has claimed. */
    List<Submission> waiting() {
        List<Submission> waiting = new ArrayList<>();
        Link at = passed;
        for (Link link = at.next; link != null; link = link.next) {
            if (link == at) { // passed meanwhile: continue from the front
                link = passed;
            }
            Submission submission = link.submission;
            if (submission != null && !submission.isOver()) {
                waiting.add(submission);
            }
            at = link;
        }
        return waiting;
    }

    /**
     * Called when a submission has ended before its task, perhaps before a lane has claimed it. Sweeps if there are
     * many of these.
     */
    void cancelled() {
        if (cancelled.incrementAndGet() > MOST_CANCELLED + (last.number - passed.number) / 2
                && sweeping.compareAndSet(false, true)) {
            cancelled.set(0);
            sweep();
            sweeping.set(false);
        }
    }

    /** Removes the submissions that have ended. The last link stays: another thread may be about to append to it. */
    private void sweep() {
        Link before = passed;
        Link link = before.next;
        while (link != null && link != before) {
            Link next = link.next;
            Submission submission = link.submission;
            if (next == null || next == link) {
                return;
            }
            if (submission != null && submission.isOver()) {
                before.next = next; // a thread at the removed link still finds its successor
            } else {
                before = link;
            }
            link = next;
        }
    }
}
