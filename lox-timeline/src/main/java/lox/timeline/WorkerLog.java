package lox.timeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;

/** The worker processes that were started last, up to a limit. They are few, and a lock serves. */
final class WorkerLog {
    static final int LIMIT = 10_000;

    private final Map<WorkerEvent, WorkerSpan> spans = new LinkedHashMap<>();

    synchronized void started(WorkerEvent worker) {
        spans.putIfAbsent(worker, new WorkerSpan(worker, Long.MAX_VALUE, null));
        trim();
    }

    synchronized void ended(WorkerEvent worker, WorkerEnd end, long endedNanos) {
        spans.put(worker, new WorkerSpan(worker, endedNanos, end));
        trim();
    }

    private void trim() {
        if (spans.size() > LIMIT) {
            spans.remove(spans.keySet().iterator().next());
        }
    }

    synchronized List<WorkerSpan> spans() {
        return List.copyOf(spans.values());
    }
}
