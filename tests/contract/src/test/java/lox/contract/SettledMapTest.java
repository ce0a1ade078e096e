package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import lox.sync.Outcome;
import org.jspecify.annotations.Nullable;

/** Streams whose items are outcomes. */
@OnceOverProcesses("MapTest: elements in children, and their failures")
class SettledMapTest extends ContractTest {
    @OnAllWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldGiveAnOutcomeForEachElementInOrder(Setup setup) {
        Face<Integer, @Nullable String> function = function(setup, 3, i -> {
            if (i % 3 == 1) {
                throw new IOException("planned " + i);
            }
            return i % 3 == 2 ? null : "result " + i;
        });

        List<Outcome<@Nullable String>> outcomes =
                function.mapSettled(numbers(0, 5_000), Mapped.ahead(50)).await();

        assertThat(outcomes).hasSize(5_000);
        for (int i = 0; i < outcomes.size(); i++) {
            if (i % 3 == 1) {
                assertThat(outcomes.get(i))
                        .isInstanceOfSatisfying(
                                Outcome.Failure.class,
                                failure -> assertThat(failure.error()).isInstanceOf(IOException.class));
                assertThat(outcomes.get(i).index()).isEqualTo(i);
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i % 3 == 2 ? null : "result " + i));
            }
        }
    }

    @OnAllWorkers
    void shouldNameTheElementInItsFailure(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw new IllegalStateException("planned");
        });

        Outcome<Integer> third =
                function.mapSettled(numbers(0, 3), Mapped.plainly()).await().get(2);

        assertThat(third)
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failure -> assertThat(failure.error().getSuppressed())
                                .anySatisfy(origin -> assertThat(origin)
                                        .hasMessageContaining("element 2 of")
                                        .hasMessageContaining("argument: 2")));
    }

    @OnAllWorkers
    void shouldGoOnWhenAllFail(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw new IllegalArgumentException("planned");
        });

        assertThat(function.mapSettled(numbers(0, 500), Mapped.ahead(1)).await())
                .hasSize(500)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Failure.class));
    }

    @OnAllWorkers
    void shouldGiveTheOutcomesBeforeAnErrorOfTheSource(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            LockSupport.parkNanos(100_000);
            if (i == 7) {
                throw new IllegalArgumentException("of a task");
            }
            return i;
        });
        List<Outcome<Integer>> seen = new ArrayList<>();

        Throwable failure = function.mapSettled(
                        new Numbers(20, new IllegalStateException("of the source")),
                        Mapped.<Outcome<Integer>>ahead(8).watchedBy(seen::add))
                .awaitFailure();

        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("of the source");
        assertThat(seen).hasSize(20);
        assertThat(seen.get(7)).isInstanceOf(Outcome.Failure.class);
    }

    @OnConcurrentWorkers
    void shouldTakeNoMoreThanAheadFromTheSource(Setup setup) {
        Turnstile head = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                head.pass();
            }
            throw new IllegalStateException("planned");
        });
        Numbers source = new Numbers(100);

        Observation<List<Outcome<Integer>>> result =
                function.mapSettled(source, Mapped.ahead(7)).subscribe();
        head.awaitArrivals(1);
        Eventually.until("the source has been asked for all that may be ahead", () -> source.taken.get() == 7);
        head.open();

        assertThat(result.value()).hasSize(100);
        assertThat(source.taken).hasValue(100);
    }

    @WithThreads("a call that is cancelled is over: what fails afterwards is the affair of what it returned")
    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldDropAFailureThatNobodyReceives(Setup setup) {
        Turnstile blocked = new Turnstile();
        Turnstile failing = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                blocked.pass();
            }
            failing.passStubbornly();
            throw new IllegalStateException("nobody's");
        });

        Observation<List<Outcome<Integer>>> result =
                function.mapSettled(numbers(0, 2), Mapped.plainly()).subscribe();
        blocked.awaitArrivals(1);
        failing.awaitArrivals(1);
        result.cancel();
        blocked.awaitInterrupts(1);
        failing.open();

        assertThat(awaitDropped(setup, 1))
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.getMessage() + failure.getCause()).contains("nobody's"));
    }

    @OnAllWorkers
    void shouldSettleTheItemsOfAChain(Setup setup) {
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.<Integer, Integer>function(i -> {
                    if (i % 4 == 1) {
                        throw new IllegalStateException("first " + i);
                    }
                    return i;
                })
                .then(site.function(i -> {
                    if (i % 4 == 2) {
                        throw new IllegalStateException("second " + i);
                    }
                    return -i;
                }));

        List<Outcome<Integer>> outcomes =
                function.mapSettled(numbers(0, 400), Mapped.ahead(20)).await();

        assertThat(outcomes).hasSize(400);
        for (int i = 0; i < 400; i++) {
            String expected = i % 4 == 1 ? "first " + i : "second " + i;
            if (i % 4 == 0 || i % 4 == 3) {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, -i));
            } else {
                assertThat(outcomes.get(i))
                        .isInstanceOfSatisfying(
                                Outcome.Failure.class,
                                failure -> assertThat(failure.error()).hasMessage(expected));
            }
        }
    }
}
