package lox.sync.internal.pool;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The shutdown and termination of a {@link LanePool}.
 *
 * <pre>
 *            shutdown                    nothing is left to run
 *   ACCEPTS -----------&gt; SHUT DOWN ------------------------------&gt; TERMINATED
 *      |                     |                                          ^
 *      +-------------------- +--close, which cancels what is left ------+
 * </pre>
 *
 * Termination is polled, not signalled. A function has terminated when its batches, its lanes and those of the
 * functions it passes its results to have, and each of them may belong to another pool. The waiting thread checks every
 * few milliseconds, and no other thread has to.
 */
public final class PoolShutdown {
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final BooleanSupplier idle;
    private final Runnable onEnd;
    private final Set<Object> maps = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean begun;

    /**
     * Creates the shutdown state of a pool that accepts work.
     *
     * @param idle whether nothing is left to run, except maps
     * @param onEnd run once, when the pool is closed or has terminated
     */
    PoolShutdown(BooleanSupplier idle, Runnable onEnd) {
        this.idle = idle;
        this.onEnd = onEnd;
    }

    /** Registers a map that begins. True if it may continue to its end. */
    public boolean admit(Object map) {
        maps.add(map);
        if (begun) {
            maps.remove(map);
            return false;
        }
        return true;
    }

    /** Removes a map that accepts no more elements and emits no more results. */
    public void over(Object map) {
        maps.remove(map);
    }

    /** Refuses new work from now on. False the second time. */
    boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    boolean hasBegun() {
        return begun;
    }

    boolean isTerminated() {
        return begun && maps.isEmpty() && idle.getAsBoolean();
    }

    /** Waits until nothing is left to run. False if that takes longer. */
    boolean await(long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        while (!isTerminated()) {
            long left = nanos - (System.nanoTime() - begin);
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LONGEST_PAUSE_NANOS));
        }
        end();
        return true;
    }

    /** Releases threads and processes. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            onEnd.run();
        }
    }
}
