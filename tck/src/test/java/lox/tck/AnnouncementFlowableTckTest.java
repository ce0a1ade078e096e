package lox.tck;

import java.util.stream.LongStream;
import lox.rxjava.Announcement;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

/** Announcement in RxJava: everything comes after the subscription. */
public class AnnouncementFlowableTckTest extends PublisherVerification<Long> {

    public AnnouncementFlowableTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }

    @Override
    public Publisher<Long> createPublisher(long elements) {
        Announcement<Long> announcement = Announcement.create();
        return subscriber -> {
            announcement.asFlowable().subscribe(subscriber);
            LongStream.range(0, elements).forEach(announcement::put);
            announcement.complete();
        };
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        Announcement<Long> announcement = Announcement.create();
        announcement.fail(new IllegalStateException("planned"));
        return announcement.asFlowable();
    }
}
