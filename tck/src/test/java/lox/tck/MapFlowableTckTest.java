package lox.tck;

import io.reactivex.rxjava3.core.Flowable;
import lox.rxjava.Lox;
import lox.rxjava.Scatter;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

/** {@code map} in RxJava. */
public class MapFlowableTckTest extends PublisherVerification<Integer> {
    private final Scatter<Integer, Integer> increment = Lox.thread(3, i -> i + 1);

    public MapFlowableTckTest() {
        super(Environments.patient());
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        return increment.map(Numbers.upTo(elements));
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return increment.map(Flowable.error(new IllegalStateException("planned")));
    }
}
