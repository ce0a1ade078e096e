package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** No workers, or the debug switch: each task runs in the thread that scatters it. */
@WithThreads("there is no thread to switch")
class DebugTest extends ContractTest {
    private static final String SWITCH = "lox.debug";

    @InThisJvm("it looks at the caller's thread; here the task would run at home on another one")
    @OnConcurrentWorkers
    void shouldRunInTheCallersThreadWithZeroWorkers(Setup setup) {
        runsInTheCallersThread(function(setup, 0, i -> Thread.currentThread()));
    }

    @InThisJvm("it looks at the caller's thread; here the task would run at home on another one")
    @OnConcurrentWorkers
    void shouldRunInTheCallersThreadWhileTheDebugSwitchIsOn(Setup setup) {
        String before = System.setProperty(SWITCH, ""); // -Dlox.debug
        try {
            assertThat(List.of(lox.sync.Lox.isDebugging(), lox.reactor.Lox.isDebugging(), lox.rxjava.Lox.isDebugging()))
                    .containsOnly(true);
            runsInTheCallersThread(function(setup, 4, i -> Thread.currentThread()));
        } finally {
            assertThat(before).isNull();
            System.clearProperty(SWITCH);
        }
    }

    private static void runsInTheCallersThread(Face<Integer, Thread> function) {
        function.scatter(0);
        assertThat(function.pending()).isZero();
        assertThat(function.submit(1).await()).isSameAs(Thread.currentThread());

        assertThat(function.gather().await()).hasSize(1).containsOnly(Thread.currentThread());
    }

    @InEachLibrary
    void shouldTakeZeroForTheShortForms(Setup setup) {
        runsInTheCallersThread(setup.library().thread(0, i -> Thread.currentThread()));
        if (Setup.HAS_VIRTUAL_THREADS) {
            runsInTheCallersThread(setup.library().virtual(0, i -> Thread.currentThread()));
        }
    }

    @OnConcurrentWorkers
    void shouldRunATaskBeforeScatterReturns(Setup setup) {
        AtomicInteger runs = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 0, i -> runs.incrementAndGet());

        for (int i = 1; i <= 3; i++) {
            function.scatter(i);
            assertThat(runs).hasValue(i);
        }
        assertThat(function.gather().await()).containsExactly(1, 2, 3);
    }

    @OnConcurrentWorkers
    void shouldKeepAFailureForTheGather(Setup setup) {
        Face<Integer, Integer> function = function(setup, 0, i -> 10 / i);

        function.scatter(0);
        function.scatter(1);

        assertThat(function.gather().awaitFailure()).isInstanceOf(ArithmeticException.class);
        function.scatter(5);
        assertThat(function.gather().await()).isEqualTo(List.of(2));
    }

    @InThisJvm("it looks at the caller's thread; here the task would run at home on another one")
    @OnConcurrentWorkers
    void shouldKeepTheCallersInterrupt(Setup setup) {
        Face<Integer, Boolean> function =
                function(setup, 0, i -> Thread.currentThread().isInterrupted());

        Thread.currentThread().interrupt();
        function.scatter(0);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(function.gather().await()).containsExactly(true);
    }
}
