package lox.tck;

import java.util.List;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Mono;

/** {@code gather()} in Reactor. */
public class GatherMonoTckTest extends PublisherVerification<List<Integer>> {

    public GatherMonoTckTest() {
        super(Environments.patient());
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }

    @Override
    public Publisher<List<Integer>> createPublisher(long elements) {
        Scatter<Integer, Integer> increment = Lox.thread(2, x -> x + 1);
        increment.scatter(1);
        Mono<List<Integer>> gathered = increment.gather();
        return elements == 0 ? gathered.filter(List::isEmpty) : gathered;
    }

    @Override
    public Publisher<List<Integer>> createFailedPublisher() {
        Scatter<Integer, Integer> failing = Lox.thread(2, x -> {
            throw new IllegalStateException("planned");
        });
        failing.scatter(1);
        Mono<List<Integer>> gathered = failing.gather();
        return gathered;
    }
}
