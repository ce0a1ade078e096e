package lox.sync.internal.expand;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import lox.sync.internal.result.Unchecked;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Which arguments each result has led to. What one result leads to is scattered without a gap, so a range of slots says
 * it. For one thread at a time.
 *
 * <pre>
 *   slots:    0 1 2 | 3 4 | 5 | 6 7 8        in the order in which arguments were scattered
 *             seeds   of 2  of 0  of 4       in the order in which results became ready
 *
 *   results:  0 1 2   5   3 4   6 7 8        breadth-first: what 0 led to stands before what 2 led to
 * </pre>
 */
final class FoundArguments {
    private static final long[] NONE = {};
    private static final int MOST = Integer.MAX_VALUE - 8; // slots of an array

    private long[] ranges = NONE; // for each slot the first slot and the end, or 0 for none
    private int seeds;

    /** Notes how many slots the seeds have. */
    void seeds(int count) {
        seeds = count;
    }

    /** Notes that the result in a slot has led to the arguments in the slots from {@code first} to {@code end}. */
    void add(int of, int first, int end) {
        if (first == end) {
            return;
        }
        if (of >= ranges.length) {
            ranges = Arrays.copyOf(ranges, (int) Math.min(MOST, Math.max(2L * ranges.length, of + 16L)));
        }
        ranges[of] = (long) first << Integer.SIZE | end;
    }

    /**
     * The results of so many slots, breadth-first. To be called once: who keeps the results need not keep the ranges.
     */
    <R extends @Nullable Object> List<R> breadthFirst(Slots slots, int size) {
        int[] order = new int[size];
        @Nullable Object[] values = new Object[size];
        int known = 0;
        while (known < seeds) {
            order[known] = known++;
        }
        for (int i = 0; i < size; i++) {
            int slot = order[i];
            values[i] = slots.value(slot);
            long range = slot < ranges.length ? ranges[slot] : 0;
            for (int found = (int) (range >>> Integer.SIZE); found < (int) range; found++) {
                order[known++] = found;
            }
        }
        ranges = NONE;
        return Unchecked.cast(Collections.unmodifiableList(Arrays.asList(values)));
    }
}
