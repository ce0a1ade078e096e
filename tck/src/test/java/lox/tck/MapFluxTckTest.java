package lox.tck;

import lox.reactor.Lox;
import lox.reactor.Scatter;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

/** {@code map} in Reactor. */
public class MapFluxTckTest extends PublisherVerification<Integer> {
    private final Scatter<Integer, Integer> increment = Lox.thread(3, i -> i + 1);

    public MapFluxTckTest() {
        super(Environments.patient());
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        return increment.map(Numbers.upTo(elements));
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return increment.map(Flux.error(new IllegalStateException("planned")));
    }
}
