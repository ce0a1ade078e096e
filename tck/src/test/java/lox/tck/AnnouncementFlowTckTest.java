package lox.tck;

import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import lox.sync.Announcement;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** Announcement in plain Java: everything comes after the subscription. */
public class AnnouncementFlowTckTest extends FlowPublisherVerification<Long> {

    public AnnouncementFlowTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        Announcement<Long> announcement = Announcement.create();
        return subscriber -> {
            announcement.asPublisher().subscribe(subscriber);
            LongStream.range(0, elements).forEach(announcement::put);
            announcement.complete();
        };
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        Announcement<Long> announcement = Announcement.create();
        announcement.fail(new IllegalStateException("planned"));
        return announcement.asPublisher();
    }
}
