package lox.progress;

import java.util.function.Supplier;
import lox.sync.Progress;
import org.jspecify.annotations.Nullable;

/**
 * One gather's part of a bar: adds what has changed since its last update. Updates of a gather come one at a time, so
 * the last one needs no lock. If the numbers go back, as when a gather is repeated, the difference is taken back.
 */
final class Part implements Progress {
    private final Supplier<@Nullable Counts> counts;
    private long done;
    private long failed;
    private long total;

    /**
     * Adds to what the bar counts.
     *
     * @param counts the bar's, or null once it is closed
     */
    Part(Supplier<@Nullable Counts> counts) {
        this.counts = counts;
    }

    @Override
    public void update(long done, long failed, long total) {
        check(done, "done");
        check(failed, "failed");
        check(total, "total");
        Counts all = counts.get();
        if (all != null) {
            all.add(done - this.done, failed - this.failed, total - this.total);
            this.done = done;
            this.failed = failed;
            this.total = total;
        }
    }

    private static void check(long number, String name) {
        if (number < 0) {
            throw new IllegalArgumentException(name + " is negative: " + number);
        }
    }
}
