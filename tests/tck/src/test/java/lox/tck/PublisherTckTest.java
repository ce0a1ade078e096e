package lox.tck;

import java.util.Iterator;
import java.util.stream.Stream;
import lox.test.Patience;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.testng.ITest;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Factory;
import org.testng.annotations.Test;

/** All of the kit's rules, for each publisher of lox. */
public class PublisherTckTest extends PublisherVerification<Object> implements ITest {
    private final Subject subject;

    @Factory(dataProvider = "subjects")
    public PublisherTckTest(Subject subject) {
        super(Environments.patient());
        this.subject = subject;
    }

    @DataProvider(name = "subjects")
    public static Iterator<Object[]> subjects() {
        return Stream.of(
                        Gathers.all(),
                        Maps.all(),
                        Announcements.all(),
                        Funnels.all(),
                        Joined.all(),
                        UnderLocks.all(),
                        Members.all())
                .flatMap(subjects -> subjects)
                .map(subject -> new Object[] {subject})
                .iterator();
    }

    /**
     * The kit collects garbage once and waits for a tenth of a second. On a busy machine a thread that has just emitted may not have
     * returned by then, so this asks again: what a publisher keeps, it keeps each time.
     */
    @Override
    @Test
    public void required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
            throws Throwable {
        long start = System.nanoTime();
        for (boolean dropped = false; !dropped; ) {
            try {
                super.required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber();
                dropped = true;
            } catch (AssertionError kept) {
                if (System.nanoTime() - start > Patience.LIMIT.toNanos()) {
                    throw kept;
                }
                setUp(); // or the kit remembers
            }
        }
    }

    @Override
    public String getTestName() {
        return subject.name();
    }

    @Override
    public long maxElementsFromPublisher() {
        return subject.most();
    }

    @Override
    @SuppressWarnings("unchecked") // the kit looks at nothing but whether elements come
    public Publisher<Object> createPublisher(long elements) {
        return (Publisher<Object>) subject.emitting().apply(elements);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Publisher<Object> createFailedPublisher() {
        return (Publisher<Object>) subject.failing().get();
    }
}
