package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import lox.sync.Outcome;
import org.jspecify.annotations.Nullable;

@SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
class NullTest extends ContractTest {
    @OnAllWorkers
    void shouldKeepNullResultsInTheList(Setup setup) {
        Face<Integer, @Nullable Integer> function = function(setup, 2, i -> i % 2 == 0 ? i : null);

        scatterAll(function, 0, 5);
        assertThat(function.gather().await()).isEqualTo(Arrays.asList(0, null, 2, null, 4));
        scatterAll(function, 0, 3);
        assertThat(function.gatherDelayError().await()).isEqualTo(Arrays.asList(0, null, 2));
        function.scatter(1);
        assertThat(function.gatherSettled().await())
                .isEqualTo(List.of(new Outcome.Success<@Nullable Integer>(0, null)));
    }

    @OnAllWorkers
    void shouldPassNullArgumentsOn(Setup setup) {
        Face<@Nullable String, Boolean> function = function(setup, 2, Objects::isNull);

        function.scatter(null);
        function.scatter("not null");
        function.scatter(null);

        assertThat(function.gather().await()).containsExactly(true, false, true);
        assertThat(function.call(null)).isTrue();
        assertThat(function.submit(null).await()).isTrue();
    }

    @OnAllWorkers
    void shouldGiveOrRefuseANullAsTheLibraryDoes(Setup setup) {
        Face<Integer, @Nullable Integer> function = function(setup, 2, i -> null);

        function.scatter(0);
        Result<@Nullable Integer> single = function.submit(1);

        if (setup.library().carriesNull()) {
            assertThat(single.await()).isNull();
        } else {
            assertThat(single.awaitFailure())
                    .isInstanceOf(NullPointerException.class)
                    .message()
                    .containsPattern("\\b0\\b");
        }
        List<@Nullable Integer> oneNull = new ArrayList<>();
        oneNull.add(null);
        assertThat(function.gather().await()).isEqualTo(oneNull);
    }
}
