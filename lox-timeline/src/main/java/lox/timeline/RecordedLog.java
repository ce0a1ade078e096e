package lox.timeline;

import java.util.ArrayList;
import java.util.List;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;

/**
 * The attempts of a recording: exactly those that ended last, up to a limit, in whatever order they come. One thread
 * reads a recording, and a lock serves.
 */
final class RecordedLog implements AttemptLog {
    private final int limit;
    private final List<Attempt> attempts = new ArrayList<>();
    private long letGo;

    RecordedLog(int limit) {
        this.limit = limit;
    }

    @Override
    public void add(TaskEvent task, TaskEnd end, long ranNanos) {
        add(task, end, ranNanos, 1);
    }

    /** Adds a run of tasks, of which this is the first. */
    synchronized void add(TaskEvent task, TaskEnd end, long ranNanos, int count) {
        attempts.add(Attempt.of(task, end, ranNanos, count));
        if (attempts.size() >= 2L * limit) { // not at each: sorting takes long
            trim();
        }
    }

    private void trim() {
        if (attempts.size() > limit) {
            attempts.sort(Kept.BY_END);
            List<Attempt> early = attempts.subList(0, attempts.size() - limit);
            early.forEach(attempt -> letGo += attempt.tasks());
            early.clear();
        }
    }

    @Override
    public synchronized Kept kept() {
        trim();
        return new Kept(List.copyOf(attempts), letGo);
    }
}
