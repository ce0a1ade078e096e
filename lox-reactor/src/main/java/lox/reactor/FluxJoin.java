package lox.reactor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import lox.sync.Joined;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.funnel.ReadySubscription;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Publishers joined by job id: cold, a Funnel for each subscription. */
final class FluxJoin<K, R> extends Flux<R> implements Scannable {
    /** What makes one of a joined job. */
    @FunctionalInterface
    interface Join<K, R> {
        R apply(Joined<K> job) throws Exception;
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

    private FluxJoin(int prefetch, Plan<K, R> plan) {
        this.prefetch = prefetch;
        this.plan = plan;
    }

    static <K, R> Flux<R> of(int prefetch, Plan<K, R> plan) {
        if (prefetch < 1) {
            throw new IllegalArgumentException("prefetch must be at least 1, not " + prefetch);
        }
        return onAssembly(new FluxJoin<>(prefetch, plan));
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> actual) {
        Context context = actual.currentContext();
        Funnel<K> funnel = Funnel.<K>builder()
                .named("join")
                .prefetch(prefetch)
                .endingEarly()
                .onDiscard((job, reason) -> Operators.onDiscardMultiple(job.values(), context))
                .build();
        Sources<K> sources = new Sources<>(funnel, context);
        Subscriber<K, R> subscriber = new Subscriber<>(funnel, plan.on(sources), actual);
        actual.onSubscribe(subscriber);
        subscriber.start();
        sources.subscribeUnless(subscriber::isDone);
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String toString() {
        return "lox(join)";
    }

    /** The publishers of one subscription. All inputs are made before the first value comes. */
    static final class Sources<K> {
        private final Funnel<K> funnel;
        private final Context context;
        private final List<Runnable> subscriptions = new ArrayList<>();

        Sources(Funnel<K> funnel, Context context) {
            this.funnel = funnel;
            this.context = context;
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
            SourceSubscriber<A> source = input.subscriber(jobIdOf, context);
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

    private static final class Subscriber<K, R> extends ReadySubscription<Joined<K>>
            implements Subscription, Scannable {
        private final Funnel<K> funnel;
        private final Join<K, R> join;
        private final CoreSubscriber<? super R> actual;
        private volatile boolean ended;
        private volatile @Nullable Throwable error;

        Subscriber(Funnel<K> funnel, Join<K, R> join, CoreSubscriber<? super R> actual) {
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
                fail(Operators.onOperatorError(null, thrown, job, actual.currentContext()));
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
            error = failure;
            ended = true;
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        }

        @Override
        protected void dropped(Throwable failure) {
            Operators.onErrorDropped(failure, actual.currentContext());
        }

        @Override
        public void cancel() {
            super.cancel();
            funnel.cancel(job -> Operators.onDiscardMultiple(job.values(), actual.currentContext()));
        }

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.ERROR) {
                return error;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested();
            }
            if (key == Attr.BUFFERED) {
                return funnel.readyJobs();
            }
            if (key == Attr.TERMINATED) {
                return ended;
            }
            if (key == Attr.CANCELLED) {
                return isOver() && !ended;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }
    }
}
