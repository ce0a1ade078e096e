package lox.timeline;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** How many tasks waited for a worker, and when that changed. */
final class QueueDepth {
    private final long[] times;
    private final int[] depths;

    private QueueDepth(long[] times, int[] depths) {
        this.times = times;
        this.depths = depths;
    }

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

    /** How often it changed. */
    int changes() {
        return times.length;
    }

    /** When, in the order of time. */
    long time(int change) {
        return times[change];
    }

    /** How many waited from then on. */
    int depth(int change) {
        return depths[change];
    }
}
