package lox.tck;

import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import lox.sync.Announcement;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** Announcement in plain Java: everything comes from the backlog. */
public class AnnouncementBacklogFlowTckTest extends FlowPublisherVerification<Long> {

    public AnnouncementBacklogFlowTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        Announcement<Long> announcement = Announcement.withUnboundedBacklog();
        LongStream.range(0, elements).forEach(announcement::put);
        announcement.complete();
        return announcement.asPublisher();
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        Announcement<Long> announcement = Announcement.withUnboundedBacklog();
        announcement.fail(new IllegalStateException("planned"));
        return announcement.asPublisher();
    }
}
