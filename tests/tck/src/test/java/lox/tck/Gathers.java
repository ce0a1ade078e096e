package lox.tck;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import lox.sync.GatherOptions;
import lox.sync.Workers;
import lox.sync.internal.stream.ResultStream;
import lox.sync.spi.ProgressSink;
import lox.test.Patience;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** What gathers give: a list, or results one by one. */
final class Gathers {
    private static final int MOST = 10_000;

    private static final ProgressSink NOBODY = (done, failed, total) -> {};

    private Gathers() {}

    static Stream<Subject> all() {
        return Stream.of(
                new Subject("gather in Reactor", 1, Gathers::list, () -> inReactorFailed(lox.reactor.Scatter::gather)),
                new Subject(
                        "gather in Reactor, with options",
                        1,
                        elements -> list(elements, scattered -> scattered.gather(watched())),
                        () -> inReactorFailed(failing -> failing.gather(watched()))),
                new Subject(
                        "gather of a list in Reactor",
                        1,
                        elements -> list(elements, function -> function.gather(List.of(1, 2, 3))),
                        () -> inReactorFailed(failing -> failing.gather(List.of(1)))),
                new Subject(
                        "gather of a batch in Reactor",
                        1,
                        elements -> list(elements, function -> function.batch().gather()),
                        () -> inReactorFailed(Gathers::batchOfOne)),
                new Subject(
                        "gatherDelayError in Reactor",
                        1,
                        elements -> list(elements, lox.reactor.Scatter::gatherDelayError),
                        () -> inReactorFailed(lox.reactor.Scatter::gatherDelayError)),
                new Subject(
                        "gatherSettled in Reactor",
                        1,
                        elements -> list(elements, lox.reactor.Scatter::gatherSettled),
                        () -> closedInReactor(lox.reactor.Scatter::gatherSettled)),
                new Subject("expand in Reactor", 1, Gathers::expanded, Gathers::expandedFailed),
                new Subject("submit in Reactor", 1, Gathers::submitted, Gathers::submittedFailed),
                Subject.ofFlow(
                        "results in scatter order, engine",
                        MOST,
                        elements -> Engines.incremented(elements, engine -> ResultStream.of(engine, false, null)),
                        () -> Engines.failed(engine -> ResultStream.of(engine, false, null))),
                Subject.ofFlow(
                        "results in scatter order, told of, engine",
                        MOST,
                        elements -> Engines.incremented(elements, engine -> ResultStream.of(engine, false, NOBODY)),
                        () -> Engines.failed(engine -> ResultStream.of(engine, false, NOBODY))),
                Subject.ofFlow(
                        "results as completed, engine",
                        MOST,
                        elements -> Engines.incremented(elements, engine -> ResultStream.of(engine, true, null)),
                        () -> Engines.failed(engine -> ResultStream.of(engine, true, null))),
                new Subject(
                        "gatherFlux",
                        MOST,
                        elements -> inReactor(elements, lox.reactor.Scatter::gatherFlux),
                        () -> inReactorFailed(lox.reactor.Scatter::gatherFlux)),
                new Subject(
                        "gatherFlux, with options",
                        MOST,
                        elements -> inReactor(elements, scattered -> scattered.gatherFlux(watched())),
                        () -> inReactorFailed(failing -> failing.gatherFlux(watched()))),
                new Subject(
                        "gatherAsCompleted in Reactor",
                        MOST,
                        elements -> inReactor(elements, lox.reactor.Scatter::gatherAsCompleted),
                        () -> inReactorFailed(lox.reactor.Scatter::gatherAsCompleted)),
                new Subject(
                        "gatherSettledAsCompleted in Reactor",
                        MOST,
                        elements -> inReactor(elements, lox.reactor.Scatter::gatherSettledAsCompleted),
                        () -> closedInReactor(lox.reactor.Scatter::gatherSettledAsCompleted)),
                new Subject(
                        "gatherFlowable",
                        MOST,
                        elements -> inRxJava(elements, lox.rxjava.Scatter::gatherFlowable),
                        () -> inRxJavaFailed(lox.rxjava.Scatter::gatherFlowable)),
                new Subject(
                        "gatherFlowable, with options",
                        MOST,
                        elements -> inRxJava(elements, scattered -> scattered.gatherFlowable(watched())),
                        () -> inRxJavaFailed(failing -> failing.gatherFlowable(watched()))),
                new Subject(
                        "gatherAsCompleted in RxJava",
                        MOST,
                        elements -> inRxJava(elements, lox.rxjava.Scatter::gatherAsCompleted),
                        () -> inRxJavaFailed(lox.rxjava.Scatter::gatherAsCompleted)),
                new Subject(
                        "gatherSettledAsCompleted in RxJava",
                        MOST,
                        elements -> inRxJava(elements, lox.rxjava.Scatter::gatherSettledAsCompleted),
                        Gathers::closedInRxJava),
                new Subject(
                        "gatherFlux, not blocking",
                        MOST,
                        elements -> scattered(elements, Unblocking.inReactor()).gatherFlux(),
                        () -> scattered(1, Unblocking.failedInReactor()).gatherFlux()),
                new Subject(
                        "gatherAsCompleted in Reactor, not blocking",
                        MOST,
                        elements -> scattered(elements, Unblocking.inReactor()).gatherAsCompleted(),
                        () -> scattered(1, Unblocking.failedInReactor()).gatherAsCompleted()),
                new Subject(
                        "gatherSettledAsCompleted in Reactor, not blocking",
                        MOST,
                        elements -> scattered(elements, Unblocking.inReactor()).gatherSettledAsCompleted(),
                        Gathers::closedInReactorNotBlocking),
                new Subject(
                        "gatherFlowable, not blocking",
                        MOST,
                        elements -> scattered(elements, Unblocking.inRxJava()).gatherFlowable(),
                        () -> scattered(1, Unblocking.failedInRxJava()).gatherFlowable()),
                new Subject(
                        "gatherAsCompleted in RxJava, not blocking",
                        MOST,
                        elements -> scattered(elements, Unblocking.inRxJava()).gatherAsCompleted(),
                        () -> scattered(1, Unblocking.failedInRxJava()).gatherAsCompleted()),
                new Subject(
                        "gatherSettledAsCompleted in RxJava, not blocking",
                        MOST,
                        elements -> scattered(elements, Unblocking.inRxJava()).gatherSettledAsCompleted(),
                        Gathers::closedInRxJavaNotBlocking));
    }

