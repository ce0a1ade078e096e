package lox.sync.funnel;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job that has begun. Small, because there may be millions; guarded by its own monitor, which is never held while users'
 * code runs, save {@code hashCode} and {@code equals} of the id.
 *
 * <pre>
 *            put                     every input it needs has put
 *   PENDING ─────> PENDING ──────────────────────────────────────> GONE (joined)
 *                     │    expired, evicted, can never be filled
 *                     └──────────────────────────────────────────> GONE (discarded)
 * </pre>
 *
 * <p>Whoever {@link #take}s the content, under the monitor, owns it. So a job is joined or discarded exactly once.
 */
class Job<K> {
    final K id;

    /** It waits for inputs of a lower ordinal; without {@link LateInputs#NEW_JOBS_ONLY} for the others too. */
    final int horizon;

    // An input and its value by turns, in the order of the inputs' ordinals; nulls behind. Null once the job is gone.
    private @Nullable Object @Nullable [] entries;

    Job(K id, int horizon, int expected, JobInput<K, ?> input, Object value) {
        this.id = id;
        this.horizon = horizon;
        @Nullable Object[] first = new Object[2 * expected];
        first[0] = input;
        first[1] = value;
        entries = first;
    }

    final boolean isGone() {
        return entries == null;
    }

    final boolean has(JobInput<?, ?> input) {
        @Nullable Object[] all = content();
        for (int i = 0; i < all.length; i += 2) {
            if (all[i] == input) {
                return true;
            }
        }
        return false;
    }

    /** False if the value took the place of another. */
    final boolean put(JobInput<K, ?> input, Object value, Duplicates duplicates) {
        @Nullable Object[] all = content();
        int i = 0;
        while (i < all.length && all[i] instanceof JobInput<?, ?> other && other.ordinal <= input.ordinal) {
            if (other == input) {
                if (duplicates == Duplicates.FAIL) {
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

    /** Takes an input's value out again; true if there is none left. */
    final boolean takeBack(JobInput<K, ?> input) {
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
        for (int i = 0; i < all.length && all[i] instanceof JobInput<?, ?> input; i += 2) {
            input.released();
        }
        return all;
    }

    private @Nullable Object[] content() {
        return Objects.requireNonNull(entries, "the job is gone");
    }
}
