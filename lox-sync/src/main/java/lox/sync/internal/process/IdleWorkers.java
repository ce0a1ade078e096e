package lox.sync.internal.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workers that are lent to no lane, and since when. Not safe for use from many threads: the pool's lock guards
 * it.
 */
final class IdleWorkers {
    private record Idle(Worker worker, long since) {}

    private final Deque<Idle> workers = new ArrayDeque<>(); // the one used last comes first

    void add(Worker worker) {
        workers.addFirst(new Idle(worker, System.nanoTime()));
    }

    boolean contains(Worker worker) {
        return workers.stream().anyMatch(idle -> idle.worker == worker);
    }

    boolean isEmpty() {
        return workers.isEmpty();
    }

    /** Whether {@link #take} would take one. */
    boolean hasUsable() {
        return workers.stream().anyMatch(idle -> idle.worker.isUsable());
    }

    /**
     * Takes the usable worker that was used last, and forgets those before it that have ended. One that its machine
     * wants back stays until it is {@linkplain #remove removed}.
     */
    @Nullable
    Worker take() {
        for (Iterator<Idle> all = workers.iterator(); all.hasNext(); ) {
            Worker worker = all.next().worker;
            if (worker.isUsable()) {
                all.remove();
                return worker;
            }
            if (!worker.isWantedBack()) {
                all.remove();
            }
        }
        return null;
    }

    /** Takes that worker. False if it is not there. */
    boolean remove(Worker worker) {
        return workers.removeIf(idle -> idle.worker == worker);
    }

    /** The longest time for which one of them has been idle; null if there is none. */
    @Nullable
    Duration longest() {
        Idle oldest = workers.peekLast();
        return oldest == null ? null : Duration.ofNanos(System.nanoTime() - oldest.since);
    }

    /** Takes all that have been idle for at least that time. */
    List<Worker> takeIdleFor(Duration time) {
        List<Worker> old = new ArrayList<>();
        for (Duration longest = longest(); longest != null && longest.compareTo(time) >= 0; longest = longest()) {
            old.add(workers.removeLast().worker);
        }
        return old;
    }

    List<Worker> takeAll() {
        List<Worker> all = workers.stream().map(Idle::worker).toList();
        workers.clear();
        return all;
    }
}
