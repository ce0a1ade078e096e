package lox.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Task;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a task observes is a child of what was current at its scatter, in each dialect. */
class TaskObservationTest {
    private final TestObservationRegistry registry = TestObservationRegistry.create();

    /** Scatters some numbers, each under an observation of its own, and gathers; in one dialect. */
    record Dialect(String name, Function<Workers, Function<Task<Integer, String>, Run>> function) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Run {
        void scatter(int number);

        @Nullable
        List<String> gather();
    }

    private static Run run(
            java.util.function.IntConsumer scatter, java.util.function.Supplier<@Nullable List<String>> gather) {
        return new Run() {
            @Override
            public void scatter(int number) {
                scatter.accept(number);
            }

            @Override
            public @Nullable List<String> gather() {
                return gather.get();
            }
        };
    }

    static Stream<Dialect> dialects() {
        return Stream.of(
                new Dialect("sync", workers -> task -> {
                    var scatter = lox.sync.Lox.on(workers, task);
                    return run(scatter::scatter, scatter::gather);
                }),
                new Dialect("reactor", workers -> task -> {
                    var scatter = lox.reactor.Lox.on(workers, task);
                    return run(scatter::scatter, () -> scatter.gather().block());
                }),
                new Dialect("rxjava", workers -> task -> {
                    var scatter = lox.rxjava.Lox.on(workers, task);
                    return run(scatter::scatter, () -> scatter.gather().blockingGet());
                }));
    }

    private String observe(int number) {
        Observation observation = Observation.createNotStarted("task " + number, registry);
        return observation.observe(() -> {
            Observation.ContextView parent = observation.getContextView().getParentObservation() == null
                    ? null
                    : observation.getContextView().getParentObservation().getContextView();
            return parent == null ? "none" : String.valueOf(parent.getName());
        });
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void shouldBeAChildOfTheObservationAtTheScatter(Dialect dialect) {
        Workers workers = Workers.threads(3)
                .named("three")
                .listeners(BatchObservations.create(registry))
                .build();
        Run run = dialect.function.apply(workers).apply(this::observe);

        for (int i = 0; i < 40; i++) {
            int number = i;
            Observation.createNotStarted("request " + number, registry).observe(() -> run.scatter(number));
        }
        run.scatter(40); // under none

        assertThat(run.gather())
                .isEqualTo(Stream.concat(IntStream.range(0, 40).mapToObj(i -> "request " + i), Stream.of("none"))
                        .toList());
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("lox.batch")
                .that()
                .hasParentObservationContextMatching(parent -> "request 0".equals(parent.getName()));
        assertThat(registry.getCurrentObservation()).isNull();
    }
}
