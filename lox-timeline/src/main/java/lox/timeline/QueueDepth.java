package lox.timeline;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * How many tasks waited for a worker, and when that changed.
 *
 * @param times of the changes, ascending, each once
 * @param depths how many waited from then on
 */
record QueueDepth(long[] times, int[] depths) {
    /** Of the attempts whose wait is known. */
    static QueueDepth of(Collection<Attempt> attempts) {
        List<Attempt> waiting = attempts.stream().filter(Attempt::isWaitKnown).toList();
        long[] begins = waiting.stream().mapToLong(Attempt::scattered).sorted().toArray();
        long[] ends = waiting.stream().mapToLong(Attempt::started).sorted().toArray();
        long[] times = new long[begins.length * 2];
        int[] depths = new int[begins.length * 2];
        int changes = 0;
        int begun = 0;
        int ended = 0;
        while (ended < ends.length) {
            long now = begun < begins.length ? Math.min(begins[begun], ends[ended]) : ends[ended];
            int before = begun - ended;
            while (begun < begins.length && begins[begun] == now) {
                begun++;
            }
            while (ended < ends.length && ends[ended] == now) {
                ended++;
            }
            if (begun - ended != before) {
                times[changes] = now;
                depths[changes++] = begun - ended;
            }
        }
        return new QueueDepth(Arrays.copyOf(times, changes), Arrays.copyOf(depths, changes));
    }

    int changes() {
        return times.length;
    }

    /** The greatest depth. */
    int greatest() {
        return Arrays.stream(depths).max().orElse(0);
    }
}
