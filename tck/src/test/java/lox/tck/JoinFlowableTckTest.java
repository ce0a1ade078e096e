package lox.tck;

import io.reactivex.rxjava3.core.Flowable;
import lox.rxjava.Funnel;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

/** {@code Funnel.join} in RxJava. */
public class JoinFlowableTckTest extends PublisherVerification<Integer> {

    public JoinFlowableTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 10_000;
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        Flowable<Integer> numbers = Flowable.range(0, (int) elements);
        return Funnel.join(numbers, i -> i, numbers, i -> i, (id, left, right) -> left + right);
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        Flowable<Integer> failed = Flowable.error(new IllegalStateException("planned"));
        return Funnel.join(failed, i -> i, failed, i -> i, (id, left, right) -> left + right);
    }
}
