package lox.sync.internal.funnel;

import org.jspecify.annotations.Nullable;

/** A job that is linked in {@link JobsByAge}. The links take twelve bytes more, the deadline eight. */
final class AgedJob<K> extends Job<K> {
    // All three are guarded by the JobsByAge.
    @Nullable
    AgedJob<K> older;

    @Nullable
    AgedJob<K> younger;

    long deadline;

    AgedJob(K id, int inputCount, int expected, JoinInput<K, ?> input, Object value) {
        super(id, inputCount, expected, input, value);
    }
}
