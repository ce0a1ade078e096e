package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import lox.sync.Outcome;
import org.jspecify.annotations.Nullable;

class SettledTest extends ContractTest {
    @OnAllWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldGiveOneOutcomeAScatterInOrder(Setup setup) {
        Exception checked = new IOException("checked");
        Error error = new OutOfMemoryError("test");
        Face<Integer, @Nullable String> function = function(setup, 3, i -> {
            switch (i) {
                case 1 -> throw checked;
                case 3 -> throw error;
                default -> {
                    return i == 4 ? null : "result " + i;
                }
            }
        });

        scatterAll(function, 0, 6);

        List<Outcome<@Nullable String>> outcomes = function.gatherSettled().await();
        Throwable first = ((Outcome.Failure<?>) outcomes.get(1)).error();
        Throwable second = ((Outcome.Failure<?>) outcomes.get(3)).error();
        assertThat(outcomes)
                .isEqualTo(List.of(
                        new Outcome.Success<>(0, "result 0"),
                        new Outcome.Failure<>(1, first),
                        new Outcome.Success<>(2, "result 2"),
                        new Outcome.Failure<>(3, second),
                        new Outcome.Success<@Nullable String>(4, null),
                        new Outcome.Success<>(5, "result 5")));
        assertIs(setup, first, checked);
        assertIs(setup, second, error);
    }

    @OnAllWorkers
    void shouldNotTakeAReturnedExceptionForAFailure(Setup setup) {
        RuntimeException returned = new IllegalStateException("a result like any other");
        Face<Integer, Throwable> function = function(setup, 2, i -> returned);

        function.scatter(0);
        Outcome<Throwable> outcome = function.gatherSettled().await().get(0);
        assertIs(setup, ((Outcome.Success<Throwable>) outcome).value(), returned);
        function.scatter(0);
        assertIs(setup, function.gather().await().get(0), returned);
        function.scatter(0);
        assertIs(setup, function.gatherDelayError().await().get(0), returned);
    }

    @OnAllWorkers
    void shouldNotFailWhenEverythingFails(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw new IOException("failure " + i);
        });

        scatterAll(function, 0, 300);

        List<Outcome<Integer>> outcomes = function.gatherSettled().await();
        assertThat(outcomes).hasSize(300);
        for (int i = 0; i < 300; i++) {
            int index = i;
            assertThat(outcomes.get(i)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                assertThat(failure.index()).isEqualTo(index);
                assertThat(failure.error()).hasMessage("failure " + index);
            });
        }
    }
}
