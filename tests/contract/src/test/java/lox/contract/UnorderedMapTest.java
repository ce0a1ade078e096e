package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Streams whose results come as their tasks end. */
@OnceOverProcesses("MapTest: elements in children; the parent alone orders results")
class UnorderedMapTest extends ContractTest {
    @OnAllWorkers
    void shouldGiveEachResultOnce(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        assertThat(function.map(numbers(0, 10_000), Mapped.<Integer>ahead(3_000).unordered())
                        .await())
                .containsExactlyInAnyOrderElementsOf(numbers(0, 10_000));
        assertThat(function.pending()).isZero();
        assertThat(function.map(List.of(), Mapped.<Integer>plainly().unordered())
                        .await())
                .isEmpty();
    }

    @OnConcurrentWorkers
    void shouldNotBeHeldBackByASlowOne(Setup setup) {
        Turnstile slow = new Turnstile();
        AtomicInteger seen = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 3) {
                slow.pass();
            }
            return i;
        });

        Observation<List<Integer>> result = function.map(
                        numbers(0, 5_000), Mapped.<Integer>ahead(3).unordered().watchedBy(i -> seen.incrementAndGet()))
                .subscribe();
        slow.awaitArrivals(1);
        Eventually.until("all others have left", () -> seen.get() == 4_999);
        slow.open();

        assertThat(result.value()).endsWith(3).containsExactlyInAnyOrderElementsOf(numbers(0, 5_000));
    }

    @OnConcurrentWorkers
    void shouldTakeNoMoreThanAheadFromTheSource(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });
        Numbers source = new Numbers(100);

        Observation<List<Integer>> result =
                function.map(source, Mapped.<Integer>ahead(7).unordered()).subscribe();
        turnstile.awaitArrivals(2);
        Eventually.until("the source has been asked for all that may be ahead", () -> source.taken.get() == 7);
        turnstile.open();

        assertThat(result.value()).hasSize(100);
        assertThat(source.taken).hasValue(100);
    }

    @OnConcurrentWorkers
    void shouldFailAtOnceAndInterruptTheOthers(Setup setup) {
        Turnstile blocked = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                blocked.pass();
            }
            if (i == 30) {
                throw new IllegalStateException("planned");
            }
            return i;
        });
        Numbers source = new Numbers(1_000_000);

        Throwable failure =
                function.map(source, Mapped.<Integer>ahead(5).unordered()).awaitFailure();

        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("planned");
        assertThat(failure.getSuppressed())
                .anySatisfy(origin ->
                        assertThat(origin).hasMessageContaining("element 30 of").hasMessageContaining("argument: 30"));
        blocked.awaitInterrupts(blocked.arrived());
        assertThat(source.taken).hasValueLessThan(40);
        Eventually.until("nothing is left", () -> function.pending() == 0);
    }

    @OnAllWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldRefuseANullResultAndNameTheElement(Setup setup) {
        Face<Integer, @Nullable Integer> function = function(setup, 2, i -> i == 5 ? null : i);

        assertThat(function.map(
                                numbers(0, 10),
                                Mapped.<@Nullable Integer>plainly().unordered())
                        .awaitFailure())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("element 5 of");
    }

    @OnAllWorkers
    void shouldGiveTheResultsBeforeAnErrorOfTheSource(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            LockSupport.parkNanos(1_000_000);
            return i;
        });
        List<Integer> seen = new ArrayList<>();

        Throwable failure = function.map(
                        new Numbers(20, new IllegalStateException("planned")),
                        Mapped.<Integer>ahead(8).unordered().watchedBy(seen::add))
                .awaitFailure();

        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("planned");
        assertThat(seen).containsExactlyInAnyOrderElementsOf(numbers(0, 20));
    }

    @OnConcurrentWorkers
    void shouldStopAtACancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });

        Observation<List<Integer>> map = function.map(
                        numbers(0, 1_000), Mapped.<Integer>ahead(50).unordered())
                .subscribe();
        turnstile.awaitArrivals(2);
        map.cancel();
        turnstile.awaitInterrupts(2);
        Eventually.until("nothing is left", () -> function.pending() == 0);
        turnstile.open();
        scatterAll(function, 0, 10);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 10));
        assertThat(turnstile.arrived()).isEqualTo(2 + 10);
    }

    @OnSharedWorkers
    void shouldFailWhenTheWorkersAreClosed(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        Observation<List<Integer>> map = function.map(
                        numbers(0, 10), Mapped.<Integer>plainly().unordered())
                .subscribe();
        turnstile.awaitArrivals(2);
        site.workers().close();

        assertThat(map.failure()).isInstanceOf(CancellationException.class).hasMessageContaining("closed");
    }
}
