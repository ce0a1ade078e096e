package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Functions that return a stage of any kind: done, failed, cancelled, or with its methods to complete it taken away. */
class AsyncTest {
    private static Throwable failureOf(CompletionStage<?> stage) {
        Scatter<Integer, @Nullable Object> function = Lox.async(1, i -> stage);
        function.scatter(0);
        Outcome<@Nullable Object> outcome = function.gatherSettled().get(0);
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return ((Outcome.Failure<@Nullable Object>) outcome).error();
    }

    private static List<Integer> numbers(int to) {
        return IntStream.range(0, to).boxed().toList();
    }

    @Test
    void shouldTakeStagesThatAreDoneAndThatWillBe() {
        CompletableFuture<Integer> later = new CompletableFuture<>();
        List<CompletionStage<Integer>> stages = List.of(
                CompletableFuture.completedFuture(0),
                CompletableFuture.completedStage(1),
                later,
                later.thenApply(i -> i + 1),
                later.minimalCompletionStage().thenApply(i -> i + 2),
                later.copy().thenApply(i -> i + 3),
                CompletableFuture.supplyAsync(() -> 6));
        Scatter<Integer, Integer> function = Lox.async(10, stages::get);
        numbers(7).forEach(function::scatter);
        later.complete(2);

        assertThat(function.gather()).isEqualTo(numbers(7));
    }

    @Test
    void shouldCarryNull() {
        Scatter<Integer, @Nullable Integer> function = Lox.async(1, i -> CompletableFuture.completedFuture(null));
        function.scatter(0);

        assertThat(function.gather()).hasSize(1).containsOnlyNulls();
        assertThat(function.call(0)).isNull();
    }

    @Test
    void shouldFailWithTheCauseThatACompletionExceptionWraps() {
        IOException failure = new IOException("on purpose");
        CompletableFuture<Integer> failed = CompletableFuture.failedFuture(failure);

        assertThat(failureOf(failed)).isSameAs(failure);
        assertThat(failureOf(failed.thenApply(i -> i))).isSameAs(failure);
        assertThat(failureOf(failed.thenApply(i -> i).thenApply(i -> i))).isSameAs(failure);
        assertThat(failureOf(failed.minimalCompletionStage())).isSameAs(failure);
        assertThat(failureOf(CompletableFuture.failedStage(failure))).isSameAs(failure);
        assertThat(failureOf(CompletableFuture.supplyAsync(() -> {
                    throw new CompletionException(failure);
                })))
                .isSameAs(failure);
        CompletionException bare = new CompletionException("without a cause", null);
        assertThat(failureOf(CompletableFuture.failedFuture(bare))).isSameAs(bare);
    }

    @Test
    void shouldFailWithAnExceptionThatCannotTellItsCause() {
        CompletionException mute = new CompletionException("cannot tell", null) {
            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("the cause");
            }
        };
        CompletableFuture<Integer> later = new CompletableFuture<>();
        Scatter<Integer, Integer> function = Lox.async(1, i -> later);
        Elsewhere<List<Outcome<Integer>>> gather = Elsewhere.<List<Outcome<Integer>>>call(() -> {
                    function.scatter(0);
                    return function.gatherSettled();
                })
                .waiting();
        later.completeExceptionally(mute);

