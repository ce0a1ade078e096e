package lox.cluster.internal;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How long a short message takes to a member and back: the least of the last measurements, since whatever else a
 * connection carries, and whatever else a machine does, makes one longer and none shorter. One thread may begin
 * measurements and another end them; any thread may ask.
 */
final class TripTime {
    private static final int MEASUREMENTS = 8;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long[] latest = new long[MEASUREMENTS]; // of those who end them
    private int next;
    private volatile long least;
    private volatile long begun;
    private volatile boolean isUnderWay;

    TripTime() {
        Arrays.fill(latest, Long.MAX_VALUE);
        begun = System.nanoTime() - PAUSE_NANOS;
    }

    /**
     * Begins a measurement if one is due.
     *
     * @param now the time
     * @return whether the caller is to send a message that is answered at once
     */
    boolean begin(long now) {
        if (isUnderWay || now - begun < PAUSE_NANOS) {
            return false;
        }
        begun = now;
        isUnderWay = true;
        return true;
    }

    /** The answer has come. One that nobody has asked for is none. */
    void end(long now) {
        if (isUnderWay) {
            add(now - begun);
            isUnderWay = false;
        }
    }

    /** Takes a measurement that was made in another way. */
    void add(long nanos) {
        latest[next] = nanos;
        next = (next + 1) % MEASUREMENTS;
        least = Arrays.stream(latest).min().orElseThrow();
    }

    /** In nanoseconds; 0 before the first measurement. */
    long nanos() {
        return least;
    }
}
