package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Failures of a batch that is never gathered. */
class UngatheredFailureTest extends ContractTest {
    private final AtomicInteger failed = new AtomicInteger();

    private Face<Integer, Integer> failing(Site site) {
        return site.function(i -> {
            failed.incrementAndGet();
            throw new IllegalStateException("failure " + i);
        });
    }

    /** In a method of its own: no frame keeps the function. */
    private void scatterAndForget(Site site) {
        Face<Integer, Integer> function = failing(site);
        scatterAll(function, 0, 3);
        Eventually.until("all have failed", () -> failed.get() == 3 && function.pending() == 0);
    }

    @InEachLibrary
    void shouldBeToldOnceWhenNobodyCanGatherThem(Setup setup) {
        Site site = open(setup, 1);
        scatterAndForget(site);

        Eventually.until("the failures are told of", () -> {
            System.gc();
            return droppedSoFar() > 0;
        });

        assertThat(takeDropped(setup))
                .singleElement()
                .satisfies(told -> assertThat(told)
                        .hasMessageContaining("3 tasks of \"" + site.workers().name() + "\"")
                        .cause()
                        .hasMessage("failure 0"));
    }

    @InEachLibrary
    void shouldBeToldOnceWhenTheWorkersAreClosed(Setup setup) {
        Site site = open(setup, 1);
        Face<Integer, Integer> function = failing(site);
        scatterAll(function, 0, 3);
        Face<Integer, Integer> afterwards = site.function(i -> i); // on the only worker, once it has left the others
        Eventually.until("all have failed", () -> failed.get() == 3 && function.pending() == 0);
        afterwards.scatter(1);
        assertThat(afterwards.gather().await()).containsExactly(1);

        site.workers().close();
        site.workers().close();

        assertThat(takeDropped(setup))
                .singleElement()
                .satisfies(told -> assertThat(told).hasMessageContaining("3 tasks"));
        assertThat(function.gather().awaitFailure()).hasMessage("failure 0"); // it can be gathered still
    }

    @InEachLibrary
    void shouldNotBeToldWhenTheyAreGathered(Setup setup) {
        Site site = open(setup, 1);
        Face<Integer, Integer> function = failing(site);
        scatterAll(function, 0, 3);
        Eventually.until("all have failed", () -> failed.get() == 3 && function.pending() == 0);
        List<?> outcomes = function.gatherSettled().await();

        site.workers().close();

        assertThat(outcomes).hasSize(3);
        assertThat(takeDropped(setup)).isEmpty();
    }
}
