package lox.tck;

import lox.reactor.Funnel;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

/** {@code Funnel.join} in Reactor. */
public class JoinFluxTckTest extends PublisherVerification<Integer> {

    public JoinFluxTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 10_000;
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        Flux<Integer> numbers = Flux.range(0, (int) elements);
        return Funnel.join(numbers, i -> i, numbers, i -> i, (id, left, right) -> left + right);
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        Flux<Integer> failed = Flux.error(new IllegalStateException("planned"));
        return Funnel.join(failed, i -> i, failed, i -> i, (id, left, right) -> left + right);
    }
}
