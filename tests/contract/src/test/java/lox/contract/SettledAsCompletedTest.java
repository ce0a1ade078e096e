package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import lox.sync.Outcome;
import org.jspecify.annotations.Nullable;

/** {@code gatherSettledAsCompleted}: outcomes one by one as the tasks end. */
class SettledAsCompletedTest extends ContractTest {
    @OnAllWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldGiveOneOutcomeForEachTask(Setup setup) {
        Face<Integer, @Nullable Integer> function = function(setup, 3, i -> {
            if (i % 3 == 1) {
                throw new IOException("planned " + i);
            }
            return i % 3 == 2 ? null : i;
        });

        IntStream.range(0, 3_000).forEach(function::scatter);
        List<Outcome<@Nullable Integer>> outcomes = function.gatherSettledAsCompleted().await().stream()
                .sorted(Comparator.comparing(Outcome::index))
                .toList();

        assertThat(outcomes).hasSize(3_000);
        for (int i = 0; i < outcomes.size(); i++) {
            int index = i;
            if (i % 3 == 1) {
                assertThat(outcomes.get(i)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                    assertThat(failure.index()).isEqualTo(index);
                    assertThat(failure.error()).isInstanceOf(IOException.class).hasMessage("planned " + index);
                });
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i % 3 == 2 ? null : i));
            }
        }
        assertThat(function.gatherSettledAsCompleted().await()).isEmpty();
    }

    @OnConcurrentWorkers
    void shouldGiveAFailureWhenItHappensAndGoOn(Setup setup) {
        Turnstile slow = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                slow.pass();
            }
            if (i == 1) {
                throw new IllegalStateException("planned");
            }
            return i;
        });

        scatterAll(function, 0, 4);
        Reading<Outcome<Integer>> reading =
                function.gatherSettledAsCompleted().read().request(Long.MAX_VALUE);
        Eventually.until(
                "all but the slow one are there", () -> reading.received().size() == 3);
        slow.open();

        List<Outcome<Integer>> outcomes = reading.awaitEnd();
        assertThat(outcomes).hasSize(4).extracting(Outcome::index).endsWith(0);
        assertThat(outcomes).filteredOn(Outcome.Failure.class::isInstance).hasSize(1);
    }

    @OnSharedWorkers
    void shouldGiveWhatHasEndedBeforeInScatterOrder(Setup setup) {
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> {
            if (i % 2 == 1) {
                throw new IllegalStateException("planned");
            }
            return i;
        });

        scatterAll(function, 0, 100);
        site.workers().shutdown();
        Eventually.until("all have ended", () -> site.workers().isTerminated());

        assertThat(function.gatherSettledAsCompleted().await())
                .extracting(Outcome::index)
                .isEqualTo(numbers(0, 100));
    }

    @OnSharedWorkers
    void shouldFailWhenTheWorkersAreClosed(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 3);
        Reading<Outcome<Integer>> reading =
                function.gatherSettledAsCompleted().read().request(Long.MAX_VALUE);
        turnstile.awaitArrivals(1);
        site.workers().close();

        assertThat(reading.awaitFailure()).isInstanceOf(CancellationException.class);
    }
}
