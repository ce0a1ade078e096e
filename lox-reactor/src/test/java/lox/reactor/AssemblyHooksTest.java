package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lox.sync.lock.QLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Every publisher that lox makes has been shown to Reactor's assembly hooks, as Reactor's own operators are. */
class AssemblyHooksTest {
    private static final String KEY = "lox-assembly-hooks-test";

    private final Set<Object> shown = Collections.newSetFromMap(new IdentityHashMap<>());

    @BeforeEach
    void listen() {
        Hooks.onEachOperator(KEY, publisher -> {
            shown.add(publisher);
            return publisher;
        });
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnEachOperator(KEY);
    }

    static Stream<String> all() {
        return makers().keySet().stream();
    }

    private static Map<String, Supplier<Publisher<?>>> makers() {
        Scatter<Integer, Integer> function = Lox.thread(1, i -> i);
        QLock lock = new QLock();
        Map<String, Supplier<Publisher<?>>> makers = new LinkedHashMap<>();
        makers.put("gather", function::gather);
        makers.put("gatherDelayError", function::gatherDelayError);
        makers.put("gatherSettled", function::gatherSettled);
        makers.put("gatherFlux", function::gatherFlux);
        makers.put("gatherAsCompleted", function::gatherAsCompleted);
        makers.put("submit", () -> function.submit(1));
        makers.put("map", () -> function.map(Flux.just(1)));
        makers.put("mapDelayError", () -> function.mapDelayError(Flux.just(1)));
        makers.put("Announcement", () -> Announcement.<Integer>create().asFlux());
        makers.put("Funnel", () -> Funnel.<Integer>create().asFlux());
        makers.put(
                "OuterJoins.full",
                () -> OuterJoins.full(Flux.just(1), i -> i, Flux.just(1), i -> i, (id, first, second) -> id));
        makers.put(
                "OuterJoins.left",
                () -> OuterJoins.left(Flux.just(1), i -> i, Flux.just(1), i -> i, (id, first, second) -> id));
        makers.put(
                "Joins.join",
                () -> Joins.join(Flux.just(1), i -> i, Flux.just(1), i -> i, (id, first, second) -> first));
        makers.put("Locks.usingMono", () -> Locks.usingMono(lock, permit -> Mono.just(1)));
        makers.put("Locks.usingMono on", () -> Locks.usingMono(lock, Schedulers.parallel(), permit -> Mono.just(1)));
        makers.put("Locks.usingFlux", () -> Locks.usingFlux(lock, permit -> Flux.just(1)));
        makers.put("Locks.usingFlux on", () -> Locks.usingFlux(lock, Schedulers.parallel(), permit -> Flux.just(1)));
        makers.put("ProcessScheduler.call", () -> ProcessScheduler.create(1).call(argument -> argument, 1));
        return makers;
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldShowItselfToTheHook(String name) {
        Publisher<?> made = Objects.requireNonNull(makers().get(name)).get();

        // Reactor's own name(), with which some end, shows itself to nobody.
        assertThat(Stream.concat(Stream.of(made), Scannable.from(made).parents())
                        .limit(2))
                .anyMatch(shown::contains);
    }
}
