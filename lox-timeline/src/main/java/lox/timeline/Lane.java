package lox.timeline;

import org.jspecify.annotations.Nullable;

/**
 * What one worker did. It has as many rows as attempts that ran at the same time: one for a thread, several for calls
 * that go on without a thread and for tasks that were given up and still ran when the next began.
 *
 * @param workers the workers' name
 * @param worker the worker's own
 * @param span the life of a worker process; null for a thread, or if it is not known
 * @param firstRow the lane's first row, counted over all lanes
 * @param rows how many
 * @param busyNanos how long at least one attempt ran
 */
record Lane(String workers, String worker, @Nullable WorkerSpan span, int firstRow, int rows, long busyNanos) {
    /** Which part of the time from {@code from} to {@code until} it was there, in nanoseconds. */
    long presentNanos(long from, long until) {
        if (span == null) {
            return until - from;
        }
        return Math.max(0, Math.min(until, span.ended()) - Math.max(from, span.started()));
    }
}