    /** Told how far it is, and with time enough. */
    private static GatherOptions watched() {
        return GatherOptions.create().progress((done, failed, total) -> {}).timeout(Patience.LIMIT);
    }

    private static Publisher<List<Integer>> list(long elements) {
        return list(elements, lox.reactor.Scatter::gather);
    }

    /** The kit wants a publisher without an element as well; a list is always one. */
    private static <R> Publisher<List<R>> list(
            long elements, Function<lox.reactor.Scatter<Integer, Integer>, Mono<List<R>>> gather) {
        Mono<List<R>> gathered = inReactor(1, gather);
        return elements == 0 ? gathered.filter(list -> false) : gathered;
    }

    private static Mono<List<Integer>> batchOfOne(lox.reactor.Scatter<Integer, Integer> function) {
        lox.reactor.Batch<Integer, Integer> batch = function.batch();
        batch.scatter(1);
        return batch.gather();
    }

    /** A list each time; the kit wants a publisher without an element as well. */
    private static Publisher<List<Integer>> expanded(long elements) {
        Mono<List<Integer>> list = lox.reactor.Lox.<Integer, Integer>thread(3, i -> i + 1)
                .expand(List.of(0, 1), i -> i < 20 ? List.of(i, i + 1) : List.of());
        return elements == 0 ? list.filter(List::isEmpty) : list;
    }

    private static Publisher<List<Integer>> expandedFailed() {
        return lox.reactor.Lox.thread(2, Planned::task).expand(List.of(1), i -> List.of(i));
    }

    private static Publisher<Integer> submitted(long elements) {
        Mono<Integer> result =
                lox.reactor.Lox.<Integer, Integer>thread(1, i -> i + 1).submit(1);
        return elements == 0 ? result.filter(i -> i < 0) : result;
    }

    private static Publisher<Integer> submittedFailed() {
        return lox.reactor.Lox.thread(1, Planned::task).submit(1);
    }

    private static lox.reactor.Scatter<Integer, Integer> scattered(
            long elements, lox.reactor.Scatter<Integer, Integer> function) {
        for (int i = 0; i < elements; i++) {
            function.scatter(i);
        }
        return function;
    }

    private static lox.rxjava.Scatter<Integer, Integer> scattered(
            long elements, lox.rxjava.Scatter<Integer, Integer> function) {
        for (int i = 0; i < elements; i++) {
            function.scatter(i);
        }
        return function;
    }

    private static <P> P inReactor(long elements, Function<lox.reactor.Scatter<Integer, Integer>, P> results) {
        return results.apply(scattered(elements, lox.reactor.Lox.thread(3, i -> i + 1)));
    }

    private static <P> P inReactorFailed(Function<lox.reactor.Scatter<Integer, Integer>, P> results) {
        lox.reactor.Scatter<Integer, Integer> failing = lox.reactor.Lox.thread(2, Planned::task);
        failing.scatter(1);
        return results.apply(failing);
    }

    private static <P> P inRxJava(long elements, Function<lox.rxjava.Scatter<Integer, Integer>, P> results) {
        return results.apply(scattered(elements, lox.rxjava.Lox.thread(3, i -> i + 1)));
    }

    private static <P> P inRxJavaFailed(Function<lox.rxjava.Scatter<Integer, Integer>, P> results) {
        lox.rxjava.Scatter<Integer, Integer> failing = lox.rxjava.Lox.thread(2, Planned::task);
        failing.scatter(1);
        return results.apply(failing);
    }

    /** No task's failure ends it; the end of the workers does. */
    private static <P> P closedInReactor(Function<lox.reactor.Scatter<Integer, Integer>, P> results) {
        try (Workers workers = Workers.threads(1).build()) {
            lox.reactor.Scatter<Integer, Integer> blocked = lox.reactor.Lox.on(workers, Planned::wait);
            blocked.scatter(1);
            return results.apply(blocked);
        }
    }

    private static Publisher<?> closedInRxJava() {
        try (Workers workers = Workers.threads(1).build()) {
            lox.rxjava.Scatter<Integer, Integer> blocked = lox.rxjava.Lox.on(workers, Planned::wait);
            blocked.scatter(1);
            return blocked.gatherSettledAsCompleted();
        }
    }

    private static Publisher<?> closedInReactorNotBlocking() {
        try (Workers workers = Workers.async(1).build()) {
            return scattered(1, lox.reactor.Lox.async(workers, (Integer i) -> Mono.<Integer>never()))
                    .gatherSettledAsCompleted();
        }
    }

    private static Publisher<?> closedInRxJavaNotBlocking() {
        try (Workers workers = Workers.async(1).build()) {
            return scattered(1, lox.rxjava.Lox.async(workers, (Integer i) -> Single.<Integer>never()))
                    .gatherSettledAsCompleted();
        }
    }
}
