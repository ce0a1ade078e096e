package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lox.sync.BiTask;
import lox.sync.Progress;
import lox.sync.Task;
import lox.sync.Workers;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** Refused where it enters, with a message that names the parameter. */
@SuppressWarnings("NullAway") // nulls are the point
class BadInputTest {
    private static final Task<Integer, Integer> TASK = i -> i;
    private static final BiTask<Integer, Integer, Integer> BI_TASK = (a, b) -> a + b;
    private static final Task<Integer, Integer> NO_TASK = null;
    private static final BiTask<Integer, Integer, Integer> NO_BI_TASK = null;
    private static final Workers NO_WORKERS = null;
    private static final Workers WORKERS = Workers.inline().build();
    private static final reactor.core.scheduler.Scheduler REACTOR = reactor.core.scheduler.Schedulers.immediate();
    private static final reactor.core.scheduler.Scheduler NO_REACTOR = null;
    private static final Scheduler RXJAVA = io.reactivex.rxjava3.schedulers.Schedulers.trampoline();
    private static final Scheduler NO_RXJAVA = null;
    private static final ExecutorService EXECUTOR = ForkJoinPool.commonPool();
    private static final ExecutorService NO_EXECUTOR = null;
    private static final Progress NO_PROGRESS = null;

    private static Arguments of(String name, ThrowingCallable call) {
        return Arguments.of(Named.of(name, call));
    }

    static Stream<Arguments> negativeWorkers() {
        return Stream.of(
                of("Workers.threads", () -> Workers.threads(-1)),
                of("Workers.executor", () -> Workers.executor(EXECUTOR, -1)),
                of("sync thread", () -> lox.sync.Lox.thread(-1, TASK)),
                of("sync thread of two", () -> lox.sync.Lox.biThread(-1, BI_TASK)),
                of("reactor thread", () -> lox.reactor.Lox.thread(-1, TASK)),
                of("reactor thread of two", () -> lox.reactor.Lox.biThread(-1, BI_TASK)),
                of("reactor scheduler", () -> lox.reactor.Lox.on(REACTOR, -1, TASK)),
                of("reactor scheduler of two", () -> lox.reactor.Lox.biOn(REACTOR, -1, BI_TASK)),
                of("rxjava thread", () -> lox.rxjava.Lox.thread(-1, TASK)),
                of("rxjava thread of two", () -> lox.rxjava.Lox.biThread(-1, BI_TASK)),
                of("rxjava scheduler", () -> lox.rxjava.Lox.on(RXJAVA, -1, TASK)),
                of("rxjava scheduler of two", () -> lox.rxjava.Lox.biOn(RXJAVA, -1, BI_TASK)),
                of("Workers.virtual", () -> Workers.virtual(-1)),
                of("sync virtual", () -> lox.sync.Lox.virtual(-1, TASK)),
                of("reactor virtual", () -> lox.reactor.Lox.virtual(-1, TASK)),
                of("rxjava virtual", () -> lox.rxjava.Lox.virtual(-1, TASK)));
    }

    @ParameterizedTest
    @MethodSource("negativeWorkers")
    void shouldRefuseNegativeWorkers(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workers")
                .hasMessageContaining("-1");
    }

    static Stream<Arguments> nullTasks() {
        return Stream.of(
                of("sync thread", () -> lox.sync.Lox.thread(NO_TASK)),
                of("sync thread n", () -> lox.sync.Lox.thread(1, NO_TASK)),
                of("sync on", () -> lox.sync.Lox.on(WORKERS, NO_TASK)),
                of("sync of two", () -> lox.sync.Lox.biThread(NO_BI_TASK)),
                of("sync of two n", () -> lox.sync.Lox.biThread(1, NO_BI_TASK)),
                of("sync of two on", () -> lox.sync.Lox.biOn(WORKERS, NO_BI_TASK)),
                of("reactor thread", () -> lox.reactor.Lox.thread(NO_TASK)),
                of("reactor thread n", () -> lox.reactor.Lox.thread(1, NO_TASK)),
                of("reactor on", () -> lox.reactor.Lox.on(WORKERS, NO_TASK)),
                of("reactor scheduler", () -> lox.reactor.Lox.on(REACTOR, 1, NO_TASK)),
                of("reactor of two", () -> lox.reactor.Lox.biThread(NO_BI_TASK)),
                of("reactor of two n", () -> lox.reactor.Lox.biThread(1, NO_BI_TASK)),
                of("reactor of two on", () -> lox.reactor.Lox.biOn(WORKERS, NO_BI_TASK)),
                of("reactor of two scheduler", () -> lox.reactor.Lox.biOn(REACTOR, 1, NO_BI_TASK)),
                of("rxjava thread", () -> lox.rxjava.Lox.thread(NO_TASK)),
                of("rxjava thread n", () -> lox.rxjava.Lox.thread(1, NO_TASK)),
                of("rxjava on", () -> lox.rxjava.Lox.on(WORKERS, NO_TASK)),
                of("rxjava scheduler", () -> lox.rxjava.Lox.on(RXJAVA, 1, NO_TASK)),
                of("rxjava of two", () -> lox.rxjava.Lox.biThread(NO_BI_TASK)),
                of("rxjava of two n", () -> lox.rxjava.Lox.biThread(1, NO_BI_TASK)),
                of("rxjava of two on", () -> lox.rxjava.Lox.biOn(WORKERS, NO_BI_TASK)),
                of("rxjava of two scheduler", () -> lox.rxjava.Lox.biOn(RXJAVA, 1, NO_BI_TASK)));
    }

