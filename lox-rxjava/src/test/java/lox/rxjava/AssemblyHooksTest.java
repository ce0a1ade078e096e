package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
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

/** Every source that lox makes has been shown to RxJava's assembly hooks, as RxJava's own operators are. */
class AssemblyHooksTest {
    private final Set<Object> shown = Collections.newSetFromMap(new IdentityHashMap<>());

    @BeforeEach
    void listen() {
        RxJavaPlugins.setOnFlowableAssembly(this::show);
        RxJavaPlugins.setOnSingleAssembly(this::show);
        RxJavaPlugins.setOnMaybeAssembly(this::show);
        RxJavaPlugins.setOnCompletableAssembly(this::show);
    }

    private <S> S show(S source) {
        shown.add(source);
        return source;
    }

    @AfterEach
    void resetHooks() {
        RxJavaPlugins.setOnFlowableAssembly(null);
        RxJavaPlugins.setOnSingleAssembly(null);
        RxJavaPlugins.setOnMaybeAssembly(null);
        RxJavaPlugins.setOnCompletableAssembly(null);
    }

    static Stream<String> all() {
        return makers().keySet().stream();
    }

    private static Map<String, Supplier<Object>> makers() {
        Scatter<Integer, Integer> function = Lox.thread(1, i -> i);
        QLock lock = new QLock();
        Map<String, Supplier<Object>> makers = new LinkedHashMap<>();
        makers.put("gather", function::gather);
        makers.put("gatherDelayError", function::gatherDelayError);
        makers.put("gatherSettled", function::gatherSettled);
        makers.put("gatherFlowable", function::gatherFlowable);
        makers.put("gatherAsCompleted", function::gatherAsCompleted);
        makers.put("submit", () -> function.submit(1));
        makers.put("map", () -> function.map(Flowable.just(1)));
        makers.put("mapDelayError", () -> function.mapDelayError(Flowable.just(1)));
        makers.put("Announcement", () -> Announcement.<Integer>create().asFlowable());
        makers.put("Funnel", () -> Funnel.<Integer>create().asFlowable());
        makers.put(
                "OuterJoins.full",
                () -> OuterJoins.full(Flowable.just(1), i -> i, Flowable.just(1), i -> i, (id, first, second) -> id));
        makers.put(
                "OuterJoins.left",
                () -> OuterJoins.left(Flowable.just(1), i -> i, Flowable.just(1), i -> i, (id, first, second) -> id));
        makers.put(
                "Joins.join",
                () -> Joins.join(Flowable.just(1), i -> i, Flowable.just(1), i -> i, (id, first, second) -> first));
        makers.put("Locks.usingSingle", () -> Locks.usingSingle(lock, permit -> Single.just(1)));
        makers.put("Locks.usingMaybe", () -> Locks.usingMaybe(lock, permit -> Maybe.just(1)));
        makers.put("Locks.usingCompletable", () -> Locks.usingCompletable(lock, permit -> Completable.complete()));
        makers.put("Locks.usingFlowable", () -> Locks.usingFlowable(lock, permit -> Flowable.just(1)));
        makers.put(
                "Locks.usingFlowable on",
                () -> Locks.usingFlowable(lock, Schedulers.computation(), permit -> Flowable.just(1)));
        makers.put("ProcessScheduler.call", () -> ProcessScheduler.create(1).call(argument -> argument, 1));
        return makers;
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldShowItselfToTheHook(String name) {
        Object made = Objects.requireNonNull(makers().get(name)).get();

        assertThat(shown).contains(made);
    }
}
