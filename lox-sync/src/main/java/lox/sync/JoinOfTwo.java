package lox.sync;

/**
 * Makes one of what came together from two publishers.
 *
 * @param <K> the type of the job id
 * @param <A> the type of the first publisher's values
 * @param <B> the type of the second's
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface JoinOfTwo<K, A, B, R> {
    /**
     * Joins one job's values.
     *
     * @param jobId the job
     * @param first from the first publisher
     * @param second from the second
     * @return the result, not null
     * @throws Exception ends the stream with it
     */
    R apply(K jobId, A first, B second) throws Exception;
}
