package lox.sync.internal.funnel;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job that has begun. It is small, since there may be millions. Its own monitor guards it, and is never held while
 * code of users runs, except {@code hashCode} and {@code equals} of the id.
 *
 * <pre>
 *            put                     every input it needs has put
 *   PENDING ─────> PENDING ──────────────────────────────────────> GONE (joined)
 *                     │    expired, evicted, can never be complete
 *                     └──────────────────────────────────────────> GONE (discarded)
 * </pre>
 *
 * <p>The thread that {@link #take}s the values, under the monitor, owns them. So a job is joined or discarded exactly
 * once.
 */
class Job<K> {
    final K id;

    /**
     * The job needs values from inputs with a lower ordinal; except with {@link FunnelSettings.Late#NEW_JOBS_ONLY}
     * from later ones, too.
     */
    final int inputCount;

    // Inputs and their values in turn, in the order of the inputs' ordinals; nulls behind. Null once the job is gone.
    private @Nullable Object @Nullable [] entries;

    Job(K id, int inputCount, int expected, JoinInput<K, ?> input, Object value) {
        this.id = id;
        this.inputCount = inputCount;
        @Nullable Object[] first = new Object[2 * expected];
        first[0] = input;
        first[1] = value;
        entries = first;
    }

    final boolean isGone() {
        return entries == null;
    }

    final boolean has(JoinInput<?, ?> input) {
        @Nullable Object[] all = content();
        for (int i = 0; i < all.length; i += 2) {
            if (all[i] == input) {
                return true;
            }
        }
        return false;
    }

    /** Adds a value. Returns false if it has replaced another. */
    final boolean put(JoinInput<K, ?> input, Object value, boolean refusesDuplicates) {
        @Nullable Object[] all = content();
        int i = 0;
        while (i < all.length && all[i] instanceof JoinInput<?, ?> other && other.ordinal <= input.ordinal) {
            if (other == input) {
                if (refusesDuplicates) {
                    throw new IllegalStateException("job " + id + " has a value from " + input + " already");
                }
                all[i + 1] = value;
                return false;
            }
            i += 2;
        }
        if (all[all.length - 2] != null) {
            all = Arrays.copyOf(all, all.length + 2);
            entries = all;
        }
        System.arraycopy(all, i, all, i + 2, all.length - i - 2);
        all[i] = input;
        all[i + 1] = value;
        return true;
    }

    /** Removes the value of an input. Returns true if no value is left. */
    final boolean takeBack(JoinInput<K, ?> input) {
        @Nullable Object[] all = content();
        for (int i = 0; i < all.length; i += 2) {
            if (all[i] == input) {
                input.released();
                System.arraycopy(all, i + 2, all, i, all.length - i - 2);
                all[all.length - 1] = null;
                all[all.length - 2] = null;
            }
        }
        return all[0] == null;
    }

    final @Nullable Object[] take() {
        @Nullable Object[] all = content();
        entries = null;
        for (int i = 0; i < all.length && all[i] instanceof JoinInput<?, ?> input; i += 2) {
            input.released();
        }
        return all;
    }

    private @Nullable Object[] content() {
        return Objects.requireNonNull(entries, "the job is gone");
    }
}
