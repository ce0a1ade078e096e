package lox.tck;

import io.reactivex.rxjava3.core.Flowable;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** Funnels, and the joins of two streams that are made of them. */
final class Funnels {
    private static final int MOST = 10_000;

    private Funnels() {}

    static Stream<Subject> all() {
        return Stream.of(
                Subject.ofFlow(
                        "Funnel in plain Java",
                        MOST,
                        elements -> {
                            var funnel = lox.sync.Funnel.<Long>create();
                            lox.sync.Funnel.Input<Long, Long> left = funnel.input("left");
                            lox.sync.Funnel.Input<Long, Long> right = funnel.input("right");
                            for (long job = 0; job < elements; job++) {
                                left.put(job, job);
                                right.put(job, job);
                            }
                            funnel.complete();
                            return funnel.asPublisher();
                        },
                        () -> {
                            var funnel = lox.sync.Funnel.<Long>create();
                            funnel.fail(Planned.failure());
                            return funnel.asPublisher();
                        }),
                new Subject(
                        "Funnel in Reactor",
                        MOST,
                        elements -> {
                            var funnel = lox.reactor.Funnel.<Long>create();
                            lox.reactor.Funnel.Input<Long, Long> left = funnel.input("left");
                            lox.reactor.Funnel.Input<Long, Long> right = funnel.input("right");
                            for (long job = 0; job < elements; job++) {
                                left.put(job, job);
                                right.put(job, job);
                            }
                            funnel.complete();
                            return funnel.asFlux();
                        },
                        () -> {
                            var funnel = lox.reactor.Funnel.<Long>create();
                            funnel.fail(Planned.failure());
                            return funnel.asFlux();
                        }),
                new Subject(
                        "Funnel in RxJava",
                        MOST,
                        elements -> {
                            var funnel = lox.rxjava.Funnel.<Long>create();
                            lox.rxjava.Funnel.Input<Long, Long> left = funnel.input("left");
                            lox.rxjava.Funnel.Input<Long, Long> right = funnel.input("right");
                            for (long job = 0; job < elements; job++) {
                                left.put(job, job);
                                right.put(job, job);
                            }
                            funnel.complete();
                            return funnel.asFlowable();
                        },
                        () -> {
                            var funnel = lox.rxjava.Funnel.<Long>create();
                            funnel.fail(Planned.failure());
                            return funnel.asFlowable();
                        }),
                Subject.ofFlow(
                        "Funnel with optional inputs in plain Java",
                        MOST,
                        elements -> {
                            var funnel = lox.sync.Funnel.<Long>create();
                            lox.sync.Funnel.Input<Long, Long> left = funnel.optionalInput("left");
                            lox.sync.Funnel.Input<Long, Long> right = funnel.optionalInput("right");
                            for (long job = 0; job < elements; job++) {
                                (job % 2 == 0 ? left : right).put(job, job);
                            }
                            funnel.complete();
                            return funnel.asPublisher();
                        },
                        () -> {
                            var funnel = lox.sync.Funnel.<Long>create();
                            funnel.optionalInput("only");
                            funnel.fail(Planned.failure());
                            return funnel.asPublisher();
                        }),
                new Subject(
                        "OuterJoins.full in Reactor",
                        MOST,
                        elements -> joinedFully(Flux.range(0, (int) elements)),
                        () -> joinedFully(Flux.error(Planned.failure()))),
                new Subject(
                        "OuterJoins.full in RxJava",
                        MOST,
                        elements -> joinedFully(Flowable.range(0, (int) elements)),
                        () -> joinedFully(Flowable.error(Planned.failure()))),
                new Subject(
                        "OuterJoins.left in Reactor",
                        MOST,
                        elements -> joinedLeft(Flux.range(0, (int) elements)),
                        () -> joinedLeft(Flux.error(Planned.failure()))),
                new Subject(
                        "OuterJoins.left in RxJava",
                        MOST,
                        elements -> joinedLeft(Flowable.range(0, (int) elements)),
                        () -> joinedLeft(Flowable.error(Planned.failure()))),
                new Subject(
                        "Joins.join in Reactor",
                        MOST,
                        elements -> joined(Flux.range(0, (int) elements)),
                        () -> joined(Flux.error(Planned.failure()))),
                new Subject(
                        "Joins.join in RxJava",
                        MOST,
                        elements -> joined(Flowable.range(0, (int) elements)),
                        () -> joined(Flowable.error(Planned.failure()))));
    }

    private static Flux<Integer> joined(Flux<Integer> numbers) {
        return lox.reactor.Joins.join(numbers, i -> i, numbers, i -> i, (id, left, right) -> left + right);
    }

    private static Flowable<Integer> joined(Flowable<Integer> numbers) {
        return lox.rxjava.Joins.join(numbers, i -> i, numbers, i -> i, (id, left, right) -> left + right);
    }

    /** As many jobs as there are numbers: the odd ones have no partner. */
    private static Flux<Integer> joinedFully(Flux<Integer> numbers) {
        return lox.reactor.OuterJoins.full(
                numbers, i -> i, numbers.filter(i -> i % 2 == 0), i -> i, (id, left, right) -> id);
    }

    private static Flowable<Integer> joinedFully(Flowable<Integer> numbers) {
        return lox.rxjava.OuterJoins.full(
                numbers, i -> i, numbers.filter(i -> i % 2 == 0), i -> i, (id, left, right) -> id);
    }

    private static Flux<Integer> joinedLeft(Flux<Integer> numbers) {
        return lox.reactor.OuterJoins.left(
                numbers, i -> i, numbers.filter(i -> i % 2 == 0), i -> i, (id, left, right) -> id);
    }

    private static Flowable<Integer> joinedLeft(Flowable<Integer> numbers) {
        return lox.rxjava.OuterJoins.left(
                numbers, i -> i, numbers.filter(i -> i % 2 == 0), i -> i, (id, left, right) -> id);
    }
}
