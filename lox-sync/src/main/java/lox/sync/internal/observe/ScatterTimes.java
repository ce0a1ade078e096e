package lox.sync.internal.observe;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * When each task of a batch began to wait, by {@link System#nanoTime}: an array that grows without moving an element,
 * as the batch's slots do. A time is published by the slot's own state: written before the slot is full, read after it
 * was taken.
 */
public final class ScatterTimes {
    private static final int FIRST_BITS = 5;
    private static final int GROUPS = Integer.SIZE - FIRST_BITS;

    private final AtomicReferenceArray<long @Nullable []> groups = new AtomicReferenceArray<>(GROUPS);

    /** Notes a time for a slot. Nothing is noted where there is no memory. */
    public void note(int index, long nanos) {
        long place = place(index);
        int group = group(place);
        long[] times = groups.get(group);
        if (times == null) {
            times = make(group);
        }
        if (times != null) {
            times[at(place, group)] = nanos == 0 ? 1 : nanos; // 0 is for a slot without one
        }
    }

    private long @Nullable [] make(int group) {
        try {
            long[] made = new long[1 << (group + FIRST_BITS)];
            long[] witness = groups.compareAndExchange(group, null, made);
            return witness == null ? made : witness;
        } catch (OutOfMemoryError noRoom) {
            return null;
        }
    }

    /** The time of a slot; 0 if none was noted. */
    public long of(int index) {
        long place = place(index);
        int group = group(place);
        long[] times = groups.get(group);
        return times == null ? 0 : times[at(place, group)];
    }

    /** Group k has 2<sup>k+5</sup> places, and begins at its own size. */
    private static long place(int index) {
        return index + (1L << FIRST_BITS);
    }

    private static int group(long place) {
        return Long.SIZE - 1 - FIRST_BITS - Long.numberOfLeadingZeros(place);
    }

    private static int at(long place, int group) {
        return (int) (place - (1L << (group + FIRST_BITS)));
    }
}
