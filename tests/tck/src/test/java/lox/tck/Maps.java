package lox.tck;

import java.util.function.Function;
import java.util.stream.Stream;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Streams through a function. */
final class Maps {
    private static final int AHEAD = 5;

    private Maps() {}

    static Stream<Subject> all() {
        lox.reactor.Scatter<Integer, Integer> reactor = lox.reactor.Lox.thread(3, i -> i + 1);
        lox.rxjava.Scatter<Integer, Integer> rxJava = lox.rxjava.Lox.thread(3, i -> i + 1);
        lox.reactor.Scatter<Integer, Integer> reactorAsync = Unblocking.inReactor();
        lox.rxjava.Scatter<Integer, Integer> rxJavaAsync = Unblocking.inRxJava();
        return Stream.of(
                engine(),
                through("map in Reactor", reactor::map),
                through("mapDelayError in Reactor", reactor::mapDelayError),
                through("mapSettled in Reactor", reactor::mapSettled),
                through("mapUnordered in Reactor", reactor::mapUnordered),
                through("mapByKey in Reactor", numbers -> reactor.mapByKey(numbers, i -> i % 2)),
                through("map in RxJava", rxJava::map),
                through("mapDelayError in RxJava", rxJava::mapDelayError),
                through("mapSettled in RxJava", rxJava::mapSettled),
                through("mapUnordered in RxJava", rxJava::mapUnordered),
                through("mapByKey in RxJava", numbers -> rxJava.mapByKey(numbers, i -> i % 2)),
                through("map of a chain in Reactor", reactor.andThen(reactorAsync)::map),
                through("map of a chain in RxJava", rxJava.andThen(rxJavaAsync)::map),
                through("map in Reactor, not blocking", reactorAsync::map),
                through("mapDelayError in Reactor, not blocking", reactorAsync::mapDelayError),
                through("mapSettled in Reactor, not blocking", reactorAsync::mapSettled),
                through("mapUnordered in Reactor, not blocking", reactorAsync::mapUnordered),
                through("mapByKey in Reactor, not blocking", numbers -> reactorAsync.mapByKey(numbers, i -> i % 2)),
                through("map in RxJava, not blocking", rxJavaAsync::map),
                through("mapDelayError in RxJava, not blocking", rxJavaAsync::mapDelayError),
                through("mapSettled in RxJava, not blocking", rxJavaAsync::mapSettled),
                through("mapUnordered in RxJava, not blocking", rxJavaAsync::mapUnordered),
                through("mapByKey in RxJava, not blocking", numbers -> rxJavaAsync.mapByKey(numbers, i -> i % 2)));
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

    private static Subject through(String name, Function<Publisher<Integer>, Publisher<?>> map) {
        return Subject.endless(
                name, elements -> map.apply(Numbers.upTo(elements)), () -> map.apply(Flux.error(Planned.failure())));
    }
}
