package lox.tck;

import lox.rxjava.Lox;
import lox.rxjava.Scatter;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

/** {@code gatherFlowable()} in RxJava. */
public class GatherFlowableTckTest extends PublisherVerification<Integer> {
    private static final int MOST = 10_000;

    public GatherFlowableTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return MOST;
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        Scatter<Integer, Integer> increment = Lox.thread(3, i -> i + 1);
        for (int i = 0; i < elements; i++) {
            increment.scatter(i);
        }
        return increment.gatherFlowable();
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        Scatter<Integer, Integer> failing = Lox.thread(2, i -> {
            throw new IllegalStateException("planned");
        });
        failing.scatter(1);
        return failing.gatherFlowable();
    }
}
