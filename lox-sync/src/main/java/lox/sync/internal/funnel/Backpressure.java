package lox.sync.internal.funnel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Decides when the publishers that feed inputs may be asked for more, and resumes those that have stalled. */
final class Backpressure {
    /** A publisher that is not asked for more until something changes. */
    interface Stalled {
        /** Looks again whether to request more. */
        void resume();

        /** Learns that it does not count as stalled any longer. */
        void unstalled();
    }

    private final int prefetch;
    private final ReadyQueue<?> ready;
    private final PendingJobs<?> pending;
    private final Set<Stalled> stalled = ConcurrentHashMap.newKeySet();
    /** The number of stalled publishers: all that a put reads if there are none. */
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Makes it for one Funnel.
     *
     * @param prefetch how many values are requested of each publisher in advance
     */
    Backpressure(int prefetch, ReadyQueue<?> ready, PendingJobs<?> pending) {
        this.prefetch = prefetch;
        this.ready = ready;
        this.pending = pending;
    }

    int prefetch() {
        return prefetch;
    }

    /** Whether the publishers of an input have to wait, for consumers or for other inputs. */
    boolean holdsBack(JoinInput<?, ?> input) {
        return isBacklogged() || isAhead(input);
    }

    /**
     * Whether this input has put a prefetch of values that wait for other inputs, while no job waits for a value of
     * its own. It then waits for the others, which are not ahead, since each pending job lacks some value. So some
     * publisher is always asked for more.
     */
    private boolean isAhead(JoinInput<?, ?> input) {
        int ahead = input.ahead();
        return ahead >= prefetch && pending.count() <= ahead;
    }

    private boolean isBacklogged() {
        return ready.size() >= prefetch;
    }

    /** Resumes publishers after a joined job has been taken. */
    void jobTaken() {
        if (count.get() != 0 && !isBacklogged()) {
            resume();
        }
    }

    /** Adds a stalled publisher, which has to look again afterwards: a change before this has not resumed it. */
    void add(Stalled publisher) {
        if (stalled.add(publisher)) {
            count.incrementAndGet();
        }
    }

    void remove(Stalled publisher) {
        publisher.unstalled();
        if (stalled.remove(publisher)) {
            count.decrementAndGet();
        }
    }

    /** Resumes all stalled publishers. Called after a job has begun or ended. */
    void resume() {
        if (count.get() != 0) {
            stalled.forEach(Stalled::resume);
        }
    }
}
