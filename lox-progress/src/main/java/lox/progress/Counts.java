package lox.progress;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What a bar counts. Any thread adds, without a lock; the thread that draws takes {@link Figures}. */
final class Counts {
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong totals = new AtomicLong();
    private final long expected;
    private final LongSupplier clock;
    private final long start;

    /**
     * Starts at zero, now.
     *
     * @param expected the total if it is known beforehand, or {@link Figures#UNKNOWN}
     * @param clock in nanoseconds
     */
    Counts(long expected, LongSupplier clock) {
        this.expected = expected;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** Adds to each; negative numbers take back. */
    void add(long moreDone, long moreFailed, long moreTotal) {
        if (moreTotal != 0) {
            totals.addAndGet(moreTotal);
        }
        if (moreFailed != 0) {
            failed.addAndGet(moreFailed);
        }
        if (moreDone != 0) {
            done.addAndGet(moreDone);
        }
    }

    /**
     * How far it is. The total is the expected one, or else the sum of those that have been added, if there are any.
     * If more has been done than that, it is what has been done.
     */
    Figures figures() {
        long ended = done.get();
        long known = totals.get();
        long all = expected != Figures.UNKNOWN ? expected : known > 0 ? known : Figures.UNKNOWN;
        long total = all == Figures.UNKNOWN ? all : Math.max(all, ended);
        return new Figures(ended, Math.min(failed.get(), ended), total, clock.getAsLong() - start);
    }
}