    @ParameterizedTest
    @MethodSource("nullTasks")
    void shouldRefuseANullFunction(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessageContaining("task");
    }

    static Stream<Arguments> nullWorkers() {
        return Stream.of(
                of("sync", () -> lox.sync.Lox.on(NO_WORKERS, TASK)),
                of("sync of two", () -> lox.sync.Lox.biOn(NO_WORKERS, BI_TASK)),
                of("reactor", () -> lox.reactor.Lox.on(NO_WORKERS, TASK)),
                of("reactor of two", () -> lox.reactor.Lox.biOn(NO_WORKERS, BI_TASK)),
                of("rxjava", () -> lox.rxjava.Lox.on(NO_WORKERS, TASK)),
                of("rxjava of two", () -> lox.rxjava.Lox.biOn(NO_WORKERS, BI_TASK)));
    }

    @ParameterizedTest
    @MethodSource("nullWorkers")
    void shouldRefuseNullWorkers(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessageContaining("workers");
    }

    static Stream<Arguments> nullSchedulers() {
        return Stream.of(
                of("reactor", () -> lox.reactor.Lox.on(NO_REACTOR, 1, TASK)),
                of("reactor of two", () -> lox.reactor.Lox.biOn(NO_REACTOR, 1, BI_TASK)),
                of("rxjava", () -> lox.rxjava.Lox.on(NO_RXJAVA, 1, TASK)),
                of("rxjava of two", () -> lox.rxjava.Lox.biOn(NO_RXJAVA, 1, BI_TASK)));
    }

    @ParameterizedTest
    @MethodSource("nullSchedulers")
    void shouldRefuseANullScheduler(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessageContaining("scheduler");
    }

    @Test
    void shouldRefuseANullExecutor() {
        assertThatThrownBy(() -> Workers.executor(NO_EXECUTOR, 1))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("executor");
    }

    static Stream<Arguments> nullProgress() {
        return Stream.of(
                of("sync", () -> lox.sync.Lox.on(WORKERS, TASK).gather(NO_PROGRESS)),
                of("reactor", () -> lox.reactor.Lox.on(WORKERS, TASK).gather(NO_PROGRESS)),
                of("rxjava", () -> lox.rxjava.Lox.on(WORKERS, TASK).gather(NO_PROGRESS)));
    }

    @ParameterizedTest
    @MethodSource("nullProgress")
    void shouldRefuseANullProgress(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessageContaining("progress");
    }

    static Stream<Arguments> nullNext() {
        return Stream.of(
                of("sync", () -> lox.sync.Lox.on(WORKERS, TASK).andThen(null)),
                of("sync of two", () -> lox.sync.Lox.biOn(WORKERS, BI_TASK).andThen(null)),
                of("reactor", () -> lox.reactor.Lox.on(WORKERS, TASK).andThen(null)),
                of(
                        "reactor of two",
                        () -> lox.reactor.Lox.biOn(WORKERS, BI_TASK).andThen(null)),
                of("rxjava", () -> lox.rxjava.Lox.on(WORKERS, TASK).andThen(null)),
                of("rxjava of two", () -> lox.rxjava.Lox.biOn(WORKERS, BI_TASK).andThen(null)));
    }

    @ParameterizedTest
    @MethodSource("nullNext")
    void shouldRefuseToChainNothing(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage("next");
    }

    static Stream<Arguments> longestChains() {
        return Stream.of(
                of("sync", () -> chained(lox.sync.Lox.on(WORKERS, TASK), (chain, next) -> chain.andThen(next))),
                of("reactor", () -> chained(lox.reactor.Lox.on(WORKERS, TASK), (chain, next) -> chain.andThen(next))),
                of("rxjava", () -> chained(lox.rxjava.Lox.on(WORKERS, TASK), (chain, next) -> chain.andThen(next))));
    }

