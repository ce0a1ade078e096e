package lox.sync.lock;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/*
 * Walks along a queue while the drainer changes it, for a report.
 *
 * Invariant: a request that is queued from the beginning of a walk to its end is met by that walk, unless the walk is
 * broken off. The link of a queued request leads to the one behind it. The link of a request that has left the queue
 * leads nowhere, or to others that have left; but "unlinked" is written before the link is changed. So a walk reads the
 * link, then looks whether the request has left, and starts again if it has. Requests that were met are kept; those of
 * them that still wait at the end are reported.
 *
 * No request is queued twice, and links lead from older to newer requests, so a walk ends. It goes no further than
 * there were requests when it began, so that it does not run after those that keep coming.
 */
final class QueueInspector {
    /** A walk is broken off when a request leaves the queue at the very place where the walk is. */
    private static final int MOST_WALKS = 100;

    private final Set<QueuedRequest> met = new LinkedHashSet<>();

    private QueueInspector() {}

    static LockReport report(String lock, FairSync sync) {
        PermitTracker tracker = sync.tracker;
        return new LockReport(lock, tracker.isOn(), tracker.holders(), waitersAt(sync));
    }

    static List<LockReport.Entry> waitersAt(FairSync sync) {
        QueueInspector inspector = new QueueInspector();
        boolean whole = false;
        for (int walks = 0; walks < MOST_WALKS && !whole; walks++) {
            whole = inspector.walk(sync);
        }
        return inspector.entries();
    }

    /** Returns false if the walk was broken off. */
    private boolean walk(FairSync sync) {
        int most = FairSync.waiting(sync.state()) + 1; // one may be about to leave the queue, counted out already
        QueuedRequest request = sync.firstQueued();
        for (int i = 0; request != null && i < most; i++) {
            met.add(request);
            QueuedRequest after = request.next;
            if (request.unlinked) {
                return false;
            }
            request = after;
        }
        return true;
    }

    private List<LockReport.Entry> entries() {
        long now = System.nanoTime();
        List<LockReport.Entry> entries = new ArrayList<>();
        for (QueuedRequest request : met) {
            LockReport.Entry entry = request.entry(now);
            if (request.isWaiting()) {
                entries.add(entry);
            }
        }
        return entries;
    }
}
