package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The hooks: {@code Hooks.onErrorDropped}, {@code RxJavaPlugins.onError}, the uncaught exception handler. */
@WithThreads("a call that is cancelled is over: what fails afterwards is the affair of what it returned")
class DroppedFailureTest extends ContractTest {
    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldReportAFailureThatComesAfterTheCancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.passStubbornly();
            throw new IllegalStateException("failure " + i);
        });

        scatterAll(function, 0, 2);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(2);
        gather.cancel();
        turnstile.awaitInterrupts(2);
        turnstile.open();

        assertThat(awaitDropped(setup, 2))
                .extracting(Throwable::getMessage)
                .containsExactlyInAnyOrder("failure 0", "failure 1");
        finishWith(function, setup);
    }

    /** All workers run once more, so what would still be dropped has been; then nothing more must have been. */
    private void finishWith(Face<Integer, Integer> function, Setup setup) {
        scatterAll(function, 0, 50);
        assertThat(function.gatherSettled().await()).hasSize(50);
        assertThat(takeDropped(setup)).isEmpty();
    }

    @OnConcurrentWorkers
    void shouldReportAFailureThatCameBeforeTheCancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        CountDownLatch failed = new CountDownLatch(1);
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i == 0) {
                throw new IllegalStateException("failure 0");
            }
            failed.countDown(); // on the only worker, after task 0
            turnstile.pass();
            return i;
        });

        scatterAll(function, 0, 2);
        Observation<List<Integer>> gather = function.gatherDelayError().subscribe();
        turnstile.awaitArrivals(1);
        gather.cancel();

        assertThat(awaitDropped(setup, 1)).extracting(Throwable::getMessage).containsExactly("failure 0");
    }

    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldAttachEveryOtherFailureToTheOneThatFailedTheGather(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 4, i -> {
            turnstile.passStubbornly();
            throw new IllegalStateException("failure " + i);
        });

        scatterAll(function, 0, 4);
        turnstile.awaitArrivals(4);
        turnstile.open();
        Throwable received = function.gather().awaitFailure();

        Eventually.until("the others are attached", () -> others(received).size() == 3);
        assertThat(IntStream.range(0, 4).mapToObj(i -> "failure " + i))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of(received), others(received).stream())
                        .map(Throwable::getMessage)
                        .toList());
        finishWith(function, setup);
    }

    /** The failures of other tasks that are attached to one; its origin is of another class. */
    private static List<Throwable> others(Throwable failure) {
        return Stream.of(failure.getSuppressed())
                .filter(other -> other.getClass() == failure.getClass())
                .toList();
    }

    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnAllWorkers
    void shouldAttachTheOthersWhenAllHadFailedBeforeTheGather(Setup setup) {
        CountDownLatch all = new CountDownLatch(3);
        Face<Integer, Integer> function = function(setup, 1, i -> {
            all.countDown();
            throw new IllegalStateException("failure " + i);
        });

        scatterAll(function, 0, 3);
        Eventually.until("all run", () -> all.getCount() == 0);

        Throwable received = function.gather().awaitFailure();
        assertThat(received).hasMessage("failure 0");
        Eventually.until("the others are attached", () -> others(received).size() == 2);
        assertThat(others(received))
                .extracting(Throwable::getMessage)
                .containsExactlyInAnyOrder("failure 1", "failure 2");
        finishWith(function, setup);
    }

    @InEachLibrary
    void shouldAttachTenAndCountTheRest(Setup setup) {
        Face<Integer, Integer> function = function(setup, 4, i -> {
            throw new IllegalStateException("failure " + i);
        });
        CountDownLatch started = new CountDownLatch(1);
        Face<Integer, Integer> other = function(setup, 1, i -> {
            started.countDown();
            return i;
        });

        scatterAll(function, 0, 200);
        Eventually.until("all have started", () -> function.pending() == 0);
        Throwable received = function.gather().awaitFailure();

        assertThat(others(received)).hasSizeBetween(10, 10).doesNotHaveDuplicates();
        Eventually.until(
                "the rest is counted",
                () -> Stream.of(received.getSuppressed())
                        .anyMatch(note -> "189 more tasks of the same batch failed".equals(note.getMessage())));
        other.scatter(1);
        assertThat(other.gather().await()).containsExactly(1);
        assertThat(takeDropped(setup)).isEmpty();
    }

    @InEachLibrary
    void shouldBearAnExceptionThatManyTasksThrow(Setup setup) {
        IllegalStateException shared = new IllegalStateException("shared");
        IllegalStateException other = new IllegalStateException("other", shared);
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw i % 2 == 0 ? shared : other;
        });

        for (int round = 0; round < 50; round++) {
            scatterAll(function, 0, 20);
            assertThat(function.gather().awaitFailure()).isIn(shared, other);
        }

        assertThat(shared.getSuppressed()).hasSizeLessThan(32);
        assertThat(other.getSuppressed()).hasSizeLessThan(32);
        assertThat(takeDropped(setup)).isEmpty();
    }

    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed(String message) {
            super(message, null, false, false);
        }
    }

    @InEachLibrary
    void shouldReportWhatCannotBeAttached(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> {
            throw new Closed("failure " + i);
        });

        scatterAll(function, 0, 2);
        Eventually.until("both have started", () -> function.pending() == 0);

        assertThat(function.gather().awaitFailure()).hasMessage("failure 0");
        assertThat(awaitDropped(setup, 1)).extracting(Throwable::getMessage).containsExactly("failure 1");
    }

    @OnConcurrentWorkers
    void shouldNotReportTheInterruptsOfACancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        List<Supplier<Exception>> echoes =
                List.of(InterruptedException::new, ClosedByInterruptException::new, InterruptedIOException::new);
        Face<Integer, Integer> function = function(setup, 3, i -> {
            if (i < 3) {
                try {
                    turnstile.pass();
                } catch (InterruptedException e) {
                    throw echoes.get(i).get();
                }
            }
            return i;
        });

        scatterAll(function, 0, 3);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(3);
        gather.cancel();
        turnstile.awaitInterrupts(3);
        turnstile.open();

        finishWith(function, setup);
    }

    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldReportATimeoutThoughItIsAnInterruptedIOException(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            turnstile.passStubbornly();
            throw new SocketTimeoutException("read timed out");
        });

        function.scatter(0);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(1);
        gather.cancel();
        turnstile.awaitInterrupts(1);
        turnstile.open();

        assertThat(awaitDropped(setup, 1)).hasOnlyElementsOfType(SocketTimeoutException.class);
    }

    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldReportWhatACancelledSubmitFailsWith(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i < 0) {
                turnstile.passStubbornly();
                throw new IllegalStateException("nobody's");
            }
            return i;
        });

        Observation<Integer> single = function.submit(-1).subscribe();
        turnstile.awaitArrivals(1);
        single.cancel();
        turnstile.awaitInterrupts(1);
        turnstile.open();

        assertThat(awaitDropped(setup, 1))
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("nobody's"));
        finishWith(function, setup);
    }

    @WithSubscribers
    void shouldNotReportAFailureThatWaitsForASubscriber(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i < 0) {
                throw new IllegalStateException("waits");
            }
            return i;
        });

        function.scatter(-1);
        Result<List<Integer>> gather = function.gather();
        finishWith(function, setup);

        assertThat(gather.awaitFailure()).hasMessage("waits");
    }

    private static String lastMessage(Throwable failure) {
        return failure.getCause() == null ? String.valueOf(failure.getMessage()) : lastMessage(failure.getCause());
    }

    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @WithSubscribers // in plain Java the hook is the last resort itself
    void shouldSurviveAHookThatThrows(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i < 0) {
                turnstile.passStubbornly();
                throw new IllegalStateException("dropped");
            }
            return i;
        });
        setup.library().releaseDropped();
        setup.library().captureDropped(failure -> {
            throw new UnsupportedOperationException("bad hook");
        });
        function.scatter(-1);
        Observation<List<Integer>> gather = function.gather().subscribe();
        turnstile.awaitArrivals(1);
        gather.cancel();
        turnstile.awaitInterrupts(1);
        turnstile.open();
        Set<String> messages = ConcurrentHashMap.newKeySet();
        Setup uncaught = new Setup(Library.SYNC, setup.kind());
        Eventually.until("both the hook's failure and the dropped one have arrived", () -> {
            for (Throwable lastResort : takeDropped(uncaught)) {
                messages.add(lastMessage(lastResort));
                for (Throwable suppressed : lastResort.getSuppressed()) {
                    messages.add(lastMessage(suppressed));
                }
            }
            return messages.contains("bad hook") && messages.contains("dropped");
        });

        function.scatter(1);
        assertThat(function.gather().await()).containsExactly(1);
    }
}