    private static <S> S chained(S function, BinaryOperator<S> then) {
        S chain = function;
        for (int functions = 1; functions <= 121; functions++) {
            chain = then.apply(chain, function); // the last one is refused
        }
        return chain;
    }

    @ParameterizedTest
    @MethodSource("longestChains")
    void shouldRefuseAChainOfTooMany(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a chain has at most 121 functions, but with next it would have 122");
    }

    static Stream<Arguments> nullSources() {
        lox.sync.Scatter<Integer, Integer> sync = lox.sync.Lox.on(WORKERS, TASK);
        lox.reactor.Scatter<Integer, Integer> reactor = lox.reactor.Lox.on(WORKERS, TASK);
        lox.rxjava.Scatter<Integer, Integer> rxjava = lox.rxjava.Lox.on(WORKERS, TASK);
        return Stream.of(
                of("sync stream", () -> sync.map((Stream<Integer>) null)),
                of("sync stream, ahead", () -> sync.map((Stream<Integer>) null, 1)),
                of("sync iterable", () -> sync.map((Iterable<Integer>) null)),
                of("sync iterable, delayed", () -> sync.mapDelayError((Iterable<Integer>) null)),
                of("sync stream, delayed", () -> sync.mapDelayError((Stream<Integer>) null, 1)),
                of("sync iterable, settled", () -> sync.mapSettled((Iterable<Integer>) null)),
                of("sync stream, settled", () -> sync.mapSettled((Stream<Integer>) null, 1)),
                of("sync iterable, unordered", () -> sync.mapUnordered((Iterable<Integer>) null)),
                of("sync stream, unordered", () -> sync.mapUnordered((Stream<Integer>) null, 1)),
                of("sync iterable, by key", () -> sync.mapByKey((Iterable<Integer>) null, i -> i)),
                of("sync stream, by key", () -> sync.mapByKey((Stream<Integer>) null, i -> i, 1)),
                of("reactor", () -> reactor.map(null)),
                of("reactor, ahead", () -> reactor.map(null, 1)),
                of("reactor, delayed", () -> reactor.mapDelayError(null)),
                of("reactor, delayed, ahead", () -> reactor.mapDelayError(null, 1)),
                of("rxjava", () -> rxjava.map(null)),
                of("rxjava, ahead", () -> rxjava.map(null, 1)),
                of("rxjava, delayed", () -> rxjava.mapDelayError(null)),
                of("rxjava, delayed, ahead", () -> rxjava.mapDelayError(null, 1)));
    }

    @ParameterizedTest
    @MethodSource("nullSources")
    void shouldRefuseToMapNothing(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage("source");
    }

    static Stream<Arguments> negativeAhead() {
        lox.sync.Scatter<Integer, Integer> sync = lox.sync.Lox.on(WORKERS, TASK);
        lox.reactor.Scatter<Integer, Integer> reactor = lox.reactor.Lox.on(WORKERS, TASK);
        lox.rxjava.Scatter<Integer, Integer> rxjava = lox.rxjava.Lox.on(WORKERS, TASK);
        return Stream.of(
                of("sync stream", () -> sync.map(Stream.of(1), -1)),
                of("sync iterable", () -> sync.map(List.of(1), -1)),
                of("sync stream, delayed", () -> sync.mapDelayError(Stream.of(1), -1)),
                of("sync iterable, delayed", () -> sync.mapDelayError(List.of(1), -1)),
                of("sync iterable, settled", () -> sync.mapSettled(List.of(1), -1)),
                of("sync iterable, unordered", () -> sync.mapUnordered(List.of(1), -1)),
                of("sync iterable, by key", () -> sync.mapByKey(List.of(1), i -> i, -1)),
                of("reactor", () -> reactor.map(Flux.just(1), -1)),
                of("reactor, delayed", () -> reactor.mapDelayError(Flux.just(1), -1)),
                of("rxjava", () -> rxjava.map(Flowable.just(1), -1)),
                of("rxjava, delayed", () -> rxjava.mapDelayError(Flowable.just(1), -1)));
    }

    @ParameterizedTest
    @MethodSource("negativeAhead")
    void shouldRefuseToRunAheadByLessThanNothing(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ahead must be 0 or more, but was -1");
    }

