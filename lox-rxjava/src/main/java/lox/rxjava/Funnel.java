package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.Objects;
import java.util.function.Consumer;
import lox.sync.FunnelOptions;
import lox.sync.JobFunnel;
import lox.sync.JobInput;
import lox.sync.Joined;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.spi.Timekeeper;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

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
 * funnel.asFlowable().subscribe(joined -> show(joined.get(photos), joined.get(tags)));
 * }</pre>
 *
 * <p>Where all values come from publishers that are known beforehand,
 * {@link Joins} and {@link OuterJoins} are shorter.
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
        return register(new Input<>(this, name, false));
    }

    /**
     * Makes an input whose value a job can do without: once it has completed, jobs that lack its value are joined
     * without it, and not discarded; {@link Joined#find} tells whether there is one. Until then jobs wait for it. With
     * optional inputs alone a Funnel is a full outer join, which discards nothing at its completion; with one other
     * input it is a left outer join.
     *
     * <p>Jobs that lack its value stay in memory until it completes, or until they are discarded by
     * {@code expireAfter} or {@code pendingLimit}.
     *
     * @param name for messages
     * @param <A> the type of its values
     * @return the input
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalStateException if the Funnel has ended, or if it has begun and refuses late inputs
     */
    public <A> Input<K, A> optionalInput(String name) {
        return register(new Input<>(this, name, true));
    }

    private <A> Input<K, A> register(Input<K, A> input) {
        EngineAccess.joinEngine(this).register(EngineAccess.input(input));
        return input;
    }

    /**
     * The joined jobs. Any number of subscribers; each job goes to one of them.
     *
     * @return a hot Flowable with back-pressure; it delivers on the thread that puts, or that requests
     */
    public Flowable<Joined<K>> asFlowable() {
        return FlowableFunnel.of(this);
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
        private Input(Funnel<K> funnel, String name, boolean optional) {
            super(funnel, name, optional);
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
            Objects.requireNonNull(publisher, "publisher").subscribe(subscriber(jobIdOf));
        }

        SourceSubscriber<A> subscriber(Function<? super A, ? extends K> jobIdOf) {
            Objects.requireNonNull(jobIdOf, "jobIdOf");
            return new SourceSubscriber<>(EngineAccess.input(this).source(value -> {
                try {
                    return jobIdOf.apply(value);
                } catch (Throwable thrown) {
                    throw FlowableJoin.<RuntimeException>asItIs(thrown);
                }
            }));
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
            EngineAccess.settings(this).speak(RxJavaDialect.INSTANCE, this::timekeeper);
        }

        /**
         * The scheduler whose clock and timer {@code expireAfter} uses, and on which {@code onDiscard} then runs. By
         * default {@code Schedulers.computation()}. A virtual one makes tests quick.
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
            return new SchedulerTime(scheduler == null ? Schedulers.computation() : scheduler);
        }
    }
}