        assertThat(gather.result)
                .succeedsWithin(Elsewhere.LONG)
                .satisfies(outcomes -> assertThat(outcomes).singleElement().isEqualTo(new Outcome.Failure<>(0, mute)));
        assertThat(failureOf(CompletableFuture.failedFuture(mute))).isSameAs(mute);
    }

    @Test
    void shouldFailWithTheCancellationOfAStageThatTheUserHasCancelled() {
        CompletableFuture<Integer> before = new CompletableFuture<>();
        before.cancel(false);
        CompletableFuture<Integer> after = new CompletableFuture<>();
        Scatter<Integer, Integer> function = Lox.async(2, i -> i == 0 ? before : after);
        numbers(2).forEach(function::scatter);
        after.cancel(true);

        assertThat(function.gatherSettled())
                .hasSize(2)
                .allMatch(outcome -> outcome instanceof Outcome.Failure<Integer> failed
                        && failed.error() instanceof CancellationException);
        assertThat(failureOf(before.thenApply(i -> i))).isInstanceOf(CancellationException.class);
        assertThat(Lox.<Integer, Integer>async(1, CompletableFuture::completedFuture)
                        .call(1))
                .isEqualTo(1);
    }

    @Test
    void shouldTakeTheFirstEndOfAStageThatIsObtruded() {
        CompletableFuture<Integer> later = new CompletableFuture<>();
        CompletableFuture<Integer> before = CompletableFuture.completedFuture(1);
        before.obtrudeException(new IOException("obtruded"));
        Scatter<Integer, Integer> function = Lox.async(2, i -> i == 0 ? later : before);
        numbers(2).forEach(function::scatter);
        later.complete(5);
        later.obtrudeValue(17);
        later.obtrudeException(new IOException("obtruded"));

        List<Outcome<Integer>> outcomes = function.gatherSettled();
        assertThat(outcomes.get(0)).isEqualTo(new Outcome.Success<>(0, 5));
        assertThat(((Outcome.Failure<Integer>) outcomes.get(1)).error()).hasMessage("obtruded");
    }

    /** A stage whose methods beyond those of a CompletionStage are refused cannot be cancelled, and frees its place all the same. */
    @Test
    void shouldLeaveAStageThatCannotBeCancelled() {
        CompletableFuture<Integer> whole = new CompletableFuture<>();
        CompletionStage<Integer> minimal = new Refusing(whole);
        Scatter<Integer, Integer> function = Lox.async(1, i -> i == 0 ? minimal : CompletableFuture.completedFuture(i));

        CompletableFuture<Integer> first = function.submit(0);
        CompletableFuture<Integer> second = function.submit(1);
        first.cancel(true);

        assertThat(second).succeedsWithin(Patience.LIMIT).isEqualTo(1);
        assertThat(whole).isNotDone();
        whole.complete(5); // nobody's
    }

    private static final class Refusing extends CompletableFuture<Integer> {
        Refusing(CompletableFuture<Integer> source) {
            CompletableFuture<Integer> relay = source.whenComplete((value, failure) -> complete(value));
            assertThat(relay).isNotSameAs(this);
        }

        @Override
        public CompletableFuture<Integer> toCompletableFuture() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void shouldCancelTheStageOfATaskThatIsCancelled() {
        CompletableFuture<Integer> slow = new CompletableFuture<>();
        Scatter<Integer, Integer> function = Lox.async(1, i -> slow);

        function.submit(0).cancel(true);

        Patience.until("the stage is cancelled", slow::isCancelled);
    }

    @Test
    void shouldFailWhereAStageCannotBeSubscribedTo() {
        CompletableFuture<Integer> broken = new CompletableFuture<>() {
            @Override
            public <U> CompletableFuture<U> handle(BiFunction<? super Integer, Throwable, ? extends U> function) {
                throw new IllegalStateException("no subscribers");
            }
        };

        assertThat(failureOf(broken)).hasMessage("no subscribers");
    }

    @Test
    void shouldTellOfWhatAStageThrowsAfterItsEnd() {
        Queue<Throwable> told = new ConcurrentLinkedQueue<>();
        CompletableFuture<Integer> first = new CompletableFuture<>();
        Scatter<Integer, Integer> function = Lox.async(
                1,
                i -> i == 0
                        ? first
                        : new CompletableFuture<Integer>() {
                            @Override
                            public <U> CompletableFuture<U> handle(
                                    BiFunction<? super Integer, Throwable, ? extends U> function) {
                                function.apply(i, null);
                                throw new IllegalStateException("after " + i);
                            }
                        });
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((of, thrown) -> told.add(thrown));
        try {
            function.scatter(1); // called by the thread that scatters
            function.scatter(0);
            function.scatter(2); // by the one that ends the call before
            first.complete(0);

            assertThat(function.gather()).containsExactly(1, 0, 2);
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
        assertThat(told).extracting(Throwable::getMessage).containsExactly("after 1", "after 2");
    }

    @Test
    void shouldFailWhereTheFunctionReturnsSomethingElse() {
        @SuppressWarnings({"unchecked", "rawtypes"}) // a caller without generics
        Scatter<Integer, Integer> function =
                Lox.async(1, (Task) i -> Objects.equals(i, 0) ? "no stage" : CompletableFuture.completedFuture(i));
        numbers(2).forEach(function::scatter);

        List<Outcome<Integer>> outcomes = function.gatherSettled();
        assertThat(((Outcome.Failure<Integer>) outcomes.get(0)).error()).isInstanceOf(ClassCastException.class);
        assertThat(outcomes.get(1)).isEqualTo(new Outcome.Success<>(1, 1));
    }

    @Test
    void shouldCancelWhatAGatherThatTimesOutHasUnderWay() {
        Queue<CompletableFuture<Integer>> stages = new ConcurrentLinkedQueue<>();
        Scatter<Integer, Integer> function = Lox.async(3, i -> {
            CompletableFuture<Integer> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
        numbers(5).forEach(function::scatter);

        assertThatThrownBy(() -> function.gather(Duration.ofMillis(20))).isInstanceOf(Exception.class);
        Patience.until("three are cancelled", () -> stages.stream().allMatch(CompletableFuture::isCancelled));
        assertThat(stages).hasSize(3);
    }

    @Test
    void shouldRunAFunctionOfTwoArguments() {
        BiScatter<Integer, Integer, Integer> add = Lox.biAsync(2, (a, b) -> CompletableFuture.supplyAsync(() -> a + b));
        for (int i = 0; i < 100; i++) {
            add.scatter(i, i);
        }

        assertThat(add.gather())
                .isEqualTo(IntStream.range(0, 100).map(i -> 2 * i).boxed().toList());
    }

    @Test
    void shouldMapAStreamThatIsPulled() {
        Executor delayed = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);
        Scatter<Integer, Integer> function = Lox.async(4, i -> CompletableFuture.supplyAsync(() -> i, delayed));

        assertThat(function.map(numbers(200)).toList()).isEqualTo(numbers(200));
        assertThat(function.map(numbers(200)).limit(5).toList()).isEqualTo(numbers(5));
        assertThat(function.mapUnordered(numbers(200).stream()).sorted().toList())
                .isEqualTo(numbers(200));
    }
}
