package lox.reactor;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import lox.sync.FunnelOptions;
import lox.sync.JobFunnel;
import lox.sync.JobInput;
import lox.sync.JoinOfFour;
import lox.sync.JoinOfThree;
import lox.sync.JoinOfTwo;
import lox.sync.Joined;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.spi.Timekeeper;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

// Longer than 350 lines: two thirds of it are documentation for users.
/**
 * Many to one, by job id: values of one job come from several inputs, at any time and in any order; when a job has a
 * value from every input, it is joined and emitted.
 *
 * <pre>{@code
 * Funnel<Long> funnel = Funnel.create();
 * Funnel.Input<Long, Photo> photos = funnel.input("photos");
 * Funnel.Input<Long, Tags> tags = funnel.input("tags");
 * photos.from(camera, Photo::id);          // any publisher
 * tags.put(7L, labels);                    // or any thread
 *
 * funnel.asFlux().subscribe(joined -> show(joined.get(photos), joined.get(tags)));
 * }</pre>
 *
 * <p>Where all values come from publishers that are known beforehand,
 * {@link #join(Publisher, Function, Publisher, Function, JoinOfTwo)} is shorter.
 *
 * <p>All methods may be called from many threads at once. A Funnel is hot: jobs are joined whether or not there is a
 * subscriber, emitted in the order in which they were filled, and wait until a subscriber has requested them. <b>Each
 * goes to exactly one subscriber</b>: several share them as the readers of a queue do. Let one subscribe and share
 * what it gets if all are to get everything. A subscriber that cancels leaves what it has not been given to the next.
 *
 * <p>Make all inputs before the first value is put: a job is joined when it has a value from every input there is by
 * then. Inputs may come later ({@link lox.sync.LateInputs}) and may leave.
 *
 * <p>Nothing bounds the jobs that are pending or ready but the options of the {@link Builder}, and the back-pressure
 * of {@link Input#from}.
 *
 * @param <K> the type of the job id; its {@code hashCode} and {@code equals} count
 */
public final class Funnel<K> extends JobFunnel<K> {
    private Funnel(Builder<K> builder) {
        super(builder);
    }

    /**
     * Without options: no limit, no expiry, the last value wins.
     *
     * @param <K> the type of the job id
     * @return a Funnel without inputs
     */
    public static <K> Funnel<K> create() {
        return Funnel.<K>builder().build();
    }

    /**
     * Options.
     *
     * <pre>{@code
     * Funnel<Long> funnel = Funnel.<Long>builder()
     *         .pendingLimit(10_000, WhenFull.DISCARD_OLDEST)
     *         .expireAfter(Duration.ofSeconds(30))
     *         .onDiscard((job, reason) -> log.warn("{} {}", reason, job))
     *         .build();
     * }</pre>
     *
     * @param <K> the type of the job id
     * @return a builder
     */
    public static <K> Builder<K> builder() {
        return new Builder<>();
    }

    /**
     * Makes an input.
     *
     * @param name for messages
     * @param <A> the type of its values
     * @return the input
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalStateException if the Funnel has ended, or if it has begun and refuses late inputs
     */
    public <A> Input<K, A> input(String name) {
        Input<K, A> input = new Input<>(this, name);
        EngineAccess.joinEngine(this).register(EngineAccess.input(input));
        return input;
    }

    /**
     * The joined jobs. Any number of subscribers; each job goes to one of them.
     *
     * @return a hot Flux with back-pressure; it delivers on the thread that puts, or that requests
     */
    public Flux<Joined<K>> asFlux() {
        return FluxFunnel.of(this);
    }

