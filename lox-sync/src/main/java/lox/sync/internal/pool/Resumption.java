package lox.sync.internal.pool;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.sync.internal.time.Timer;
import lox.sync.spi.Uncaught;

/**
 * Resumes lanes on a shared thread, one after the other: lanes whose calls a thread has stopped that has other things
 * to do. Thousands may be stopped at once, and need one thread.
 */
final class Resumption {
    private final Consumer<PoolJob> resume;
    private final Queue<PoolJob> stopped = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wip = new AtomicInteger();

    Resumption(Consumer<PoolJob> resume) {
        this.resume = resume;
    }

    void add(PoolJob lane) {
        stopped.add(lane);
        if (wip.getAndIncrement() == 0) {
            Timer.elsewhere(this::drain);
        }
    }

    private void drain() {
        int seen = 1;
        do {
            for (PoolJob lane = stopped.poll(); lane != null; lane = stopped.poll()) {
                try {
                    resume.accept(lane);
                } catch (Throwable thrown) { // the others have to be resumed, too
                    Uncaught.report(thrown);
                }
            }
            seen = wip.addAndGet(-seen);
        } while (seen != 0);
    }
}
