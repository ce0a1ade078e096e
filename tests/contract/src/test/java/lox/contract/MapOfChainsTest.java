package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lox.sync.TaskTimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code map} by a chain of functions, and by functions whose tasks have a limit or are tried again. */
@OnceOverProcesses("MapTest and ThenTest: elements and items in children")
class MapOfChainsTest extends ContractTest {
    @OnAllWorkers
    void shouldMapThroughAChainInOrder(Setup setup) {
        Face<Integer, String> chain = function(setup, 3, (Integer i) -> {
                    if (i % 11 == 0) {
                        LockSupport.parkNanos(50_000);
                    }
                    return i + 1;
                })
                .then(function(setup, 2, i -> 2 * i))
                .then(function(setup, 3, i -> "<" + i + ">"));

        assertThat(chain.map(numbers(0, 5_000), Mapped.ahead(40)).await())
                .isEqualTo(numbers(0, 5_000).stream()
                        .map(i -> "<" + 2 * (i + 1) + ">")
                        .toList());
        assertThat(chain.map(numbers(0, 100)).await()).hasSize(100);
    }

    @OnAllWorkers
    @SuppressWarnings("NullAway") // null on purpose
    void shouldFailWithTheElementsIndexWhicheverFunctionFails(Setup setup) {
        Face<Integer, Integer> first = function(setup, 2, i -> {
            if (i == 30) {
                throw new IOException("first");
            }
            return i;
        });
        Face<Integer, @Nullable Integer> second = function(setup, 2, i -> {
            if (i == 20) {
                throw new IOException("second");
            }
            return i == 40 ? null : i;
        });
        Face<Integer, @Nullable Integer> chain = first.then(second);
        List<Integer> seen = new ArrayList<>();

        Throwable failure = setup.library()
                .failureOfTask(chain.map(numbers(0, 100), Mapped.ahead(1)).awaitFailure());
        assertThat(failure).isInstanceOf(IOException.class).hasMessage("second");
        assertThat(failure.getSuppressed())
                .anySatisfy(origin -> assertThat(origin).hasMessageContaining("element 20 of"));

        Throwable all = chain.map(
                        numbers(0, 100),
                        Mapped.<@Nullable Integer>ahead(9).delayingErrors().watchedBy(i -> {
                            if (i != null) {
                                seen.add(i);
                            }
                        }))
                .awaitFailure();
        assertThat(setup.library().failuresOfTasks(all))
                .satisfiesExactly(
                        one -> assertThat(one).hasMessage("second"),
                        one -> assertThat(one).hasMessage("first"),
                        one -> assertThat(one)
                                .isInstanceOf(NullPointerException.class)
                                .hasMessageContaining("element 40 of"));
        assertThat(seen)
                .isEqualTo(numbers(0, 100).stream()
                        .filter(i -> i != 20 && i != 30 && i != 40)
                        .toList());
    }

    @OnConcurrentWorkers
    void shouldTakeFourForEachWorkerOfAllFunctionsByDefault(Setup setup) {
        Turnstile head = new Turnstile();
        AtomicInteger ended = new AtomicInteger();
        Face<Integer, Integer> first = function(setup, 2, i -> i);
        Face<Integer, Integer> chain = first.then(function(setup, 3, i -> {
            if (i == 0) {
                head.pass();
            }
            ended.incrementAndGet();
            return i;
        }));
        Numbers source = new Numbers(100);

        Observation<List<Integer>> result = chain.map(source).subscribe();
        Eventually.until("all but the head have run", () -> ended.get() == 19);
        assertThat(source.taken).hasValue(20);
        head.open();

        assertThat(result.value()).isEqualTo(numbers(0, 100));
    }

    @OnConcurrentWorkers
    void shouldStopBothFunctionsAtACancel(Setup setup) {
        Turnstile inFirst = new Turnstile();
        Turnstile inSecond = new Turnstile();
        Face<Integer, Integer> first = function(setup, 2, i -> {
            if (i > 0) {
                inFirst.pass();
            }
            return i;
        });
        Face<Integer, Integer> chain = first.then(function(setup, 2, i -> {
            inSecond.pass();
            return i;
        }));

        Observation<List<Integer>> map =
                chain.map(numbers(0, 50), Mapped.ahead(10)).subscribe();
        inSecond.awaitArrivals(1);
        inFirst.awaitArrivals(1);
        map.cancel();

        inSecond.awaitInterrupts(1);
        inFirst.awaitInterrupts(1);
        Eventually.until("nothing is left", () -> chain.pending() == 0);
    }

    @OnSharedWorkers
    void shouldTimeOutATask(Setup setup) {
        Turnstile turnstile = new Turnstile();
        // two of the three are held up for good by the tasks that ignore their interrupts
        Face<Integer, Integer> function = open(setup, 3, options -> options.taskTimeout(LATER_THAN_A_STALL))
                .function(i -> {
                    if (i == 2_500) { // in the second leg
                        turnstile.passStubbornly();
                    }
                    return i;
                });

        Throwable failure = function.map(numbers(0, 3_000)).awaitFailure();
        assertThat(failure).isInstanceOf(TaskTimeoutException.class).hasMessageStartingWith("element 2500 of \"");
        assertThat(((TaskTimeoutException) failure).index()).isEqualTo(2_500);

        List<Integer> seen = new ArrayList<>();
        Throwable delayed = function.map(
                        numbers(0, 3_000),
                        Mapped.<Integer>plainly().delayingErrors().watchedBy(seen::add))
                .awaitFailure();
        assertThat(delayed).isInstanceOf(TaskTimeoutException.class);
        assertThat(seen)
                .isEqualTo(numbers(0, 3_000).stream().filter(i -> i != 2_500).toList());
        turnstile.open();
    }

    @OnSharedWorkers
    void shouldTryATaskAgain(Setup setup) {
        AtomicInteger failures = new AtomicInteger();
        Face<Integer, Integer> function = open(
                        setup, 3, options -> options.retry(2, failure -> failure instanceof IOException))
                .function(i -> {
                    if (i % 10 == 0 && failures.incrementAndGet() % 3 != 0) {
                        throw new IOException("planned");
                    }
                    return i;
                });

        assertThat(function.map(numbers(0, 10), Mapped.ahead(1)).await()).isEqualTo(numbers(0, 10));
        assertThat(failures).hasValue(3);
    }
}
