package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A task waits for results that need the very place it is in, because the workers it runs on have one place and one of the
 * functions it waits for runs there too. It works for them instead of blocking the place for ever.
 */
class ChainOnAWorkerTest {
    /** An element of a map that is one ahead wakes threads several times, which takes milliseconds on a busy machine. */
    private static final int SIZE = 1_000;

    /** How a task gets at the results of a function. */
    private interface Way extends Function<Scatter<Integer, Integer>, List<Integer>> {}

    private static List<Integer> numbers(int from) {
        return IntStream.range(from, from + SIZE).boxed().toList();
    }

    private static List<Integer> scattered(
            Scatter<Integer, Integer> function, Function<Scatter<?, Integer>, Stream<Integer>> how) {
        numbers(0).forEach(function::scatter);
        try (Stream<Integer> results = how.apply(function)) {
            return results.toList();
        }
    }

    static Stream<Named<Way>> ways() {
        return Stream.of(
                Named.of("gather", chain -> scattered(chain, each -> each.gather().stream())),
                Named.of("gatherStream", chain -> scattered(chain, Scatter::gatherStream)),
                Named.of(
                        "gatherAsCompleted",
                        chain -> scattered(
                                chain, each -> each.gatherAsCompleted().sorted())),
                Named.of("map", chain -> mapped(chain, 1)),
                Named.of("map, far ahead", chain -> mapped(chain, 100)));
    }

    static Stream<Arguments> waysAndPlaces() {
        return ways().flatMap(way -> Stream.of("first", "second", "third", "all", "none of the chain")
                .map(where -> Arguments.of(way, where)));
    }

    private static List<Integer> mapped(Scatter<Integer, Integer> chain, int ahead) {
        try (Stream<Integer> results = chain.map(numbers(0), ahead)) {
            return results.toList();
        }
    }

    @ParameterizedTest(name = "{0} on the workers of: {1}")
    @MethodSource("waysAndPlaces")
    void shouldNotDeadlockInThePlaceThatAChainNeeds(Way way, String where) {
        try (Workers mine = Workers.threads(1).named("mine").build();
                Workers others = Workers.threads(1).named("others").build()) {
            Scatter<Integer, Integer> chain = Lox.on(on("first", where, mine, others), (Integer i) -> i + 1)
                    .andThen(Lox.on(on("second", where, mine, others), (Integer i) -> i + 1))
                    .andThen(Lox.on(on("third", where, mine, others), i -> i + 1));
            Scatter<Integer, List<Integer>> outer = Lox.on(mine, i -> way.apply(chain));

            outer.scatter(1);
            assertThat(Elsewhere.call(outer::gather).result)
                    .succeedsWithin(Elsewhere.LONG)
                    .isEqualTo(List.of(numbers(3)));
        }
    }

    private static Workers on(String function, String where, Workers mine, Workers others) {
        return where.equals("all") || where.equals(function) ? mine : others;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNotDeadlockInThePlaceThatAFunctionNeeds(Way way) {
        try (Workers mine = Workers.threads(1).build()) {
            Scatter<Integer, Integer> inner = Lox.on(mine, i -> i + 3);
            Scatter<Integer, List<Integer>> outer = Lox.on(mine, i -> way.apply(inner));

            outer.scatter(1);
            outer.scatter(2);
            assertThat(Elsewhere.call(outer::gather).result)
                    .succeedsWithin(Elsewhere.LONG)
                    .isEqualTo(List.of(numbers(3), numbers(3)));
        }
    }

    /** A batch of the first function is never claimed from: its tasks run in the thread that scatters them. */
    @Test
    void shouldNotWaitForWhatAFunctionInTheCallersThreadDoesNotLeaveToOthers() {
        try (Workers inline = Workers.inline().build();
                Workers one = Workers.threads(1).build()) {
            Scatter<Integer, Integer> side =
                    Lox.on(inline, (Integer i) -> i + 1).andThen(Lox.on(one, i -> i + 1));
            Scatter<Integer, Integer> outer = Lox.on(one, (Integer i) -> i).andThen(Lox.on(inline, i -> {
                side.scatter(i);
                return side.gather().get(0);
            }));

            outer.scatter(1);
            assertThat(Elsewhere.call(outer::gather).result)
                    .succeedsWithin(Elsewhere.LONG)
                    .isEqualTo(List.of(3));
        }
    }
}
