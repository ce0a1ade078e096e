package lox.timeline;

import java.util.List;

/**
 * What one worker did. It has as many rows as attempts that ran at the same time: one for a thread, several for calls
 * that go on without a thread and for tasks that were given up and still ran when the next began. Workers are known by
 * their names: those that have the same ones share a lane.
 *
 * @param workers the workers' name
 * @param worker the worker's own
 * @param spans the lives of the worker processes, in the order of their starts; none for a thread, or if they are not
 *     known
 * @param firstRow the lane's first row, counted over all lanes
 * @param rows how many
 * @param busyNanos how long at least one attempt ran
 */
record Lane(String workers, String worker, List<WorkerSpan> spans, int firstRow, int rows, long busyNanos) {
    /** Which part of the time from {@code from} to {@code until} at least one was there, in nanoseconds. */
    long presentNanos(long from, long until) {
        if (spans.isEmpty()) {
            return until - from;
        }
        long present = 0;
        long seen = from;
        for (WorkerSpan span : spans) {
            long begin = Math.max(seen, span.started());
            long end = Math.min(until, span.ended());
            present += Math.max(0, end - begin);
            seen = Math.max(seen, end);
        }
        return present;
    }
}