    static Stream<Arguments> aheadByTheSizeOf() {
        lox.sync.Scatter<Integer, Integer> sync = lox.sync.Lox.on(WORKERS, TASK);
        lox.reactor.Scatter<Integer, Integer> reactor = lox.reactor.Lox.on(WORKERS, TASK);
        lox.rxjava.Scatter<Integer, Integer> rxjava = lox.rxjava.Lox.on(WORKERS, TASK);
        return Stream.of(
                Arguments.of(
                        "sync stream", mapped(list -> sync.map(list.stream(), 0).toList())),
                Arguments.of("sync iterable", mapped(list -> sync.map(list, 0).toList())),
                Arguments.of(
                        "sync stream, delayed",
                        mapped(list -> sync.mapDelayError(list.stream(), 0).toList())),
                Arguments.of(
                        "sync iterable, delayed",
                        mapped(list -> sync.mapDelayError(list, 0).toList())),
                Arguments.of(
                        "reactor",
                        mapped(list -> reactor.map(Flux.fromIterable(list), 0)
                                .toStream()
                                .toList())),
                Arguments.of(
                        "reactor, delayed",
                        mapped(list -> reactor.mapDelayError(Flux.fromIterable(list), 0)
                                .toStream()
                                .toList())),
                Arguments.of(
                        "rxjava",
                        mapped(list -> rxjava.map(Flowable.fromIterable(list), 0)
                                .toList()
                                .blockingGet())),
                Arguments.of(
                        "rxjava, delayed",
                        mapped(list -> rxjava.mapDelayError(Flowable.fromIterable(list), 0)
                                .toList()
                                .blockingGet())));
    }

    private static UnaryOperator<List<Integer>> mapped(UnaryOperator<List<Integer>> map) {
        return map;
    }

    @ParameterizedTest
    @MethodSource("aheadByTheSizeOf")
    void shouldTakeTheSizeOfAnEmptyListForAhead(String name, UnaryOperator<List<Integer>> map) {
        assertThat(map.apply(List.of())).as(name).isEmpty();
        assertThat(map.apply(List.of(1, 2, 3))).as(name).hasSize(3);
    }

    @Test
    void shouldRefuseAnImpossibleTaskPolicyOfProcessesToo() {
        for (Duration none : new Duration[] {Duration.ZERO, Duration.ofNanos(-1)}) {
            assertThatThrownBy(() -> Workers.processes(1).taskTimeout(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("taskTimeout");
        }
        assertThatThrownBy(() -> Workers.processes(1).retry(-1, failure -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retries");
    }

    @Test
    void shouldKeepTheBatchOpenWhenTheProgressIsRefused() {
        lox.sync.Scatter<Integer, Integer> function = lox.sync.Lox.on(WORKERS, TASK);
        function.scatter(1);
        assertThatThrownBy(() -> function.gather(NO_PROGRESS)).isInstanceOf(NullPointerException.class);

        assertThat(function.gather()).containsExactly(1);
    }

    @Test
    void shouldRefuseANameThatIsEmptyOrNull() {
        for (String name : new String[] {"", "  ", "\t\n"}) {
            assertThatThrownBy(() -> Workers.threads(1).named(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("name");
        }
        assertThatThrownBy(() -> Workers.threads(1).named(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("name");
    }

    @Test
    void shouldRefuseAQueueLimitBelowOne() {
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> Workers.threads(1).queueLimit(limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("queueLimit")
                    .hasMessageContaining(String.valueOf(limit));
        }
    }

    @Test
    void shouldRefuseAnOptionThatIsSetTwice() {
        assertThatThrownBy(() -> Workers.threads(1).named("a").named("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("named");
        assertThatThrownBy(() -> Workers.threads(1).queueLimit(1).queueLimit(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("queueLimit");
    }

    @Test
    void shouldSayWhatVirtualThreadsNeed() {
        if (Setup.HAS_VIRTUAL_THREADS) {
            assertThat(lox.sync.Lox.virtual(1, TASK).call(1)).isEqualTo(1);
            assertThat(lox.reactor.Lox.virtual(1, TASK).call(1)).isEqualTo(1);
            assertThat(lox.rxjava.Lox.virtual(1, TASK).call(1)).isEqualTo(1);
        } else {
            Stream.<ThrowingCallable>of(
                            () -> Workers.virtual(1),
                            () -> lox.sync.Lox.virtual(1, TASK),
                            () -> lox.reactor.Lox.virtual(1, TASK),
                            () -> lox.rxjava.Lox.virtual(1, TASK),
                            () -> lox.rxjava.Lox.biVirtual(1, BI_TASK))
                    .forEach(call -> assertThatThrownBy(call)
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContaining("Java 21"));
        }
    }
}
