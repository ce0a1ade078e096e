package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.exceptions.Exceptions;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import lox.sync.funnel.Delivery;
import lox.sync.funnel.Joined;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Publishers joined by job id: cold, a Funnel for each subscription. */
final class FlowableJoin<K, R> extends Flowable<R> {
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

    private final Plan<K, R> plan;

    private FlowableJoin(Plan<K, R> plan) {
        this.plan = plan;
    }

    static <K, R> Flowable<R> of(Plan<K, R> plan) {
        return RxJavaPlugins.onAssembly(new FlowableJoin<>(plan));
    }

    @Override
    protected void subscribeActual(Subscriber<? super R> actual) {
        Funnel<K> funnel = Funnel.<K>builder().named("join").endingEarly().build();
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
            Funnel.Input<K, A> input = funnel.input("publisher " + (subscriptions.size() + 1));
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

    private static final class Results<K, R> extends Delivery<Joined<K>> implements Subscription {
        private final Funnel<K> funnel;
        private final Join<K, R> join;
        private final Subscriber<? super R> actual;

        Results(Funnel<K> funnel, Join<K, R> join, Subscriber<? super R> actual) {
            super(funnel);
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
