package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.exceptions.Exceptions;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import lox.sync.Joined;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.funnel.ReadySubscription;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Publishers joined by job id: cold, a Funnel for each subscription. */
final class FlowableJoin<K, R> extends Flowable<R> {
    /** What makes one of a joined job. */
    @FunctionalInterface
    interface Join<K, R> {
        R apply(Joined<K> job) throws Throwable;
    }

    /** Says which publishers are joined, and how. */
    @FunctionalInterface
    interface Plan<K, R> {
        Join<K, R> on(Sources<K> sources);
    }

    /** As that of a Funnel. */
    static final int DEFAULT_PREFETCH = 256;

    private final int prefetch;
    private final Plan<K, R> plan;

    private FlowableJoin(int prefetch, Plan<K, R> plan) {
        this.prefetch = prefetch;
        this.plan = plan;
    }

    static <K, R> Flowable<R> of(int prefetch, Plan<K, R> plan) {
        if (prefetch < 1) {
            throw new IllegalArgumentException("prefetch must be at least 1, not " + prefetch);
        }
        return RxJavaPlugins.onAssembly(new FlowableJoin<>(prefetch, plan));
    }

    /** For a place that may throw nothing checked but passes on what is thrown. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException asItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Override
    protected void subscribeActual(Subscriber<? super R> actual) {
        Funnel<K> funnel = Funnel.<K>builder()
                .named("join")
                .prefetch(prefetch)
                .endingEarly()
                .build();
        Sources<K> sources = new Sources<>(funnel);
        Results<K, R> results = new Results<>(funnel, plan.on(sources), actual);
        actual.onSubscribe(results);
        results.start();
        sources.subscribeUnless(results::isDone);
    }

    /** The publishers of one subscription. All inputs are made before the first value comes. */
    static final class Sources<K> {
        private final Funnel<K> funnel;
        private final List<Runnable> subscriptions = new ArrayList<>();

        Sources(Funnel<K> funnel) {
            this.funnel = funnel;
        }

        <A> Funnel.Input<K, A> add(Publisher<? extends A> publisher, Function<? super A, ? extends K> jobIdOf) {
            return add(funnel.input(nextName()), publisher, jobIdOf);
        }

        /** Adds a publisher whose values jobs can do without once it has completed. */
        <A> Funnel.Input<K, A> addOptional(Publisher<? extends A> publisher, Function<? super A, ? extends K> jobIdOf) {
            return add(funnel.optionalInput(nextName()), publisher, jobIdOf);
        }

        private String nextName() {
            return "publisher " + (subscriptions.size() + 1);
        }

        private <A> Funnel.Input<K, A> add(
                Funnel.Input<K, A> input, Publisher<? extends A> publisher, Function<? super A, ? extends K> jobIdOf) {
            SourceSubscriber<A> source = input.subscriber(jobIdOf);
            subscriptions.add(() -> publisher.subscribe(source));
            return input;
        }

        void subscribeUnless(BooleanSupplier done) {
            for (Runnable subscription : subscriptions) {
                if (done.getAsBoolean()) {
                    return; // one failed or was empty
                }
                subscription.run();
            }
        }
    }

    private static final class Results<K, R> extends ReadySubscription<Joined<K>> implements Subscription {
        private final Funnel<K> funnel;
        private final Join<K, R> join;
        private final Subscriber<? super R> actual;

        Results(Funnel<K> funnel, Join<K, R> join, Subscriber<? super R> actual) {
            super(EngineAccess.joinEngine(funnel));
            this.funnel = funnel;
            this.join = join;
            this.actual = actual;
        }

        @Override
        protected void next(Joined<K> job) {
            R result;
            try {
                result = Objects.requireNonNull(join.apply(job), "the join returned null");
            } catch (Throwable thrown) {
                Exceptions.throwIfFatal(thrown);
                fail(thrown);
                return;
            }
            actual.onNext(result);
        }

        boolean isDone() {
            return isOver();
        }

        private void fail(Throwable failure) {
            boolean cancelled = isOver();
            cancel();
            if (cancelled) {
                dropped(failure);
            } else {
                end(failure);
            }
        }

        @Override
        protected void end(@Nullable Throwable failure) {
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        }

        @Override
        protected void dropped(Throwable failure) {
            RxJavaPlugins.onError(failure);
        }

        @Override
        public void cancel() {
            super.cancel();
            funnel.cancel(job -> {});
        }
    }
}
