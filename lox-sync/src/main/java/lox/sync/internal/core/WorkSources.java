package lox.sync.internal.core;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the lanes of one Scatter look for work: at the front of its batches and {@link Submissions}, in the order of
 * the calls, and at the front of each map in progress and each {@linkplain OwnBatch batch of one's own} that may have
 * something to claim. The lanes serve these sources in turn: place 0 is the Scatter's own batches, the others follow.
 * A source that comes in gets its turn after those that wait and before the one that was served last, and the turn is
 * kept when others are taken out. So a source that waits is passed by none that comes in later.
 *
 * <pre>
 *          add (an element has been stored)
 *   OUT ------------------------------------&gt; IN
 *    ^                                        |
 *    +----------------------------------------+
 *       removeIdle (a lane found nothing and leaves, or lanes have found something often enough),
 *       remove (the map is over)
 * </pre>
 *
 * <p><b>Invariant.</b> A source with unclaimed work is in, or a thread is between two steps that will bring it in. A
 * thread that stores an element checks <em>afterwards</em> whether its source is in; a thread that takes a source out
 * checks <em>afterwards</em> whether anything is unclaimed. There is a full fence between the two steps of each, so at
 * least one of them sees the other.
 *
 * <p>A map that waits for its source, or that is no longer used, therefore costs the lanes nothing and is not kept
 * reachable.
 */
public final class WorkSources {
    private static final WorkSource[] NONE = {};

    /** How often lanes find something, at least, before they take idle sources out though they need not leave. */
    private static final int FEWEST_FINDS = 64;

    private final BatchChain batches;
    private final Submissions submissions;
    private final @Nullable DelayedRetries retries;
    private volatile WorkSource[] others = NONE;
    private int turn; // the place that was served last; racy: lanes may overwrite it, which costs a source one turn
    private int finds; // since idle sources were taken out; racy, too: it only has to grow

    /** {@code retries}: the tasks that wait for their next attempt; null if none ever waits. */
    WorkSources(BatchChain batches, @Nullable DelayedRetries retries) {
        this.batches = batches;
        this.retries = retries;
        this.submissions = new Submissions(batches);
    }

    /** The submitted tasks, which are due between those of the batches. */
    Submissions submissions() {
        return submissions;
    }

    /** The front of the batches, or the submission that is due before it. */
    Batch ordered() {
        Submission first = submissions.front();
        return first != null && batches.hasPassed(first.turn()) ? first : batches.front();
    }

    /** How many of {@code count} full slots, from {@code first} on, may be claimed before a submission is due. */
    int upTo(Batch batch, int first, int count) {
        Submission due = submissions.front();
        return due == null ? count : batches.before(due.turn(), batch, first, count);
    }

    /** The next batch in turn that has something to claim; any batch if there is none. */
    Batch next() {
        WorkSource[] now = others;
        if (now.length > 0) {
            int places = now.length + 1;
            int at = Math.floorMod(turn, places);
            for (int i = 0; i < places; i++) {
                at = at + 1 < places ? at + 1 : 0;
                Batch front = at == 0 ? ordered() : now[at - 1].batches().front();
                if (front.hasUnclaimed()) {
                    turn = at;
                    found(places);
                    return front;
                }
            }
        }
        return ordered();
    }

    /**
     * Lanes that always find something never leave: what is idle meanwhile would be kept, and looked at each time. The
     * search for it costs two looks a find, however many sources there are. As each source has been found something in
     * before it is idle, finds keep up with sources that come in all the time.
     */
    private void found(int places) {
        int count = finds + 1;
        if (count < FEWEST_FINDS || count < places / 2) {
            finds = count;
        } else {
            finds = 0;
            removeIdle();
        }
    }

    /** Whether a lane would find something to claim. */
    boolean hasUnclaimed() {
        if (batches.hasUnclaimed()) {
            return true;
        }
        Submission first = submissions.front();
        if (first != null && first.hasUnclaimed() && batches.hasPassed(first.turn())) {
            return true;
        }
        for (WorkSource source : others) {
            if (source.batches().hasUnclaimed()) {
                return true;
            }
        }
        return retries != null && retries.hasDue();
    }

    /** The sources that are in. */
    public List<WorkSource> others() {
        return List.of(others);
    }

    /** Brings a source in. Call whenever an element has been stored. Returns false if it was in. */
    public boolean add(WorkSource source) {
        if (source.isIn()) {
            return false;
        }
        synchronized (this) { // rare: only if lanes had found nothing there, or had not been there yet
            if (source.isIn()) {
                return false;
            }
            WorkSource[] now = others;
            int last = Math.floorMod(turn, now.length + 1);
            int at = last == 0 ? now.length : last - 1; // before the one that was served last
            WorkSource[] more = Arrays.copyOf(now, now.length + 1);
            System.arraycopy(now, at, more, at + 1, now.length - at);
            more[at] = source;
            others = more;
            turn = last == 0 ? 0 : last + 1;
            source.setIn(true);
            return true;
        }
    }

    /** Takes out the sources in which nothing is unclaimed. */
    void removeIdle() {
        WorkSource[] now = others;
        if (now.length == 1) { // what happens at each element of a slow map
            removeIfIdle(now[0]);
        } else if (hasIdle(now)) {
            removeAllIdle();
        }
    }

    /** Looked for at each task of a function that does not block: no stream. */
    private static boolean hasIdle(WorkSource[] sources) {
        for (WorkSource source : sources) {
            if (isIdle(source)) {
                return true;
            }
        }
        return false;
    }

    /** Takes out a source in which nothing is unclaimed. Call after one has been brought in late. */
    void removeIfIdle(WorkSource source) {
        VarHandle.fullFence(); // as in the invariant: a lane that claims the last task looks afterwards what is in
        if (isIdle(source)) {
            remove(source);
        }
    }

    private static boolean isIdle(WorkSource source) {
        return !source.batches().hasUnclaimed() && !source.isIncomplete();
    }

    private void removeAllIdle() {
        List<WorkSource> idle = new ArrayList<>();
        synchronized (this) {
            List<WorkSource> left = new ArrayList<>();
            int last = turn;
            int next = last;
            for (int i = 0; i < others.length; i++) {
                if (isIdle(others[i])) {
                    idle.add(others[i]);
                    next -= i < last ? 1 : 0;
                } else {
                    left.add(others[i]);
                }
            }
            others = left.toArray(NONE);
            turn = next;
            idle.forEach(source -> source.setIn(false));
        }
        idle.forEach(this::bringBackIfUnclaimed);
    }

    /**
     * The same for a lane that leaves after each task: a map that is the only source stays in until it is over. It
     * costs little to look there; one map that nobody ends is kept reachable by it.
     */
    void removeIdleButOneMap() {
        WorkSource[] now = others;
        if (now.length != 1 || now[0].isScattered()) {
            removeIdle();
        }
    }

    /** Takes a source out, unless there is something to claim in it. */
    public void remove(WorkSource source) {
        if (source.isIn()) {
            synchronized (this) {
                int at = Arrays.asList(others).indexOf(source);
                if (at >= 0) {
                    others = without(at);
                    turn -= at < turn ? 1 : 0;
                }
                source.setIn(false);
            }
            bringBackIfUnclaimed(source);
        }
    }

    /** A lane may claim what was unclaimed, and leave, before it is in again: then it is idle, and taken out again. */
    private void bringBackIfUnclaimed(WorkSource source) {
        VarHandle.fullFence();
        if (source.batches().hasUnclaimed() && add(source)) {
            removeIfIdle(source);
        }
    }

    private WorkSource[] without(int at) {
        WorkSource[] now = others;
        if (now.length == 1) {
            return NONE;
        }
        WorkSource[] fewer = Arrays.copyOf(now, now.length - 1);
        System.arraycopy(now, at + 1, fewer, at, now.length - at - 1);
        return fewer;
    }
}
