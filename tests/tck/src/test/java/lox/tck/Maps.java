package lox.tck;

import io.reactivex.rxjava3.core.Flowable;
import java.util.stream.Stream;
import org.reactivestreams.FlowAdapters;
import reactor.core.publisher.Flux;

/** Streams through a function. */
final class Maps {
    private static final int AHEAD = 5;

    private Maps() {}

    static Stream<Subject> all() {
        return Stream.of(engine(), reactor(), rxJava());
    }

    private static Subject engine() {
        var increment = Engines.of(i -> i + 1);
        return Subject.endless(
                "map, engine",
                elements -> FlowAdapters.toPublisher(
                        Engines.map(increment, FlowAdapters.toFlowPublisher(Numbers.upTo(elements)), AHEAD)),
                () -> FlowAdapters.toPublisher(Engines.map(
                        increment, FlowAdapters.toFlowPublisher(Flux.<Integer>error(Planned.failure())), AHEAD)));
    }

    private static Subject reactor() {
        lox.reactor.Scatter<Integer, Integer> increment = lox.reactor.Lox.thread(3, i -> i + 1);
        return Subject.endless(
                "map in Reactor",
                elements -> increment.map(Numbers.upTo(elements)),
                () -> increment.map(Flux.error(Planned.failure())));
    }

    private static Subject rxJava() {
        lox.rxjava.Scatter<Integer, Integer> increment = lox.rxjava.Lox.thread(3, i -> i + 1);
        return Subject.endless(
                "map in RxJava",
                elements -> increment.map(Numbers.upTo(elements)),
                () -> increment.map(Flowable.error(Planned.failure())));
    }
}
