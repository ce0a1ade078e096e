package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.functions.Function3;
import io.reactivex.rxjava3.functions.Function4;
import io.reactivex.rxjava3.functions.Function5;
import java.util.Objects;
import org.reactivestreams.Publisher;

/**
 * Inner joins of publishers by job id: what has a value from each publisher is joined. {@link OuterJoins} keep what
 * finds no partner, too; a {@link Funnel} also takes values from threads, and has options.
 */
public final class Joins {
    private Joins() {}

    /**
     * Joins two publishers by job id: whenever both have given a value for one job, the two become one. Values that
     * find no partner wait, however many there are. When one has completed and nothing of it waits any more, the
     * stream completes and the other is cancelled. Several values of one publisher for one job that is pending: the
     * last wins.
     *
     * <pre>{@code
     * Flowable<Page> pages = Joins.join(photos, Photo::id, tags, Tags::photoId, (id, photo, tag) -> new Page(photo, tag));
     * }</pre>
     *
     * <p>Each subscription subscribes to the publishers. They are asked for 256 values in advance, and for no more
     * while 256 results wait for demand, nor while 256 values wait for a partner and none of the other publisher's
     * does. A failure of one ends the stream, after the results that are ready, and cancels the others; so does a
     * cancel.
     *
     * <p>Publishers that share one source, by {@code publish().refCount(2)} or {@code share()}, stand still for ever
     * when the two values of a job are further apart in it than 256: the branch that is ahead asks for no more until
     * its partners come, and the source gives to all branches or to none. Say how far apart they may be with
     * {@link #join(Publisher, Function, Publisher, Function, Function3, int)}.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param join makes one of them, on the thread that delivers
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were filled
     * @throws NullPointerException if an argument is null
     */
    public static <K, A, B, R> Flowable<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Function3<? super K, ? super A, ? super B, ? extends R> join) {
        return join(first, firstId, second, secondId, join, FlowableJoin.DEFAULT_PREFETCH);
    }

    /**
     * Joins two publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, Function3)} does,
     * asking each for so many values in advance.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param join makes one of them, on the thread that delivers
     * @param prefetch how many values are asked of each publisher in advance, and how many may be ahead of the others;
     *     {@link Integer#MAX_VALUE} for no bound
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were filled
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code prefetch} is below 1
     */
    public static <K, A, B, R> Flowable<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Function3<? super K, ? super A, ? super B, ? extends R> join,
            int prefetch) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(firstId, "firstId");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(secondId, "secondId");
        Objects.requireNonNull(join, "join");
        return FlowableJoin.<K, R>of(prefetch, sources -> {
            Funnel.Input<K, A> firstInput = sources.add(first, firstId);
            Funnel.Input<K, B> secondInput = sources.add(second, secondId);
            return job -> join.apply(job.jobId(), job.get(firstInput), job.get(secondInput));
        });
    }

    /**
     * Joins three publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, Function3)} does two.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param third the third publisher
     * @param thirdId finds the id of the job a value of it belongs to
     * @param join makes one of them, on the thread that delivers
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <C> the type of the third publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were filled
     * @throws NullPointerException if an argument is null
     */
    public static <K, A, B, C, R> Flowable<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Publisher<? extends C> third,
            Function<? super C, ? extends K> thirdId,
            Function4<? super K, ? super A, ? super B, ? super C, ? extends R> join) {
        return join(first, firstId, second, secondId, third, thirdId, join, FlowableJoin.DEFAULT_PREFETCH);
    }

    /**
     * Joins three publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, Function3)} does,
     * asking each for so many values in advance.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param third the third publisher
     * @param thirdId finds the id of the job a value of it belongs to
     * @param join makes one of them, on the thread that delivers
     * @param prefetch how many values are asked of each publisher in advance, and how many may be ahead of the others;
     *     {@link Integer#MAX_VALUE} for no bound
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <C> the type of the third publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were filled
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code prefetch} is below 1
     */
    public static <K, A, B, C, R> Flowable<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Publisher<? extends C> third,
            Function<? super C, ? extends K> thirdId,
            Function4<? super K, ? super A, ? super B, ? super C, ? extends R> join,
            int prefetch) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(firstId, "firstId");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(secondId, "secondId");
        Objects.requireNonNull(third, "third");
        Objects.requireNonNull(thirdId, "thirdId");
        Objects.requireNonNull(join, "join");
        return FlowableJoin.<K, R>of(prefetch, sources -> {
            Funnel.Input<K, A> firstInput = sources.add(first, firstId);
            Funnel.Input<K, B> secondInput = sources.add(second, secondId);
            Funnel.Input<K, C> thirdInput = sources.add(third, thirdId);
            return job -> join.apply(job.jobId(), job.get(firstInput), job.get(secondInput), job.get(thirdInput));
        });
    }

    /**
     * Joins four publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, Function3)} does two.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param third the third publisher
     * @param thirdId finds the id of the job a value of it belongs to
     * @param fourth the fourth publisher
     * @param fourthId finds the id of the job a value of it belongs to
     * @param join makes one of them, on the thread that delivers
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <C> the type of the third publisher's values
     * @param <D> the type of the fourth publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were filled
     * @throws NullPointerException if an argument is null
     */
    public static <K, A, B, C, D, R> Flowable<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Publisher<? extends C> third,
            Function<? super C, ? extends K> thirdId,
            Publisher<? extends D> fourth,
            Function<? super D, ? extends K> fourthId,
            Function5<? super K, ? super A, ? super B, ? super C, ? super D, ? extends R> join) {
        return join(
                first,
                firstId,
                second,
                secondId,
                third,
                thirdId,
                fourth,
                fourthId,
                join,
                FlowableJoin.DEFAULT_PREFETCH);
    }

    /**
     * Joins four publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, Function3)} does,
     * asking each for so many values in advance.
     *
     * @param first the first publisher
     * @param firstId finds the id of the job a value of it belongs to
     * @param second the second publisher
     * @param secondId finds the id of the job a value of it belongs to
     * @param third the third publisher
     * @param thirdId finds the id of the job a value of it belongs to
     * @param fourth the fourth publisher
     * @param fourthId finds the id of the job a value of it belongs to
     * @param join makes one of them, on the thread that delivers
     * @param prefetch how many values are asked of each publisher in advance, and how many may be ahead of the others;
     *     {@link Integer#MAX_VALUE} for no bound
     * @param <K> the type of the job id
     * @param <A> the type of the first publisher's values
     * @param <B> the type of the second publisher's values
     * @param <C> the type of the third publisher's values
     * @param <D> the type of the fourth publisher's values
     * @param <R> the type of the result
     * @return cold, in the order in which jobs were filled
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code prefetch} is below 1
     */
    public static <K, A, B, C, D, R> Flowable<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Publisher<? extends C> third,
            Function<? super C, ? extends K> thirdId,
            Publisher<? extends D> fourth,
            Function<? super D, ? extends K> fourthId,
            Function5<? super K, ? super A, ? super B, ? super C, ? super D, ? extends R> join,
            int prefetch) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(firstId, "firstId");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(secondId, "secondId");
        Objects.requireNonNull(third, "third");
        Objects.requireNonNull(thirdId, "thirdId");
        Objects.requireNonNull(fourth, "fourth");
        Objects.requireNonNull(fourthId, "fourthId");
        Objects.requireNonNull(join, "join");
        return FlowableJoin.<K, R>of(prefetch, sources -> {
            Funnel.Input<K, A> firstInput = sources.add(first, firstId);
            Funnel.Input<K, B> secondInput = sources.add(second, secondId);
            Funnel.Input<K, C> thirdInput = sources.add(third, thirdId);
            Funnel.Input<K, D> fourthInput = sources.add(fourth, fourthId);
            return job -> join.apply(
                    job.jobId(), job.get(firstInput), job.get(secondInput), job.get(thirdInput), job.get(fourthInput));
        });
    }
}
