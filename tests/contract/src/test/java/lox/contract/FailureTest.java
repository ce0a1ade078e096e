package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import lox.sync.Outcome;
import org.jspecify.annotations.Nullable;

class FailureTest extends ContractTest {
    /** An exception that takes neither suppressed exceptions nor a stack trace, as some libraries' do. */
    private static final class Bare extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        Bare() {
            super("bare", null, false, false);
        }
    }

    @OnAllWorkers
    void shouldKeepTheTypeAndIdentityOfAnUncheckedException(Setup setup) {
        RuntimeException failure = new UnsupportedOperationException("no");
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw failure;
        });

        function.scatter(1);

        assertIs(setup, function.gather().awaitFailure(), failure);
    }

    @OnAllWorkers
    void shouldKeepTheTypeAndIdentityOfACheckedException(Setup setup) {
        IOException failure = new FileNotFoundException("no");
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw failure;
        });

        function.scatter(1);
        Throwable received = function.gather().awaitFailure();

        assertIs(setup, setup.library().failureOfTask(received), failure);
    }

    @OnAllWorkers
    void shouldDeliverErrorsToo(Setup setup) {
        Face<Throwable, Integer> function = function(setup, 1, failure -> {
            if (failure instanceof Error error) {
                throw error;
            }
            return 1;
        });

        for (Error error : List.of(
                new OutOfMemoryError("test"),
                new NoClassDefFoundError("test"),
                new StackOverflowError("test"),
                new AssertionError("test"),
                new InternalError("test"))) {
            function.scatter(error);
            assertIs(setup, function.gather().awaitFailure(), error);
        }
        function.scatter(new Exception("returns"));
        assertThat(function.gather().await()).containsExactly(1);
    }

    @OnAllWorkers
    void shouldDeliverARealStackOverflow(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, FailureTest::dig);

        function.scatter(1);

        assertThat(function.gather().awaitFailure()).isInstanceOf(StackOverflowError.class);
        function.scatter(-1);
        assertThat(function.gather().await()).containsExactly(-1);
    }

    private static int dig(int depth) {
        return depth < 0 ? depth : dig(depth == Integer.MAX_VALUE ? 0 : depth + 1) + 1;
    }

    @OnAllWorkers
    void shouldDeliverExceptionsThatTakeNoSuppressedOnes(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> {
            throw new Bare();
        });

        function.scatter(1);

        assertThat(function.gather().awaitFailure()).isInstanceOf(Bare.class);
    }

    @OnAllWorkers
    void shouldFailASubmittedTasksOwnResultAlone(Setup setup) {
        RuntimeException failure = new UnsupportedOperationException("no");
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i == 1) {
                throw failure;
            }
            return i;
        });

        Result<Integer> single = function.submit(1);

        assertIs(setup, single.awaitFailure(), failure);
        assertThat(function.gather().await()).as("it is nobody else's").isEmpty();
    }

    @OnAllWorkers
    void shouldLetTheWorkerLiveAndTheNextBatchStartAfresh(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> 10 / i);

        for (int round = 0; round < 20; round++) {
            function.scatter(0);
            assertThat(function.gather().awaitFailure()).isInstanceOf(ArithmeticException.class);
            function.scatter(5);
            assertThat(function.gather().await()).containsExactly(2);
        }
    }

    // ---- which scatter it was --------------------------------------------------------------------------------------

    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    private Throwable failureOf(Setup setup, @Nullable Object argument) {
        Face<@Nullable Object, Integer> function = open(setup, 1, builder -> builder.named("divide"))
                .function(ignored -> {
                    throw new IllegalStateException("no");
                });
        function.scatter(argument);
        return function.gather().awaitFailure();
    }

    @OnSharedWorkers
    void shouldSayWhichScatterItWas(Setup setup) {
        Face<Integer, Integer> function =
                open(setup, 1, builder -> builder.named("divide")).function(i -> 100 / (i - 42));

        scatterAll(function, 39, 50);
        String origin = origin(function.gather().awaitFailure());

        assertThat(origin).contains("\"divide\"").contains("42").containsPattern("\\b3\\b");
    }

    @InEachLibrary
    void shouldSayThatTheArgumentWasNull(Setup setup) {
        assertThat(origin(failureOf(setup, null))).contains("null");
    }

    @InEachLibrary
    void shouldCutALongArgumentShort(Setup setup) {
        String origin = origin(failureOf(setup, "x".repeat(1_000_000)));

        assertThat(origin).contains("xxxxxxxxxx").hasSizeLessThan(300);
    }

    @InEachLibrary
    void shouldNotCutACharacterInTwo(Setup setup) {
        for (int shift = 0; shift < 2; shift++) {
            String origin = origin(failureOf(setup, "x".repeat(shift) + "\uD83D\uDE00".repeat(500)));
            assertThat(origin.codePoints())
                    .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        }
    }

    @InEachLibrary
    void shouldSurviveAnArgumentThatCannotBePrinted(Setup setup) {
        Throwable failure = failureOf(setup, new Object() {
            @Override
            public String toString() {
                throw new UnsupportedOperationException("unprintable");
            }
        });

        assertThat(failure).isInstanceOf(IllegalStateException.class);
        assertThat(origin(failure)).contains("UnsupportedOperationException");
    }

    @InEachLibrary
    @SuppressWarnings({"NullAway", "ToStringReturnsNull"}) // the ill-behaved argument is the point
    void shouldSurviveAnArgumentWhoseTextIsNull(Setup setup) {
        Throwable failure = failureOf(setup, new Object() {
            @Override
            public String toString() {
                return null;
            }
        });

        assertThat(origin(failure)).contains("null");
    }

    @InThisJvm("each comes from another process as a copy of its own")
    @OnAllWorkers
    void shouldNotPileUpOriginsOnOneExceptionThrownByManyTasks(Setup setup) {
        RuntimeException shared = new UnsupportedOperationException("shared");
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw shared;
        });

        scatterAll(function, 0, 2_000);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        assertThat(outcomes)
                .hasSize(2_000)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Failure.class,
                                failure -> assertThat(failure.error()).isSameAs(shared)));
        assertThat(shared.getSuppressed()).hasSizeBetween(1, 20);
    }

    @WithThreads("a call that is cancelled is over: what fails afterwards is the affair of what it returned")
    @InThisJvm("from another process come copies, and those after the first are dropped as they should be")
    @OnAllWorkers
    void shouldFailFastWithOneExceptionThrownByManyTasks(Setup setup) {
        RuntimeException shared = new UnsupportedOperationException("shared");
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw shared;
        });

        scatterAll(function, 0, 200);

        assertIs(setup, function.gather().awaitFailure(), shared); // and it is not dropped besides
    }

    // ---- fail fast -------------------------------------------------------------------------------------------------

    @WithThreads("a call that is cancelled is over: what fails afterwards is the affair of what it returned")
    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldFailWithTheFailureThatCameFirstInTime(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                turnstile.passStubbornly();
            }
            throw new IllegalStateException("failure " + i);
        });

        function.scatter(0);
        turnstile.awaitArrivals(1);
        function.scatter(1);
        Result<List<Integer>> gather = function.gather();

        Throwable received = gather.awaitFailure();
        assertThat(received).hasMessage("failure 1"); // while task 0 still runs
        turnstile.open();
        Eventually.until(
                "the failure that came later goes with the first",
                () -> Stream.of(received.getSuppressed()).anyMatch(later -> "failure 0".equals(later.getMessage())));
    }

    @OnConcurrentWorkers
    void shouldDropWhatHasNotStarted(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger runs = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i == 0) {
                turnstile.pass();
                throw new IllegalStateException("no");
            }
            return runs.incrementAndGet();
        });

        scatterAll(function, 0, 500);
        Result<List<Integer>> gather = function.gather();
        turnstile.open();

        assertThat(gather.awaitFailure()).hasMessage("no");
        function.scatter(1); // on the only worker: whatever ran before it has run
        assertThat(function.gather().await()).containsExactly(1);
        assertThat(function.pending()).isZero();
    }

    @OnConcurrentWorkers
    void shouldInterruptWhatRuns(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 3, i -> {
            if (i < 2) {
                turnstile.pass();
                return i;
            }
            throw new IllegalStateException("no");
        });

        scatterAll(function, 0, 2);
        turnstile.awaitArrivals(2);
        function.scatter(2);

        assertThat(function.gather().awaitFailure()).hasMessage("no");
        turnstile.awaitInterrupts(2);
    }

    @OnConcurrentWorkers
    void shouldFailAtTheGatherWithWhatFailedBefore(Setup setup) throws InterruptedException {
        CountDownLatch others = new CountDownLatch(3);
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i == 0) {
                throw new IllegalStateException("no");
            }
            others.countDown();
            return i;
        });

        scatterAll(function, 0, 4);
        Eventually.open(others); // nothing is dropped before somebody gathers

        assertThat(function.gather().awaitFailure()).hasMessage("no");
    }

    @OnConcurrentWorkers
    void shouldLeaveOtherBatchesAlone(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 3, i -> {
            turnstile.pass();
            if (i == 1) {
                throw new IllegalStateException("no");
            }
            return i;
        });

        function.scatter(0);
        Result<List<Integer>> before = function.gather();
        function.scatter(1);
        Result<List<Integer>> failing = function.gather();
        scatterAll(function, 2, 10);
        Result<List<Integer>> after = function.gather();
        turnstile.open();

        assertThat(failing.awaitFailure()).hasMessage("no");
        assertThat(before.await()).containsExactly(0);
        assertThat(after.await()).isEqualTo(numbers(2, 10));
    }
}
