package lox.tck;

import java.util.concurrent.Flow;
import lox.sync.Funnel;
import lox.sync.funnel.Joined;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** What a Funnel emits, in plain Java. */
public class FunnelFlowTckTest extends FlowPublisherVerification<Joined<Long>> {

    public FunnelFlowTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 10_000;
    }

    @Override
    public Flow.Publisher<Joined<Long>> createFlowPublisher(long elements) {
        Funnel<Long> funnel = new Funnel<>();
        Funnel.Input<Long, Long> left = funnel.input("left");
        Funnel.Input<Long, Long> right = funnel.input("right");
        for (long job = 0; job < elements; job++) {
            left.put(job, job);
            right.put(job, job);
        }
        funnel.complete();
        return funnel.asPublisher();
    }

    @Override
    public Flow.Publisher<Joined<Long>> createFailedFlowPublisher() {
        Funnel<Long> funnel = new Funnel<>();
        funnel.fail(new IllegalStateException("planned"));
        return funnel.asPublisher();
    }
}
