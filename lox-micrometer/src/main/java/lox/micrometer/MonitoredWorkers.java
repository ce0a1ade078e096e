package lox.micrometer;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import lox.sync.WorkersSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Workers} of one name that are still there, and their figures, added up. Does not keep them there. Safe for
 * use from many threads.
 */
final class MonitoredWorkers {
    private final List<Monitored> all = new ArrayList<>(); // under the lock, as what follows is
    private double sentByGone;
    private double receivedByGone;

    private static final class Monitored extends WeakReference<WorkersMonitor> {
        /** As read the last time: what has been counted stays counted. */
        double sent;

        double received;

        Monitored(WorkersMonitor monitor) {
            super(monitor);
        }

        @Nullable
        WorkersSnapshot read() {
            WorkersMonitor monitor = get();
            WorkersSnapshot snapshot = monitor == null ? null : monitor.snapshot();
            if (snapshot != null) {
                sent = snapshot.processes().sentBytes();
                received = snapshot.processes().receivedBytes();
            }
            return snapshot;
        }
    }

    synchronized void add(WorkersMonitor monitor) {
        read();
        all.add(new Monitored(monitor));
    }

    double queued() {
        return sum(WorkersSnapshot::queued);
    }

    double active() {
        return sum(WorkersSnapshot::active);
    }

    double limit() {
        return sum(WorkersSnapshot::limit);
    }

    synchronized double sentBytes() {
        read();
        return sentByGone + all.stream().mapToDouble(one -> one.sent).sum();
    }

    synchronized double receivedBytes() {
        read();
        return receivedByGone + all.stream().mapToDouble(one -> one.received).sum();
    }

    private double sum(ToDoubleFunction<WorkersSnapshot> figure) {
        return read().stream().mapToDouble(figure).sum();
    }

    private synchronized List<WorkersSnapshot> read() {
        List<WorkersSnapshot> present = new ArrayList<>();
        for (Iterator<Monitored> each = all.iterator(); each.hasNext(); ) {
            Monitored one = each.next();
            WorkersSnapshot snapshot = one.read();
            if (snapshot != null) {
                present.add(snapshot);
            } else {
                sentByGone += one.sent;
                receivedByGone += one.received;
                each.remove();
            }
        }
        return present;
    }
}
