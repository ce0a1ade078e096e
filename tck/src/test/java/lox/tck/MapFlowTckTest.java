package lox.tck;

import java.util.List;
import java.util.concurrent.Flow;
import lox.sync.Workers;
import lox.sync.engine.Dialect;
import lox.sync.engine.Dispatcher;
import lox.sync.engine.Mapping;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import reactor.core.publisher.Flux;

/** The engine's map as a Flow publisher. */
public class MapFlowTckTest extends FlowPublisherVerification<Integer> {
    private static final class Nowhere implements Dialect {
        @Override
        public void dropped(Throwable failure) {}

        @Override
        public Throwable combine(List<Throwable> failures, int total) {
            return failures.get(0);
        }
    }

    /** What a library's operator does: a mapping for each subscriber. */
    static <T, R> Flow.Publisher<R> map(Dispatcher<T, R> dispatcher, Flow.Publisher<T> source, int ahead) {
        return subscriber -> {
            if (subscriber == null) {
                throw new NullPointerException("subscriber");
            }
            source.subscribe(dispatcher.map(new Plain<R>(subscriber), ahead, false, null));
        };
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

    private final Workers workers = Workers.threads(3).build();
    private final Dispatcher<Integer, Integer> increment =
            new Dispatcher<>(i -> i + 1, workers.lanes(), workers.lanes(), new Nowhere());

    public MapFlowTckTest() {
        super(Environments.patient());
    }

    @Override
    public Flow.Publisher<Integer> createFlowPublisher(long elements) {
        return map(increment, FlowAdapters.toFlowPublisher(Numbers.upTo(elements)), 5);
    }

    @Override
    public Flow.Publisher<Integer> createFailedFlowPublisher() {
        return map(increment, FlowAdapters.toFlowPublisher(Flux.error(new IllegalStateException("planned"))), 5);
    }
}
