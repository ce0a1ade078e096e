package lox.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import lox.sync.event.TaskEnd;

/** What is drawn: the attempts and worker processes of a {@link Timeline} at one moment, put in order. Immutable. */
final class Run {
    private final List<Attempt> attempts;
    private final List<Attempt> dropped;
    private final Lanes lanes;
    private final List<FunctionFigures> functions;
    private final long from;
    private final long until;
    private final long letGo;
    private final long epochNanos;

    /**
     * @param all the attempts, in any order
     * @param spans the worker processes
     * @param letGo how many other attempts there were
     * @param epochNanos the time of the epoch on the clock of the attempts is minus this
     */
    Run(List<Attempt> all, List<WorkerSpan> spans, long letGo, long epochNanos) {
        this.attempts = all.stream()
                .filter(Attempt::hasStarted)
                .sorted(Comparator.comparingLong(Attempt::started).thenComparingLong(Attempt::ended))
                .toList();
        this.dropped = all.stream().filter(attempt -> !attempt.hasStarted()).toList();
        this.from = all.stream()
                .mapToLong(Attempt::scattered)
                .min()
                .orElse(spans.stream().mapToLong(WorkerSpan::started).min().orElse(0));
        this.until = LongStream.concat(
                        all.stream().mapToLong(Attempt::ended),
                        spans.stream().filter(WorkerSpan::hasCrashed).mapToLong(WorkerSpan::ended))
                .max()
                .orElse(from);
        // A process that had ended before, or came after, is not in the picture.
        List<WorkerSpan> seen = spans.stream()
                .filter(span -> span.ended() >= from && span.started() <= until)
                .toList();
        this.lanes = Lanes.of(attempts, seen);
        this.functions = FunctionFigures.of(all);
        this.letGo = letGo;
        this.epochNanos = epochNanos;
    }

    /** The attempts that have started, in the order of their starts. */
    List<Attempt> attempts() {
        return attempts;
    }

    /** Those that ended before they started. */
    List<Attempt> dropped() {
        return dropped;
    }

    /** All attempts. */
    List<Attempt> all() {
        List<Attempt> all = new ArrayList<>(attempts);
        all.addAll(dropped);
        return all;
    }

    List<Lane> lanes() {
        return lanes.all();
    }

    /** The row of an attempt, by its place among those that have started. */
    int row(int attempt) {
        return lanes.row(attempt);
    }

    List<FunctionFigures> functions() {
        return functions;
    }

    /** When the first task was scattered. */
    long from() {
        return from;
    }

    /** When the last attempt ended, or the last worker process crashed. */
    long until() {
        return until;
    }

    long wallNanos() {
        return until - from;
    }

    /** When it began, in milliseconds since the epoch. */
    long beganAtMillis() {
        return Math.floorDiv(from + epochNanos, 1_000_000L);
    }

    /** How many earlier attempts are not shown. */
    long letGo() {
        return letGo;
    }

    int count(TaskEnd end) {
        return functions.stream()
                .mapToInt(function -> function.ends().getOrDefault(end, 0))
                .sum();
    }

    /** How many tasks: an attempt that is followed by another one does not count. */
    int tasks() {
        return functions.stream()
                        .flatMap(function -> function.ends().values().stream())
                        .mapToInt(Integer::intValue)
                        .sum()
                - count(TaskEnd.RETRIED);
    }

    /** How many tasks ended without a result, whatever the reason. */
    int withoutResult() {
        return tasks() - count(TaskEnd.SUCCEEDED);
    }

    /** Which part of their time the workers were busy, from 0 to 1. */
    double busy() {
        double busy = 0;
        double present = 0;
        for (Lane lane : lanes()) {
            busy += lane.busyNanos();
            present += Math.max(lane.busyNanos(), lane.presentNanos(from, until));
        }
        return present == 0 ? 0 : busy / present;
    }

    /** The worker processes that crashed. */
    Stream<WorkerSpan> crashes() {
        return lanes().stream().flatMap(lane -> lane.spans().stream()).filter(WorkerSpan::hasCrashed);
    }
}
