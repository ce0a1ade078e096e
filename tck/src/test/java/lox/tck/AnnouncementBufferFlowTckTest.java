package lox.tck;

import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import lox.sync.Announcement;
import lox.sync.Buffer;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** Announcement in plain Java, with a bounded buffer. */
public class AnnouncementBufferFlowTckTest extends FlowPublisherVerification<Long> {

    public AnnouncementBufferFlowTckTest() {
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
            announcement.asPublisher(Buffer.failing(2_000)).subscribe(subscriber);
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
