package lox.tck;

import java.util.stream.LongStream;
import lox.reactor.Announcement;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

/** Announcement in Reactor: everything comes from the backlog. */
public class AnnouncementBacklogFluxTckTest extends PublisherVerification<Long> {

    public AnnouncementBacklogFluxTckTest() {
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
        return announcement.asFlux();
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        Announcement<Long> announcement = Announcement.withUnboundedBacklog();
        announcement.fail(new IllegalStateException("planned"));
        return announcement.asFlux();
    }
}