    /**
     * Joins two publishers by job id: whenever both have given a value for one job, the two become one. Values that
     * find no partner wait, however many there are. When one has completed and nothing of it waits any more, the
     * stream completes and the other is cancelled. Several values of one publisher for one job that is pending: the
     * last wins.
     *
     * <pre>{@code
     * Flux<Page> pages = Funnel.join(photos, Photo::id, tags, Tags::photoId, (id, photo, tag) -> new Page(photo, tag));
     * }</pre>
     *
     * <p>Each subscription subscribes to the publishers. They are asked for 256 values in advance, and for no more
     * while 256 results wait for demand, nor while 256 values wait for a partner and none of the other publisher's
     * does. A failure of one ends the stream, after the results that are ready, and cancels the others; so does a
     * cancel. Values that are thrown away go to Reactor's discard hook.
     *
     * <p>Publishers that share one source, by {@code publish().refCount(2)} or {@code share()}, stand still for ever
     * when the two values of a job are further apart in it than 256: the branch that is ahead asks for no more until
     * its partners come, and the source gives to all branches or to none. Say how far apart they may be with
     * {@link #join(Publisher, Function, Publisher, Function, JoinOfTwo, int)}.
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
    public static <K, A, B, R> Flux<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            JoinOfTwo<? super K, ? super A, ? super B, ? extends R> join) {
        return join(first, firstId, second, secondId, join, FluxJoin.DEFAULT_PREFETCH);
    }

    /**
     * Joins two publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, JoinOfTwo)} does,
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
    public static <K, A, B, R> Flux<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            JoinOfTwo<? super K, ? super A, ? super B, ? extends R> join,
            int prefetch) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(firstId, "firstId");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(secondId, "secondId");
        Objects.requireNonNull(join, "join");
        return FluxJoin.<K, R>of(prefetch, sources -> {
            Input<K, A> firstInput = sources.add(first, firstId);
            Input<K, B> secondInput = sources.add(second, secondId);
            return job -> join.apply(job.jobId(), job.get(firstInput), job.get(secondInput));
        });
    }

    /**
     * Joins three publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, JoinOfTwo)} does two.
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
    public static <K, A, B, C, R> Flux<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Publisher<? extends C> third,
            Function<? super C, ? extends K> thirdId,
            JoinOfThree<? super K, ? super A, ? super B, ? super C, ? extends R> join) {
        return join(first, firstId, second, secondId, third, thirdId, join, FluxJoin.DEFAULT_PREFETCH);
    }

    /**
     * Joins three publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, JoinOfTwo)} does,
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
    public static <K, A, B, C, R> Flux<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Publisher<? extends C> third,
            Function<? super C, ? extends K> thirdId,
            JoinOfThree<? super K, ? super A, ? super B, ? super C, ? extends R> join,
            int prefetch) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(firstId, "firstId");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(secondId, "secondId");
        Objects.requireNonNull(third, "third");
        Objects.requireNonNull(thirdId, "thirdId");
        Objects.requireNonNull(join, "join");
        return FluxJoin.<K, R>of(prefetch, sources -> {
            Input<K, A> firstInput = sources.add(first, firstId);
            Input<K, B> secondInput = sources.add(second, secondId);
            Input<K, C> thirdInput = sources.add(third, thirdId);
            return job -> join.apply(job.jobId(), job.get(firstInput), job.get(secondInput), job.get(thirdInput));
        });
    }

    /**
     * Joins four publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, JoinOfTwo)} does two.
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
    public static <K, A, B, C, D, R> Flux<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Publisher<? extends C> third,
            Function<? super C, ? extends K> thirdId,
            Publisher<? extends D> fourth,
            Function<? super D, ? extends K> fourthId,
            JoinOfFour<? super K, ? super A, ? super B, ? super C, ? super D, ? extends R> join) {
        return join(
                first, firstId, second, secondId, third, thirdId, fourth, fourthId, join, FluxJoin.DEFAULT_PREFETCH);
    }

    /**
     * Joins four publishers by job id, as {@link #join(Publisher, Function, Publisher, Function, JoinOfTwo)} does,
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
    public static <K, A, B, C, D, R> Flux<R> join(
            Publisher<? extends A> first,
            Function<? super A, ? extends K> firstId,
            Publisher<? extends B> second,
            Function<? super B, ? extends K> secondId,
            Publisher<? extends C> third,
            Function<? super C, ? extends K> thirdId,
            Publisher<? extends D> fourth,
            Function<? super D, ? extends K> fourthId,
            JoinOfFour<? super K, ? super A, ? super B, ? super C, ? super D, ? extends R> join,
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
        return FluxJoin.<K, R>of(prefetch, sources -> {
            Input<K, A> firstInput = sources.add(first, firstId);
            Input<K, B> secondInput = sources.add(second, secondId);
            Input<K, C> thirdInput = sources.add(third, thirdId);
            Input<K, D> fourthInput = sources.add(fourth, fourthId);
            return job -> join.apply(
                    job.jobId(), job.get(firstInput), job.get(secondInput), job.get(thirdInput), job.get(fourthInput));
        });
    }

    void cancel(Consumer<? super Joined<K>> discard) {
        EngineAccess.joinEngine(this).abandon(discard);
    }

    /**
     * One of the inputs.
     *
     * @param <K> the type of the job id
     * @param <A> the type of its values
     */
    public static final class Input<K, A> extends JobInput<K, A> {
        private Input(Funnel<K> funnel, String name) {
            super(funnel, name);
        }

        /**
         * Puts what a publisher emits. It is asked for a prefetch, and for more only while joined jobs are being
         * taken, while it is not ahead of all other inputs, and, with {@link lox.sync.WhenFull#WAIT}, while there is
         * room for pending ones. When it completes, and no other publisher feeds this input, the input completes;
         * when it fails, so does the Funnel, and so it does if {@code jobIdOf} throws or a put fails.
         *
         * @param publisher subscribed to at once
         * @param jobIdOf finds the id of the job a value belongs to
         * @throws NullPointerException if an argument is null
         * @throws IllegalStateException if this input has completed or left, or the Funnel has ended
         */
        public void from(Publisher<? extends A> publisher, Function<? super A, ? extends K> jobIdOf) {
            Objects.requireNonNull(publisher, "publisher").subscribe(subscriber(jobIdOf, Context.empty()));
        }

        SourceSubscriber<A> subscriber(Function<? super A, ? extends K> jobIdOf, Context context) {
            return new SourceSubscriber<>(EngineAccess.input(this).source(jobIdOf), context);
        }
    }

    /**
     * Builds a {@link Funnel}.
     *
     * @param <K> the type of the job id
     */
    public static final class Builder<K> extends FunnelOptions<K, Builder<K>> {
        private @Nullable Scheduler scheduler;

        private Builder() {
            EngineAccess.settings(this).speak(ReactorDialect.INSTANCE, this::timekeeper);
        }

        /**
         * The scheduler whose clock and timer {@code expireAfter} uses, and on which {@code onDiscard} then runs. By
         * default {@code Schedulers.parallel()}. A virtual one makes tests quick.
         *
         * @param scheduler tells the time and runs what is due
         * @return this
         * @throws NullPointerException if {@code scheduler} is null
         * @throws IllegalStateException if it has been set
         */
        public Builder<K> scheduler(Scheduler scheduler) {
            Objects.requireNonNull(scheduler, "scheduler");
            EngineAccess.settings(this).setOnce("scheduler");
            this.scheduler = scheduler;
            return this;
        }

        /**
         * Builds the Funnel.
         *
         * @return a new one
         */
        public Funnel<K> build() {
            return new Funnel<>(this);
        }

        Builder<K> endingEarly() {
            EngineAccess.settings(this).endsEarly = true;
            return this;
        }

        private Timekeeper timekeeper() {
            return new SchedulerTime(scheduler == null ? Schedulers.parallel() : scheduler);
        }
    }
}
