package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Failures of a gather or a submit that nobody ever subscribes to. */
class UnseenFailureTest extends ContractTest {
    private final AtomicInteger failed = new AtomicInteger();

    private Face<Integer, Integer> failing(Setup setup) {
        return open(setup, 1).function(i -> {
            failed.incrementAndGet();
            throw new IllegalStateException("failure " + i);
        });
    }

    /** In a method of its own: no frame keeps the result. */
    private void scatterAndForget(Face<Integer, Integer> function, Consumer<Face<Integer, Integer>> gather) {
        int before = failed.get();
        function.scatter(7);
        gather.accept(function);
        Eventually.until("it has failed", () -> failed.get() == before + 1);
    }

    private void awaitTold() {
        Eventually.until("the failures are told of", () -> {
            System.gc();
            return droppedSoFar() > 0;
        });
    }

    private void shouldBeTold(Setup setup, Consumer<Face<Integer, Integer>> gather) {
        if (!setup.library().hasSubscribers()) {
            return;
        }
        Face<Integer, Integer> function = failing(setup);
        scatterAndForget(function, gather);

        awaitTold();

        assertThat(takeDropped(setup))
                .singleElement()
                .satisfies(told -> assertThat(told).hasMessage("failure 7"));
    }

    /** Nothing is told of but failures that are made and forgotten here, after whatever has been forgotten before. */
    private void nothingShouldBeTold(Setup setup) {
        Face<Integer, Integer> function = failing(setup);
        for (int round = 1; round <= 2; round++) {
            scatterAndForget(function, Face::gather);
            awaitTold();
            assertThat(takeDropped(setup))
                    .singleElement()
                    .satisfies(told -> assertThat(told).hasMessage("failure 7"));
        }
    }

    @InEachLibrary
    void shouldBeToldOfAGather(Setup setup) {
        shouldBeTold(setup, Face::gather);
    }

    @InEachLibrary
    void shouldBeToldOfADelayedFailure(Setup setup) {
        shouldBeTold(setup, Face::gatherDelayError);
    }

    @InEachLibrary
    void shouldBeToldOfAStream(Setup setup) {
        shouldBeTold(setup, Face::gatherStream);
    }

    @InEachLibrary
    void shouldBeToldOfAStreamInTheOrderOfCompletion(Setup setup) {
        shouldBeTold(setup, Face::gatherAsCompleted);
    }

    @InEachLibrary
    void shouldBeToldOfASubmit(Setup setup) {
        if (!setup.library().hasSubscribers()) {
            return;
        }
        Face<Integer, Integer> function = failing(setup);
        function.submit(3);

        awaitTold();

        assertThat(takeDropped(setup))
                .singleElement()
                .satisfies(told -> assertThat(told).hasMessage("failure 3"));
    }

    private void receiveAndForget(Face<Integer, Integer> function) {
        function.scatter(1);
        Result<List<Integer>> gather = function.gather();
        function.scatter(2);
        Sequence<Integer> stream = function.gatherStream();
        Result<Integer> submit = function.submit(3);
        Eventually.until("all have failed", () -> failed.get() == 3);
        assertThat(gather.awaitFailure()).hasMessage("failure 1");
        assertThat(stream.awaitFailure()).hasMessage("failure 2");
        assertThat(submit.awaitFailure()).hasMessage("failure 3");
    }

    @InEachLibrary
    void shouldNotBeToldToThoseWhoComeLate(Setup setup) {
        if (!setup.library().hasSubscribers()) {
            return;
        }
        receiveAndForget(failing(setup));

        nothingShouldBeTold(setup);
    }

    private void cancelAndForget(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            turnstile.pass();
            return i;
        });
        function.scatter(1);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(1);
        gather.cancel();
        function.scatter(2);
        function.gather();
        function.submit(3);
    }

    @InEachLibrary
    void shouldNotBeToldOfACancel(Setup setup) {
        if (!setup.library().hasSubscribers()) {
            return;
        }
        cancelAndForget(setup);

        nothingShouldBeTold(setup);
    }

    private void gatherWhatHasBeenTold(Setup setup) {
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            failed.incrementAndGet();
            throw new IllegalStateException("failure " + i);
        });
        function.scatter(1);
        Face<Integer, Integer> afterwards = site.function(i -> i); // on the only worker, once it has left the other
        Eventually.until("it has failed", () -> failed.get() == 1 && function.pending() == 0);
        afterwards.scatter(1);
        assertThat(afterwards.gather().await()).containsExactly(1);
        site.workers().close();
        assertThat(takeDropped(setup))
                .singleElement()
                .satisfies(told -> assertThat(told).hasMessageContaining("1 task of"));
        function.gather(); // fails with what has been told of
    }

    @InEachLibrary
    void shouldNotBeToldTwice(Setup setup) {
        if (!setup.library().hasSubscribers()) {
            return;
        }
        gatherWhatHasBeenTold(setup);

        nothingShouldBeTold(setup);
    }
}
