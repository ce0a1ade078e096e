package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.functions.Function3;
import java.util.Objects;
import java.util.Optional;
import org.reactivestreams.Publisher;

/**
 * Outer joins of two publishers by job id: what finds no partner is kept, not thrown away. {@link Joins} are the inner
 * ones. More than two are joined by a {@link Funnel} with {@link Funnel#optionalInput optional inputs}.
 */
public final class OuterJoins {
    private OuterJoins() {}

    /**
     * Joins two publishers by job id, and keeps what finds no partner: a full outer join. When both have given a value
     * for one job, the two become one at once. A value without a partner is joined alone as soon as the other publisher
     * has completed; then the other side is empty. The stream completes when both have. Several values of one publisher
     * for one job that is pending: the last wins.
     *
     * <pre>{@code
     * Flowable<Page> pages = OuterJoins.full(
     *         photos, Photo::id, tags, Tags::photoId, (id, photo, tag) -> new Page(photo.orElse(null), tag.orElse(null)));
     * }</pre>
     *
     * <p>Values without a partner stay in memory until the other publisher has completed, however many there are. Where
     * it may not complete, use a {@link Funnel} with {@link Funnel#optionalInput optional inputs} and
     * {@code expireAfter}.
     *
     * <p>Each subscription subscribes to the publishers, which are asked for values as by
     * {@link Joins#join(Publisher, Function, Publisher, Function, Function3)}; what it says of publishers that share
     * one source holds here, too. A failure of one ends the stream, after the results that are ready, and cancels the
     * other; so does a cancel. What was waiting then is thrown away.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param join makes one of what there is, on the thread that delivers
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were joined
     * @throws NullPointerException if an argument is null
     */
    public static <K, A, B, R> Flowable<R> full(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Function3<? super K, ? super Optional<A>, ? super Optional<B>, ? extends R> join) {
        return full(first, firstId, second, secondId, join, FlowableJoin.DEFAULT_PREFETCH);
    }

    /**
     * The same as {@link #full(Publisher, Function, Publisher, Function, Function3)}, asking each publisher for so many
     * values in advance.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param join makes one of what there is, on the thread that delivers
     * @param prefetch how many values are asked of each publisher in advance, and how many may be ahead of the other;
     *     {@link Integer#MAX_VALUE} for no bound
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were joined
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code prefetch} is below 1
     */
    public static <K, A, B, R> Flowable<R> full(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Function3<? super K, ? super Optional<A>, ? super Optional<B>, ? extends R> join,
            int prefetch) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(firstId, "firstId");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(secondId, "secondId");
        Objects.requireNonNull(join, "join");
        return FlowableJoin.<K, R>of(prefetch, sources -> {
            Funnel.Input<K, A> firstInput = sources.addOptional(first, firstId);
            Funnel.Input<K, B> secondInput = sources.addOptional(second, secondId);
            return job -> join.apply(job.jobId(), job.find(firstInput), job.find(secondInput));
        });
    }

    /**
     * Joins two publishers by job id, and keeps what finds no partner of the first: a left outer join. When both have
     * given a value for one job, the two become one at once. A value of the first without a partner is joined alone as
     * soon as the second publisher has completed; then the second side is empty. Values of the second without a partner
     * are thrown away. When the first has completed and nothing of it waits any more, the stream completes and the
     * second is cancelled. All else is as with {@link #full(Publisher, Function, Publisher, Function, Function3)}.
     *
     * <pre>{@code
     * Flowable<Page> pages = OuterJoins.left(
     *         photos, Photo::id, tags, Tags::photoId, (id, photo, tag) -> new Page(photo, tag.orElse(null)));
     * }</pre>
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param join makes one of what there is, on the thread that delivers
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were joined
     * @throws NullPointerException if an argument is null
     */
    public static <K, A, B, R> Flowable<R> left(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Function3<? super K, ? super A, ? super Optional<B>, ? extends R> join) {
        return left(first, firstId, second, secondId, join, FlowableJoin.DEFAULT_PREFETCH);
    }

    /**
     * The same as {@link #left(Publisher, Function, Publisher, Function, Function3)}, asking each publisher for so many
     * values in advance.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param join makes one of what there is, on the thread that delivers
     * @param prefetch how many values are asked of each publisher in advance, and how many may be ahead of the other;
     *     {@link Integer#MAX_VALUE} for no bound
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were joined
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code prefetch} is below 1
     */
    public static <K, A, B, R> Flowable<R> left(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Function3<? super K, ? super A, ? super Optional<B>, ? extends R> join,
            int prefetch) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(firstId, "firstId");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(secondId, "secondId");
        Objects.requireNonNull(join, "join");
        return FlowableJoin.<K, R>of(prefetch, sources -> {
            Funnel.Input<K, A> firstInput = sources.add(first, firstId);
            Funnel.Input<K, B> secondInput = sources.addOptional(second, secondId);
            return job -> join.apply(job.jobId(), job.get(firstInput), job.find(secondInput));
        });
    }
}
