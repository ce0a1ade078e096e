package lox.sync.funnel;

import org.jspecify.annotations.Nullable;

/** A job whose age matters: a link in {@link Ages}. Twelve bytes more for two links, eight for the deadline. */
final class AgedJob<K> extends Job<K> {
    // All three are guarded by the Ages.
    @Nullable
    AgedJob<K> older;

    @Nullable
    AgedJob<K> younger;

    long deadline;

    AgedJob(K id, int horizon, int expected, JobInput<K, ?> input, Object value) {
        super(id, horizon, expected, input, value);
    }
}
