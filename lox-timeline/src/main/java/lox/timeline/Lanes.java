package lox.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/** Gives each worker a lane, and each attempt a row of its worker's lane in which nothing else runs at the time. */
final class Lanes {
    private record Key(String workers, String worker) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::workers, NameOrder.INSTANCE).thenComparing(Key::worker, NameOrder.INSTANCE);
    }

    private record Busy(long until, int row) {}

    /** The processes of one worker, and its attempts in the order of their starts. */
    private static final class Builder {
        private final List<WorkerSpan> spans = new ArrayList<>();
        private final PriorityQueue<Busy> busy = new PriorityQueue<>(Comparator.comparingLong(Busy::until));
        private final TreeSet<Integer> free = new TreeSet<>();
        private final List<Integer> attempts = new ArrayList<>();
        private final List<Integer> rows = new ArrayList<>();
        private int rowCount;
        private long busyNanos;
        private long busyUntil = Long.MIN_VALUE;

        void add(int number, Attempt attempt) {
            while (!busy.isEmpty() && busy.peek().until() <= attempt.started()) {
                free.add(busy.remove().row());
            }
            Integer lowest = free.pollFirst();
            int row = lowest != null ? lowest : rowCount++;
            busy.add(new Busy(attempt.ended(), row));
            attempts.add(number);
            rows.add(row);
            busyNanos += Math.max(0, attempt.ended() - Math.max(busyUntil, attempt.started()));
            busyUntil = Math.max(busyUntil, attempt.ended());
        }
    }

    private final List<Lane> lanes = new ArrayList<>();
    private final int[] rows;

    private Lanes(int attempts) {
        rows = new int[attempts];
    }

    /**
     * @param attempts those that have started, in the order of their starts
     * @param spans the worker processes
     */
    static Lanes of(List<Attempt> attempts, List<WorkerSpan> spans) {
        Map<Key, Builder> builders = new HashMap<>();
        for (WorkerSpan span : spans) {
            builders.computeIfAbsent(
                            new Key(span.worker().workers(), span.worker().worker()), k -> new Builder())
                    .spans
                    .add(span);
        }
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            builders.computeIfAbsent(new Key(attempt.batch().workers(), attempt.worker()), k -> new Builder())
                    .add(i, attempt);
        }
        Lanes lanes = new Lanes(attempts.size());
        int firstRow = 0;
        List<Map.Entry<Key, Builder>> inOrder = builders.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Key.ORDER))
                .toList();
        for (Map.Entry<Key, Builder> entry : inOrder) {
            Key key = entry.getKey();
            Builder builder = entry.getValue();
            int rowCount = Math.max(1, builder.rowCount);
            builder.spans.sort(Comparator.comparingLong(WorkerSpan::started));
            List<WorkerSpan> lives = List.copyOf(builder.spans);
            lanes.lanes.add(new Lane(key.workers(), key.worker(), lives, firstRow, rowCount, builder.busyNanos));
            for (int i = 0; i < builder.attempts.size(); i++) {
                lanes.rows[builder.attempts.get(i)] = firstRow + builder.rows.get(i);
            }
            firstRow += rowCount;
        }
        return lanes;
    }

    List<Lane> all() {
        return lanes;
    }

    /** The row of an attempt, by its place in the list. */
    int row(int attempt) {
        return rows[attempt];
    }
}
