package lox.tck;

import java.util.concurrent.Flow;
import lox.sync.engine.Dispatcher;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The engine's results one by one, in scatter order, as a Flow publisher. */
public class GatherFlowTckTest extends FlowPublisherVerification<Integer> {
    private static final int MOST = 10_000;

    public GatherFlowTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return MOST;
    }

    @Override
    public Flow.Publisher<Integer> createFlowPublisher(long elements) {
        Dispatcher<Integer, Integer> increment = Engines.of(i -> i + 1);
        for (int i = 0; i < elements; i++) {
            increment.scatter(i);
        }
        return increment.stream(false);
    }

    @Override
    public Flow.Publisher<Integer> createFailedFlowPublisher() {
        Dispatcher<Integer, Integer> failing = Engines.of(i -> {
            throw new IllegalStateException("planned");
        });
        failing.scatter(1);
        return failing.stream(false);
    }
}
