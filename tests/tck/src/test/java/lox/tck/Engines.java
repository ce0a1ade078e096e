package lox.tck;

import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Function;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.map.MapOptions;
import lox.sync.internal.map.Mapping;
import lox.sync.spi.Dialect;
import lox.sync.spi.Work;

/** Engines without a library around them. */
final class Engines {
    private static final class Nowhere implements Dialect {
        @Override
        public void dropped(Throwable failure) {}

        @Override
        public Throwable combine(List<Throwable> failures, int total) {
            return failures.get(0);
        }
    }

    private record Plain<R>(Flow.Subscriber<? super R> actual) implements Mapping.Downstream<R> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            actual.onSubscribe(subscription);
        }

        @Override
        public void onNext(R result) {
            actual.onNext(result);
        }

        @Override
        public void onError(Throwable failure) {
            actual.onError(failure);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public void discarded(Object value) {}

        @Override
        public void dropped(Throwable failure) {}
    }

    private Engines() {}

    static Dispatcher<Integer, Integer> of(Work<Integer, Integer> work) {
        return Dispatchers.of(work, EngineAccess.lanes(Workers.threads(3).build()), new Nowhere());
    }

    /** What came of so many scatters. */
    static <P> P incremented(long elements, Function<Dispatcher<Integer, Integer>, P> results) {
        Dispatcher<Integer, Integer> increment = of(i -> i + 1);
        for (int i = 0; i < elements; i++) {
            increment.scatter(i);
        }
        return results.apply(increment);
    }

    /** What came of a scatter that fails. */
    static <P> P failed(Function<Dispatcher<Integer, Integer>, P> results) {
        Dispatcher<Integer, Integer> failing = of(Planned::task);
        failing.scatter(1);
        return results.apply(failing);
    }

    /** What a library's operator does: a mapping for each subscriber. */
    static <T, R> Flow.Publisher<R> map(Dispatcher<T, R> dispatcher, Flow.Publisher<T> source, int ahead) {
        return subscriber -> {
            if (subscriber == null) {
                throw new NullPointerException("subscriber");
            }
            source.subscribe(Mapping.of(dispatcher, new Plain<R>(subscriber), MapOptions.inOrder(ahead), null));
        };
    }
}
