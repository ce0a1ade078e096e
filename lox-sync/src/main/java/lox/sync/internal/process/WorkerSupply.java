package lox.sync.internal.process;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Tells whether a caller that cannot start a worker process may still get one: because another worker runs, and will be
 * given back, or because another caller still has attempts to start one. The pool's lock guards it.
 */
final class WorkerSupply {
    private final Set<Worker> working = Collections.newSetFromMap(new IdentityHashMap<>());
    private int hopeful;
    private boolean told;

    /** Counts a caller that has attempts left. */
    void begins() {
        hopeful++;
    }

    /** No longer counts a caller: it has a worker, has lost interest, or has no attempts left. */
    void ends() {
        hopeful--;
    }

    /** Notes a worker that has been started. False if it has ended already. */
    boolean works(Worker worker) {
        return !worker.isGone() && working.add(worker);
    }

    /** Notes that a worker has ended. False if it was not among those that work. */
    boolean gone(Worker worker) {
        return working.remove(worker);
    }

    /** Those that have been started and have not ended. */
    Set<Worker> working() {
        return Collections.unmodifiableSet(working);
    }

    boolean hasWorking() {
        return !working.isEmpty();
    }

    boolean isHopeless() {
        return working.isEmpty() && hopeful == 0;
    }

    /** Whether this failure is the first, which is reported. */
    boolean isToBeTold() {
        boolean first = !told;
        told = true;
        return first;
    }
}
