package lox.tck;

import lox.reactor.Funnel;
import lox.sync.funnel.Joined;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

/** What a Funnel emits, in Reactor. */
public class FunnelFluxTckTest extends PublisherVerification<Joined<Long>> {

    public FunnelFluxTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 10_000;
    }

    @Override
    public Publisher<Joined<Long>> createPublisher(long elements) {
        Funnel<Long> funnel = new Funnel<>();
        Funnel.Input<Long, Long> left = funnel.input("left");
        Funnel.Input<Long, Long> right = funnel.input("right");
        for (long job = 0; job < elements; job++) {
            left.put(job, job);
            right.put(job, job);
        }
        funnel.complete();
        return funnel.asFlux();
    }

    @Override
    public Publisher<Joined<Long>> createFailedPublisher() {
        Funnel<Long> funnel = new Funnel<>();
        funnel.fail(new IllegalStateException("planned"));
        return funnel.asFlux();
    }
}
