package lox.cluster.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.time.Timer;
import lox.sync.spi.host.LineSink;
import org.jspecify.annotations.Nullable;

/**
 * Gives a worker's lines to the user, on a shared thread, one after the other. The thread that reads from the worker
 * can wait until all have been taken; if one takes too long, it goes on, and waits again when that one is over.
 */
final class LineDelivery {
    private static final int MOST_WAITING = 10_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    @SuppressWarnings("ArrayRecordComponent") // lines are compared by nobody
    private record Line(boolean isError, byte[] content, boolean isEnded) {}

    private final LineSink sink;
    private final Queue<Line> waiting = new ArrayDeque<>(); // guarded by this, as what follows
    private boolean isDelivering;
    private long taken;
    private long stuckAt = -1;
    private volatile boolean isAwaited;

    LineDelivery(LineSink sink) {
        this.sink = sink;
    }

    /** Takes a line. Waits for a while if very many have not been delivered. */
    void accept(boolean isError, byte[] content, boolean isEnded) {
        boolean start;
        synchronized (this) {
            awaitAtMost(MOST_WAITING);
            waiting.add(new Line(isError, content, isEnded));
            start = !isDelivering;
            isDelivering = true;
        }
        if (start) {
            Timer.elsewhere(this::deliver);
        }
    }

    /** Waits until all lines have been delivered, or one takes too long. */
    void awaitAll() {
        synchronized (this) {
            awaitAtMost(0);
        }
    }

    /** Whether a thread waits for lines to be delivered. By any thread. */
    boolean isAwaited() {
        return isAwaited;
    }

    private void awaitAtMost(int most) {
        if (left() <= most || taken == stuckAt) {
            return;
        }
        boolean interrupted = false;
        isAwaited = true;
        long last = taken;
        long since = System.nanoTime();
        while (left() > most && taken != stuckAt) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, PATIENCE_NANOS);
            } catch (InterruptedException meantForSomethingElse) {
                interrupted = true;
            }
            if (taken != last) {
                last = taken;
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= PATIENCE_NANOS) {
                stuckAt = last;
            }
        }
        isAwaited = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many have not been delivered, the one under way among them. */
    private int left() {
        return waiting.size();
    }

    private void deliver() {
        for (Line line = first(); line != null; line = next()) {
            try {
                sink.accept(line.isError(), line.content(), line.isEnded());
            } catch (RuntimeException | Error broken) { // the lines behind it have to go on
                System.getLogger("lox.cluster").log(System.Logger.Level.WARNING, "a line was not delivered", broken);
            }
        }
    }

    private synchronized @Nullable Line first() {
        return waiting.peek();
    }

    private synchronized @Nullable Line next() {
        waiting.remove();
        taken++;
        Line next = waiting.peek();
        isDelivering = next != null;
        notifyAll();
        return next;
    }
}
