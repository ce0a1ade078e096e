package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Scheduler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
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
