package lox.tck;

import java.util.stream.LongStream;
import lox.rxjava.Announcement;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

/** Announcement in RxJava: everything comes from the backlog. */
public class AnnouncementBacklogFlowableTckTest extends PublisherVerification<Long> {

    public AnnouncementBacklogFlowableTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }

    @Override
    public Publisher<Long> createPublisher(long elements) {
        Announcement<Long> announcement = Announcement.withUnboundedBacklog();
        LongStream.range(0, elements).forEach(announcement::put);
        announcement.complete();
        return announcement.asFlowable();
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        Announcement<Long> announcement = Announcement.withUnboundedBacklog();
        announcement.fail(new IllegalStateException("planned"));
        return announcement.asFlowable();
    }
}
