package lox.micrometer;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;
import lox.sync.Workers;

/**
 * The {@code Workers} of one name that are still there, and their state, added up. Does not keep them there. Safe for use
 * from many threads.
 */
final class MonitoredWorkers {
    private final List<WeakReference<WorkersMonitor>> monitors = new ArrayList<>();

    synchronized void add(WorkersMonitor monitor) {
        monitors.removeIf(reference -> reference.get() == null);
        monitors.add(new WeakReference<>(monitor));
    }

    double pending() {
        return sum(workers -> workers.snapshot().pending());
    }

    double active() {
        return sum(workers -> workers.snapshot().active());
    }

    double limit() {
        return sum(workers -> workers.snapshot().limit());
    }

    private double sum(ToLongFunction<Workers> figure) {
        double sum = 0;
        for (Workers workers : present()) {
            sum += figure.applyAsLong(workers);
        }
        return sum;
    }

    private synchronized List<Workers> present() {
        List<Workers> present = new ArrayList<>();
        for (Iterator<WeakReference<WorkersMonitor>> references = monitors.iterator(); references.hasNext(); ) {
            WorkersMonitor monitor = references.next().get();
            if (monitor == null) {
                references.remove();
            } else {
                monitor.addWorkersTo(present);
            }
        }
        return present;
    }
}
