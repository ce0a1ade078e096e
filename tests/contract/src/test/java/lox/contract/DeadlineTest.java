package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import lox.sync.Outcome;

/** {@code gatherSettled(Duration)}: what there is when the time is over. */
class DeadlineTest extends ContractTest {
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    @OnConcurrentWorkers
    void shouldGiveWhatThereIsAndCancelTheRest(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i == 1) {
                throw new IllegalStateException("failure 1");
            }
            if (i > 1) {
                turnstile.pass();
            }
            return i;
        });
        scatterAll(function, 0, 4);
        turnstile.awaitArrivals(1); // the only worker has ended the two before

        List<Outcome<Integer>> outcomes = function.gatherSettled(SOON).await();

        assertThat(outcomes).extracting(Outcome::index).containsExactly(0, 1, 2, 3);
        assertThat(outcomes.get(0)).isEqualTo(new Outcome.Success<>(0, 0));
        assertThat(failure(outcomes.get(1))).hasMessage("failure 1");
        assertThat(failure(outcomes.get(2)))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("scatter 2");
        assertThat(failure(outcomes.get(3))).isInstanceOf(CancellationException.class);
        turnstile.awaitInterrupts(1);
        turnstile.open();
        scatterAll(function, 0, 1);
        assertThat(function.gather().await()).containsExactly(0); // the next batch is untouched
        assertThat(takeDropped(setup)).isEmpty();
    }

    private static Throwable failure(Outcome<Integer> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return ((Outcome.Failure<Integer>) outcome).error();
    }

    @OnAllWorkers
    void shouldGiveEverythingInTime(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        scatterAll(function, 0, 100);
        assertThat(function.gatherSettled(FOR_EVER).await())
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Success.class))
                .hasSize(100);
        assertThat(function.gatherSettled(Duration.ofHours(1)).await()).isEmpty();
        assertThat(function.gatherSettled(Duration.ZERO).await()).isEmpty();
    }

    @InEachLibrary
    void shouldOnlyLookWithNoTime(Setup setup) {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE))) {
            Turnstile turnstile = new Turnstile();
            Face<Integer, Integer> function = function(setup, 1, i -> {
                if (i > 0) {
                    turnstile.pass();
                }
                return i;
            });
            scatterAll(function, 0, 2);
            turnstile.awaitArrivals(1);
            List<Outcome<Integer>> outcomes = function.gatherSettled(none).await();
            assertThat(outcomes.get(0)).isEqualTo(new Outcome.Success<>(0, 0));
            assertThat(failure(outcomes.get(1))).isInstanceOf(CancellationException.class);
        }
    }

    @InEachLibrary
    void shouldReportAFailureThatComesAfterTheDeadline(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            turnstile.passStubbornly();
            throw new IllegalStateException("late");
        });
        function.scatter(0);
        turnstile.awaitArrivals(1);

        assertThat(failure(function.gatherSettled(Duration.ZERO).await().get(0)))
                .isInstanceOf(CancellationException.class);
        turnstile.awaitInterrupts(1);
        turnstile.open();

        assertThat(awaitDropped(setup, 1)).extracting(Throwable::getMessage).containsExactly("late");
    }
}
