package lox.tck;

import io.reactivex.rxjava3.core.Flowable;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** The joins of two streams and more, which are made of funnels. */
final class Joined {
    private static final int MOST = 10_000;

    private Joined() {}

    static Stream<Subject> all() {
        return Stream.of(
                new Subject(
                        "Joins.join of three in Reactor",
                        MOST,
                        elements -> joinedOfThree(Flux.range(0, (int) elements)),
                        () -> joinedOfThree(Flux.error(Planned.failure()))),
                new Subject(
                        "Joins.join of three in RxJava",
                        MOST,
                        elements -> joinedOfThree(Flowable.range(0, (int) elements)),
                        () -> joinedOfThree(Flowable.error(Planned.failure()))),
                new Subject(
                        "Joins.join of four in Reactor",
                        MOST,
                        elements -> joinedOfFour(Flux.range(0, (int) elements)),
                        () -> joinedOfFour(Flux.error(Planned.failure()))),
                new Subject(
                        "Joins.join of four in RxJava",
                        MOST,
                        elements -> joinedOfFour(Flowable.range(0, (int) elements)),
                        () -> joinedOfFour(Flowable.error(Planned.failure()))),
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

    private static Flux<Integer> joinedOfThree(Flux<Integer> numbers) {
        return lox.reactor.Joins.join(
                numbers, i -> i, numbers, i -> i, numbers, i -> i, (id, first, second, third) -> id);
    }

    private static Flowable<Integer> joinedOfThree(Flowable<Integer> numbers) {
        return lox.rxjava.Joins.join(
                numbers, i -> i, numbers, i -> i, numbers, i -> i, (id, first, second, third) -> id);
    }

    private static Flux<Integer> joinedOfFour(Flux<Integer> numbers) {
        return lox.reactor.Joins.join(
                numbers, i -> i, numbers, i -> i, numbers, i -> i, numbers, i -> i, (id, a, b, c, d) -> id);
    }

    private static Flowable<Integer> joinedOfFour(Flowable<Integer> numbers) {
        return lox.rxjava.Joins.join(
                numbers, i -> i, numbers, i -> i, numbers, i -> i, numbers, i -> i, (id, a, b, c, d) -> id);
    }
}
