package lox.tck;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import lox.cluster.internal.StatePublisher;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The publisher of a cluster's members, with a state that is another each time it is looked at. */
public class MembersTckTest extends FlowPublisherVerification<Long> {
    public MembersTckTest() {
        super(Environments.patient());
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        AtomicLong count = new AtomicLong();
        AtomicReference<@Nullable StatePublisher<Long>> made = new AtomicReference<>();
        StatePublisher<Long> publisher = new StatePublisher<>(() -> {
            long now = count.incrementAndGet();
            StatePublisher<Long> own = made.get();
            if (now >= elements && own != null) {
                own.complete(); // after this one
            }
            return now;
        });
        made.set(publisher);
        if (elements == 0) {
            publisher.complete();
        }
        return publisher;
    }

    /** It never fails. */
    @Override
    public Flow.@Nullable Publisher<Long> createFailedFlowPublisher() {
        return null;
    }
}
