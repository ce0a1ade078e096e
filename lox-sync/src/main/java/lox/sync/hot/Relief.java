package lox.sync.hot;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after {@link Rounds} in which somebody walks, and goes on where a walker stands still. One thread watches all of this JVM,
 * and runs no subscriber's code; one more is needed for each walker that is found stuck.
 *
 * <p>The threads are daemons; the one who watches goes when there is nothing to watch, and all when they have had nothing to do
 * for a while.
 */
final class Relief implements Runnable {
    /** So many subscribers that are stuck at the same time hold up nobody; the items of more may wait for the next put. */
    private static final int MOST_THREADS = 64;

    private static final long TICK_NANOS = 5_000_000;
    private static final int IDLE_SECONDS = 10;

    private static final Relief INSTANCE = new Relief();

    private final AtomicInteger numbers = new AtomicInteger();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, 1 + MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);
    private final Queue<Watch> watched = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean watching = new AtomicBoolean();

    private Relief() {}

    private Thread thread(Runnable work) {
        // It belongs to nobody, so it must not keep alive what the thread that happens to need it would hand down.
        Thread thread = new Thread(null, work, "lox-relief-" + numbers.incrementAndGet(), 0, false);
        thread.setContextClassLoader(Relief.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }

    /** Watches until there is nothing to watch. Only one call at a time for the same. Returns false if there is no thread for it. */
    static boolean watch(Watch watch) {
        INSTANCE.watched.add(watch);
        if (INSTANCE.start()) {
            return true;
        }
        INSTANCE.watched.remove(watch);
        return false;
    }

    // First something to watch is added, then it is looked whether somebody watches; who ends does both the other way
    // round.
    private boolean start() {
        if (watching.compareAndSet(false, true) && !tryRun(this)) {
            watching.set(false);
            return false;
        }
        return true;
    }

    private boolean tryRun(Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            return false;
        }
    }

    @Override
    public void run() {
        try {
            while (!watched.isEmpty()) {
                LockSupport.parkNanos(this, TICK_NANOS);
                for (Iterator<Watch> all = watched.iterator(); all.hasNext(); ) {
                    Watch watch = all.next();
                    Watch.Finding finding = watch.look();
                    if (finding == Watch.Finding.OVER) {
                        all.remove();
                    } else if (finding == Watch.Finding.STUCK) {
                        tryRun(watch::relieve); // or at the next tick
                    }
                }
            }
        } finally {
            watching.set(false);
            if (!watched.isEmpty()) {
                start();
            }
        }
    }
}
