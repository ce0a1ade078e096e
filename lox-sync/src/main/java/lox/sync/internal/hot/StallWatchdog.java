package lox.sync.internal.hot;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.internal.time.Timer;
import lox.sync.internal.time.WorkerThreads;

/**
 * Observes drain loops and takes over from drainers that make no progress. The {@link Timer}'s thread looks at the
 * loops and runs no subscriber's code; each take-over runs on a shared thread.
 *
 * <p>There are no looks while there is nothing to observe.
 */
final class StallWatchdog {
    /** So many stuck subscribers hold up no other subscriber; with more of them, items may wait for the next put. */
    private static final int MAX_THREADS = 64;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final StallWatchdog INSTANCE = new StallWatchdog();

    private final Executor threads = WorkerThreads.platform("lox-watchdog");
    private final AtomicInteger running = new AtomicInteger();
    private final Queue<StallProbe> watched = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean watching = new AtomicBoolean();

    private StallWatchdog() {}

    /**
     * Observes a loop until it is idle. One call at a time for a probe. Returns false if there is no thread for it.
     */
    static boolean watch(StallProbe probe) {
        INSTANCE.watched.add(probe);
        if (INSTANCE.start()) {
            return true;
        }
        INSTANCE.watched.remove(probe);
        return false;
    }

    // A probe is added before this reads whether looks are scheduled; the last look clears that flag before it reads
    // whether probes are left.
    private boolean start() {
        if (watching.compareAndSet(false, true) && !lookLater()) {
            watching.set(false);
            return false;
        }
        return true;
    }

    private boolean lookLater() {
        try {
            Timer.later(this::look, TICK_NANOS);
            return true;
        } catch (OutOfMemoryError noThread) {
            return false;
        }
    }

    private void look() {
        boolean again = false;
        try {
            lookAtAll();
            again = !watched.isEmpty() && lookLater();
        } finally {
            if (!again) {
                stop();
            }
        }
    }

    private void lookAtAll() {
        for (Iterator<StallProbe> all = watched.iterator(); all.hasNext(); ) {
            StallProbe probe = all.next();
            StallProbe.Finding finding = probe.look();
            if (finding == StallProbe.Finding.OVER) {
                all.remove();
            } else if (finding == StallProbe.Finding.STUCK) {
                resume(probe);
            }
        }
    }

    /**
     * Ends the looks: nothing is left to observe, or there is no memory for the next look. Then the next drainer
     * starts again.
     */
    private void stop() {
        watching.set(false);
        if (!watched.isEmpty() && !start()) {
            for (StallProbe left = watched.poll(); left != null; left = watched.poll()) {
                left.end();
            }
        }
    }

    private void resume(StallProbe probe) {
        Runnable resumption = () -> {
            try {
                probe.resume();
            } finally {
                running.decrementAndGet();
            }
        };
        if (running.incrementAndGet() > MAX_THREADS) {
            running.decrementAndGet(); // the next look tries again
            return;
        }
        try {
            threads.execute(resumption);
        } catch (OutOfMemoryError noThread) {
            running.decrementAndGet();
        }
    }
}
