package lox.sync;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;
import lox.sync.internal.time.Durations;
import lox.sync.spi.Timekeeper;
import org.jspecify.annotations.Nullable;

/**
 * Many to one, by job id: values of one job come from several inputs, at any time and in any order; when a job has a
 * value from every input, it is joined and emitted.
 *
 * <pre>{@code
 * Funnel<Long> funnel = Funnel.create();
 * Funnel.Input<Long, Photo> photos = funnel.input("photos");
 * Funnel.Input<Long, Tags> tags = funnel.input("tags");
 *
 * photos.put(7L, photo);                   // any thread
 * tags.put(7L, labels);                    // any other
 *
 * Joined<Long> joined = funnel.take();
 * show(joined.get(photos), joined.get(tags));
 * }</pre>
 *
 * <p>All methods may be called from many threads at once. Jobs are emitted in the order in which they were filled,
 * and wait until a consumer takes them. <b>Each goes to exactly one consumer</b>: threads that {@link #take} and
 * subscribers of {@link #asPublisher} share them as the readers of a queue do. A subscriber that cancels leaves what
 * it has not been given to the others.
 *
 * <p>Make all inputs before the first value is put: a job is joined when it has a value from every input there is by
 * then. Inputs may come later ({@link LateInputs}) and may leave.
 *
 * <p>Nothing bounds the jobs that are pending or ready but the options of the {@link Builder}, and the back-pressure
 * of {@link Input#from}.
 *
 * @param <K> the type of the job id; its {@code hashCode} and {@code equals} count
 */
public final class Funnel<K> extends JobFunnel<K> implements Iterable<Joined<K>> {
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
        engine().register(input.engine());
        return input;
    }

    /**
     * Waits for a joined job.
     *
     * @return the next one
     * @throws InterruptedException if the thread is interrupted; nothing was taken
     * @throws NoSuchElementException if the Funnel has completed and nothing is left
     * @throws PublisherFailedException if the Funnel has failed and nothing is left; the cause is its failure
     */
    public Joined<K> take() throws InterruptedException {
        return engine().consumers().take();
    }

    /**
     * Waits for a joined job, but not longer than told.
     *
     * @param timeout how long; zero or less only looks
     * @return the next one, or empty if there is none in time
     * @throws InterruptedException if the thread is interrupted; nothing was taken
     * @throws NullPointerException if {@code timeout} is null
     * @throws NoSuchElementException as {@link #take} does
     * @throws PublisherFailedException as {@link #take} does
     */
    public Optional<Joined<K>> poll(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(engine().consumers().poll(Durations.nanos(timeout)));
    }

    /**
     * Takes one job after the other until the Funnel ends. Each step waits as {@link #take} does; an interrupt keeps
     * the thread's flag and throws {@link CancellationException}; the Funnel's failure is the cause of a
     * {@link PublisherFailedException}. Several iterators share the jobs.
     *
     * @return not safe for use from many threads
     */
    @Override
    public Iterator<Joined<K>> iterator() {
        return new Jobs<>(this);
    }

    /**
     * The joined jobs as a publisher. Any number of subscribers; each job goes to one of them, or to a thread that
     * takes.
     *
     * @return follows the Reactive Streams specification; delivers on the thread that puts, or that requests
     */
    public Flow.Publisher<Joined<K>> asPublisher() {
        return subscriber -> FunnelSubscription.subscribe(engine(), subscriber);
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
         * taken, while it is not ahead of all other inputs, and, with {@link WhenFull#WAIT}, while there is room for
         * pending ones. When it completes, and no other publisher feeds this input, the input completes; when it
         * fails, so does the Funnel, and so it does if {@code jobIdOf} throws or a put fails.
         *
         * @param publisher subscribed to at once
         * @param jobIdOf finds the id of the job a value belongs to
         * @throws NullPointerException if an argument is null
         * @throws IllegalStateException if this input has completed or left, or the Funnel has ended
         */
        public void from(Flow.Publisher<? extends A> publisher, Function<? super A, ? extends K> jobIdOf) {
            Objects.requireNonNull(publisher, "publisher").subscribe(engine().source(jobIdOf));
        }
    }

    private static final class Jobs<K> implements Iterator<Joined<K>> {
        private final Funnel<K> funnel;
        private @Nullable Joined<K> next;

        Jobs(Funnel<K> funnel) {
            this.funnel = funnel;
        }

        @Override
        public boolean hasNext() {
            if (next == null) {
                try {
                    next = funnel.engine().consumers().next();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    CancellationException cancelled =
                            new CancellationException("interrupted while waiting for " + funnel);
                    cancelled.initCause(e);
                    throw cancelled;
                }
            }
            return next != null;
        }

        @Override
        public Joined<K> next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException(funnel + " has completed");
            }
            Joined<K> taken = next;
            next = null;
            return taken;
        }
    }

    /**
     * Builds a {@link Funnel}.
     *
     * @param <K> the type of the job id
     */
    public static final class Builder<K> extends FunnelOptions<K, Builder<K>> {
        private @Nullable ScheduledExecutorService scheduler;
        private @Nullable LongSupplier ticker;

        private Builder() {
            settings().speak(SyncDialect.INSTANCE, this::timekeeper);
        }

        /**
         * The executor that {@code expireAfter} uses, and that {@code onDiscard} then runs on. By default a daemon
         * thread that all Funnels share watches the time, and hooks run on shared threads of lox's own. It is never
         * shut down here.
         *
         * @param scheduler runs what is due
         * @return this
         * @throws NullPointerException if {@code scheduler} is null
         * @throws IllegalStateException if it has been set
         */
        public Builder<K> scheduler(ScheduledExecutorService scheduler) {
            Objects.requireNonNull(scheduler, "scheduler");
            settings().setOnce("scheduler");
            this.scheduler = scheduler;
            return this;
        }

        /**
         * The clock that {@code expireAfter} goes by, for tests with a time of their own. By default
         * {@link System#nanoTime}.
         *
         * @param nanos the time in nanoseconds since some fixed moment
         * @return this
         * @throws NullPointerException if {@code nanos} is null
         * @throws IllegalStateException if it has been set
         */
        public Builder<K> ticker(LongSupplier nanos) {
            Objects.requireNonNull(nanos, "nanos");
            settings().setOnce("ticker");
            ticker = nanos;
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

        private Timekeeper timekeeper() {
            return SystemTime.of(ticker, scheduler);
        }
    }
}
