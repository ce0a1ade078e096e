package lox.sync;

/**
 * Makes one of what came together from four publishers.
 *
 * @param <K> the type of the job id
 * @param <A> the type of the first publisher's values
 * @param <B> the type of the second's
 * @param <C> the type of the third's
 * @param <D> the type of the fourth's
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface JoinOfFour<K, A, B, C, D, R> {
    /**
     * Joins one job's values.
     *
     * @param jobId the job
     * @param first from the first publisher
     * @param second from the second
     * @param third from the third
     * @param fourth from the fourth
     * @return the result, not null
     * @throws Exception ends the stream with it
     */
    R apply(K jobId, A first, B second, C third, D fourth) throws Exception;
}
