package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lox.sync.Outcome;
import lox.sync.RetryPolicy;
import lox.sync.Task;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Functions that do not block: how many of their calls are under way, in which thread they are called, and what becomes of a call that
 * ends at once, late, twice, or never.
 */
class AsyncTest extends ContractTest {
    private static final int MANY = 100_000;
    private static final long SMALL_STACK = 256 << 10;

    private Workers workers(Setup setup, int most) {
        return workers(setup, most, options -> options);
    }

    private Workers workers(Setup setup, int most, UnaryOperator<Workers.Builder> options) {
        return open(new Setup(setup.library(), Setup.Kind.ASYNC), most, options).workers();
    }

    private <R extends @Nullable Object> Face<Integer, R> promising(
            Setup setup, int most, Task<Integer, @Nullable Promise<R>> task) {
        return setup.library().promising(workers(setup, most), task);
    }

    private static Thread start(Runnable action) {
        Thread thread = new Thread(action, "other");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void inOtherThread(Runnable action) throws InterruptedException {
        Thread thread = start(action);
        thread.join(TimeUnit.SECONDS.toMillis(Eventually.SECONDS));
        assertThat(thread.isAlive()).as("still busy").isFalse();
    }

    private static <V> V inThread(long stack, Supplier<V> body) {
        CompletableFuture<V> future = new CompletableFuture<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        future.complete(body.get());
                    } catch (Throwable failure) {
                        future.completeExceptionally(failure);
                    }
                },
                "small",
                stack);
        thread.setDaemon(true);
        thread.start();
        try {
            return future.get(Eventually.SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("failed, or does not end", e);
        }
    }

    // ---- how many --------------------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldHaveAsManyCallsUnderWayAsAllowedWhileThereIsWork(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = setup.library().promising(3, calls::begin);

        scatterAll(function, 0, 20);
        for (int ended = 0; ended < 20; ended++) {
            assertThat(calls.begun()).isEqualTo(Math.min(20, ended + 3));
            assertThat(calls.underWay()).isEqualTo(Math.min(20 - ended, 3));
            assertThat(function.pending()).isEqualTo(Math.max(0, 20 - ended - 3));
            assertThat(calls.endNext()).isTrue();
        }

        assertThat(function.gather().await()).isEqualTo(numbers(0, 20));
        assertThat(calls.most()).isEqualTo(3);
    }

    @InEachLibrary
    void shouldReplaceTheCallThatHasEndedWhicheverItIs(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 3, calls::begin);

        scatterAll(function, 0, 6);
        Calls.Call first = calls.takeNext();
        Calls.Call second = calls.takeNext();
        calls.end(calls.takeNext());
        assertThat(calls.begun()).isEqualTo(4);
        calls.end(second);
        assertThat(calls.begun()).isEqualTo(5);
        calls.end(first);
        assertThat(calls.begun()).isEqualTo(6);

        assertThat(calls.endUntil(function.gather().subscribe())).isEqualTo(numbers(0, 6));
    }

    @InEachLibrary
    void shouldKeepToTheLimitOfSharedWorkersWhileManyThreadsEndCalls(Setup setup) {
        int tasks = 3_000;
        Calls calls = new Calls();
        Workers shared = workers(setup, 4);
        Face<Integer, Integer> one = setup.library().promising(shared, calls::begin);
        Face<Integer, Integer> other = setup.library().promising(shared, calls::begin);
        AtomicInteger ended = new AtomicInteger();

        for (int i = 0; i < 3; i++) {
            start(() -> {
                while (ended.get() < 2 * tasks) {
                    if (calls.endNext()) {
                        ended.incrementAndGet();
                    }
                }
            });
        }
        Thread producer = start(() -> scatterAll(one, 0, tasks));
        scatterAll(other, 0, tasks);
        Eventually.until("all are scattered", () -> !producer.isAlive());

        assertThat(one.gather().await()).isEqualTo(numbers(0, tasks));
        assertThat(other.gather().await()).isEqualTo(numbers(0, tasks));
        assertThat(calls.most()).isLessThanOrEqualTo(4);
        assertThat(calls.underWay()).isZero();
        assertThat(calls.begun()).isEqualTo(2 * tasks);
    }

    @InEachLibrary
    void shouldCountACallUntilItsCancelHasReturned(Setup setup) {
        Turnstile cancel = new Turnstile();
        List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
        Face<Integer, Integer> function = promising(setup, 1, i -> {
            begun.add(i);
            return i == 0 ? new Promise<Integer>().whenCancelled(cancel::passStubbornly) : Promise.of(i);
        });

        Observation<Integer> slow = function.submit(0).subscribe();
        Result<Integer> next = function.submit(1);
        Thread canceller = start(slow::cancel);
        cancel.awaitArrivals(1);
        if (setup.library() != Library.SYNC) { // which waits for a second: StubbornCancelTest (lox-sync)
            assertThat(begun).containsExactly(0);
            assertThat(next.subscribe().isOver()).isFalse();
        }

        cancel.open();
        assertThat(next.await()).isEqualTo(1);
        assertThat(begun).containsExactly(0, 1);
        Eventually.until("the canceller has returned", () -> !canceller.isAlive());
    }

    @InEachLibrary
    void shouldLetFunctionsOfTheSameWorkersTakeTurns(Setup setup) {
        Calls endless = new Calls();
        Calls few = new Calls();
        Workers shared = workers(setup, 2);
        Face<Integer, Integer> first = setup.library().promising(shared, endless::begin);
        Face<Integer, Integer> second = setup.library().promising(shared, few::begin);

        scatterAll(first, 0, 10);
        scatterAll(second, 0, 3);
        Observation<List<Integer>> gathered = second.gather().subscribe();
        Eventually.until("the second function has had its turns", () -> {
            first.scatter(0); // it never runs out of work
            endless.endNext();
            few.endNext();
            assertThat(endless.underWay() + few.underWay()).isLessThanOrEqualTo(2);
            return gathered.isOver();
        });

        assertThat(gathered.value()).isEqualTo(numbers(0, 3));
        assertThat(endless.endUntil(first.gather().subscribe())).isNotEmpty();
    }

    // ---- in which thread -------------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldCallInTheScatteringThreadAndThenInTheOneThatEndsACall(Setup setup) throws InterruptedException {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 2, calls::begin);

        scatterAll(function, 0, 3);
        Calls.Call first = calls.takeNext();
        Calls.Call second = calls.takeNext();
        assertThat(first.thread()).isSameAs(Thread.currentThread());
        assertThat(second.thread()).isSameAs(Thread.currentThread());
        AtomicReference<Thread> ending = new AtomicReference<>();
        inOtherThread(() -> {
            ending.set(Thread.currentThread());
            calls.end(first);
        });
        Calls.Call third = calls.takeNext();
        assertThat(third.thread()).isSameAs(ending.get());

        calls.end(third);
        calls.end(second);
        assertThat(function.gather().await()).isEqualTo(numbers(0, 3));
    }

    @InEachLibrary
    void shouldCallInAThreadOfItsOwnAfterACancel(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 1, calls::begin);

        Observation<Integer> first = function.submit(0).subscribe();
        Result<Integer> second = function.submit(1);
        calls.takeNext();
        first.cancel();
        calls.awaitBegun(2);
        Calls.Call next = calls.takeNext();
        assertThat(next.thread()).isNotSameAs(Thread.currentThread());
        assertThat(next.thread().getName()).startsWith("lox");

        calls.end(next);
        assertThat(second.await()).isEqualTo(1);
    }

    @InEachLibrary
    void shouldLeaveTheInterruptFlagOfTheThreadsItIsCalledIn(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 1, calls::begin);

        Thread.currentThread().interrupt();
        scatterAll(function, 0, 2);
        boolean afterScatter = Thread.interrupted();
        Thread.currentThread().interrupt();
        calls.endNext();
        boolean afterEnd = Thread.interrupted();
        calls.endNext();

        assertThat(function.gather().await()).isEqualTo(numbers(0, 2));
        assertThat(afterScatter).as("after the scatter").isTrue();
        assertThat(afterEnd).as("after the end of a call").isTrue();
    }

    /** It is for whoever scatters, not for a call that happens to be made just then. */
    @InEachLibrary
    void shouldKeepAnInterruptThatComesDuringACallForTheThreadItIsCalledIn(Setup setup) {
        Promise<Integer> pending = new Promise<>();
        AtomicBoolean seen = new AtomicBoolean();
        Face<Integer, Integer> function = promising(setup, 3, i -> {
            seen.compareAndSet(false, Thread.currentThread().isInterrupted());
            if (i < 2) {
                Thread.currentThread().interrupt();
            }
            return i == 0 ? pending : Promise.of(i);
        });

        function.scatter(0);
        boolean afterOneUnderWay = Thread.interrupted();
        function.scatter(1);
        boolean afterOneThatHasEnded = Thread.currentThread().isInterrupted();
        function.scatter(2); // whose call does not see it
        boolean afterAnother = Thread.interrupted();
        pending.succeed(0);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 3));
        assertThat(seen).isFalse();
        assertThat(afterOneUnderWay).isTrue();
        assertThat(afterOneThatHasEnded).isTrue();
        assertThat(afterAnother).isTrue();
    }

    @InEachLibrary
    void shouldLeaveTheContextClassLoaderOfTheThreadsItIsCalledIn(Setup setup) {
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        Face<Integer, Integer> function = promising(setup, 1, i -> {
            Thread.currentThread().setContextClassLoader(null);
            return Promise.of(i);
        });

        function.scatter(0);
        ClassLoader after = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(own);

        assertThat(after).isSameAs(own);
        assertThat(function.gather().await()).containsExactly(0);
    }

    // ---- how a call ends -------------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldFailWithWhatTheFunctionThrows(Setup setup) {
        IOException thrown = new IOException("on purpose");
        IOException signalled = new IOException("signalled on purpose");
        Face<Integer, Integer> function = promising(setup, 1, i -> {
            if (i == 0) {
                throw thrown;
            }
            return i == 1 ? Promise.failed(signalled) : Promise.of(i);
        });

        scatterAll(function, 0, 3);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        assertThat(failureOf(outcomes.get(0))).isSameAs(thrown);
        assertThat(failureOf(outcomes.get(1))).isSameAs(signalled);
        assertThat(outcomes.get(2)).isEqualTo(new Outcome.Success<>(2, 2));
    }

    private static Throwable failureOf(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return ((Outcome.Failure<?>) outcome).error();
    }

    @SuppressWarnings("NullAway") // against the rules
    private static Promise<Integer> nothing() {
        return null;
    }

    @InEachLibrary
    void shouldNameTheTypeItExpectsWhereTheFunctionReturnsNull(Setup setup) {
        Face<Integer, Integer> function = promising(setup, 1, i -> i == 0 ? nothing() : Promise.of(i));
        String expected = setup.library() == Library.SYNC
                ? "CompletionStage"
                : setup.library() == Library.REACTOR ? "Publisher" : "Maybe";

        scatterAll(function, 0, 2);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        assertThat(failureOf(outcomes.get(0)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining(expected);
        assertThat(outcomes.get(1)).isEqualTo(new Outcome.Success<>(1, 1));
    }

    @InEachLibrary
    void shouldCarryNullInAListAndRefuseItInAMap(Setup setup) {
        Face<Integer, @Nullable Integer> function = promising(setup, 2, i -> i == 1 ? Promise.ofNull() : Promise.of(i));

        scatterAll(function, 0, 3);
        assertThat(function.gather().await()).containsExactly(0, null, 2);
        if (setup.library().hasSubscribers()) {
            assertThat(function.map(List.of(0, 1, 2)).awaitFailure())
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("1");
        }
    }

    @InEachLibrary
    void shouldTakeTheFirstEndOfACallAlone(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 1, calls::begin);
        IOException late = new IOException("too late");

        scatterAll(function, 0, 3);
        Calls.Call first = calls.takeNext();
        calls.end(first);
        first.promise().succeed(17);
        first.promise().fail(late);
        assertThat(calls.begun()).isEqualTo(2);
        assertThat(calls.endUntil(function.gather().subscribe())).isEqualTo(numbers(0, 3));
        assertThat(calls.most()).isEqualTo(1);
        if (setup.library().hasSubscribers()) { // a CompletableFuture tells nobody of it
            assertThat(takeDropped(setup)).containsExactly(late);
        }
    }

    @InEachLibrary
    void shouldNotCountACallTwiceThatEndsAfterItsCancel(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 1, calls::begin);
        IOException late = new IOException("too late");

        Observation<Integer> first = function.submit(0).subscribe();
        Observation<Integer> second = function.submit(1).subscribe();
        Result<Integer> third = function.submit(2);
        Calls.Call cancelled = calls.takeNext();
        first.cancel();
        calls.awaitBegun(2);
        cancelled.promise().succeed(17);
        cancelled.promise().fail(late);
        assertThat(calls.begun()).isEqualTo(2);

        assertThat(calls.endUntil(second)).isEqualTo(1);
        assertThat(calls.endUntil(third.subscribe())).isEqualTo(2);
        takeDropped(setup).forEach(dropped -> assertThat(dropped).isSameAs(late));
    }

    // ---- the stack -------------------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldNeedNoMoreStackForManyCallsThatEndAtOnce(Setup setup) {
        Face<Integer, Integer> function = promising(setup, 1, Promise::of);

        List<Integer> gathered = inThread(SMALL_STACK, () -> {
            scatterAll(function, 0, MANY);
            return function.gather().await();
        });
        assertThat(gathered).isEqualTo(numbers(0, MANY));
        assertThat(inThread(SMALL_STACK, () -> function.map(numbers(0, MANY)).await()))
                .isEqualTo(numbers(0, MANY));
    }

    /** Those that wait are called one after the other, in the thread that ends the first. */
    @InEachLibrary
    void shouldNeedNoMoreStackForManyCallsThatHaveWaited(Setup setup) {
        Promise<Integer> first = new Promise<>();
        Face<Integer, Integer> function = promising(setup, 1, i -> i == 0 ? first : Promise.of(i));

        scatterAll(function, 0, MANY);
        assertThat(function.pending()).isEqualTo(MANY - 1);
        inThread(SMALL_STACK, () -> {
            first.succeed(0);
            return true;
        });

        assertThat(function.pending()).isZero();
        assertThat(function.gather().await()).isEqualTo(numbers(0, MANY));
    }

    /** Each call ends the one before, which is another lane's. */
    @InEachLibrary
    void shouldNeedNoMoreStackForCallsThatEndOneAnother(Setup setup) {
        AtomicReference<@Nullable Promise<Integer>> previous = new AtomicReference<>();
        Face<Integer, Integer> function = promising(setup, 2, i -> {
            Promise<Integer> own = i == MANY - 1 ? Promise.of(i) : new Promise<>();
            Promise<Integer> before = previous.getAndSet(own);
            if (before != null) {
                before.succeed(i - 1);
            }
            return own;
        });

        List<Integer> gathered = inThread(SMALL_STACK, () -> {
            scatterAll(function, 0, MANY);
            return function.gather().await();
        });
        assertThat(gathered).isEqualTo(numbers(0, MANY));
    }

    @InEachLibrary
    void shouldLetAFunctionScatterToItself(Setup setup) throws InterruptedException {
        AtomicReference<@Nullable Face<Integer, Integer>> self = new AtomicReference<>();
        AtomicInteger called = new AtomicInteger();
        Workers workers = workers(setup, 2);
        Face<Integer, Integer> crawl = setup.library().promising(workers, i -> {
            called.incrementAndGet();
            if (i < MANY) {
                Objects.requireNonNull(self.get()).scatter(i + 1);
            }
            return Promise.of(i);
        });
        self.set(crawl);

        inThread(SMALL_STACK, () -> crawl.scatter(1));
        workers.shutdown();
        assertThat(workers.awaitTermination(Duration.ofSeconds(Eventually.SECONDS)))
                .isTrue();
        assertThat(called).hasValue(MANY);
    }

    @InEachLibrary
    void shouldLetFunctionsOfDifferentWorkersScatterToEachOther(Setup setup) throws InterruptedException {
        AtomicReference<@Nullable Face<Integer, Integer>> odd = new AtomicReference<>();
        AtomicReference<@Nullable Face<Integer, Integer>> even = new AtomicReference<>();
        AtomicInteger called = new AtomicInteger();
        Function<AtomicReference<@Nullable Face<Integer, Integer>>, Task<Integer, @Nullable Promise<Integer>>> to =
                other -> i -> {
                    called.incrementAndGet();
                    if (i < MANY) {
                        Objects.requireNonNull(other.get()).scatter(i + 1);
                    }
                    return Promise.of(i);
                };
        Workers ofOdd = workers(setup, 1);
        Workers ofEven = workers(setup, 1);
        odd.set(setup.library().promising(ofOdd, to.apply(even)));
        even.set(setup.library().promising(ofEven, to.apply(odd)));

        inThread(SMALL_STACK, () -> Objects.requireNonNull(odd.get()).scatter(1));
        Eventually.until("all are called", () -> called.get() == MANY);
        for (Workers workers : List.of(ofOdd, ofEven)) {
            workers.shutdown();
            assertThat(workers.awaitTermination(Duration.ofSeconds(Eventually.SECONDS)))
                    .isTrue();
        }
    }

    /** Each call waits for the result of the next one. */
    @InEachLibrary
    void shouldLetAFunctionWaitForItsOwnResults(Setup setup) {
        int depth = 5_000;
        AtomicReference<@Nullable Face<Integer, Integer>> self = new AtomicReference<>();
        Face<Integer, Integer> descend = promising(setup, depth + 1, i -> {
            if (i == 0) {
                return Promise.of(0);
            }
            Promise<Integer> above = new Promise<>();
            Objects.requireNonNull(self.get()).submit(i - 1).subscribe(below -> above.succeed(below + 1));
            return above;
        });
        self.set(descend);

        assertThat(inThread(SMALL_STACK, () -> descend.submit(depth).await())).isEqualTo(depth);
        assertThat(inThread(SMALL_STACK, () -> descend.submit(depth).await())).isEqualTo(depth);
    }

    // ---- chains ----------------------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldBePartOfAChain(Setup setup) {
        Library library = setup.library();
        Face<Integer, Integer> chain = function(new Setup(library, Setup.Kind.ASYNC), 3, (Integer i) -> i + 1)
                .then(function(new Setup(library, Setup.Kind.THREADS), 2, i -> i * 2))
                .then(function(new Setup(library, Setup.Kind.ASYNC), 2, i -> i + 1))
                .then(function(new Setup(library, Setup.Kind.PROCESSES), 1, i -> i * 10));
        List<Integer> expected =
                numbers(0, 60).stream().map(i -> ((i + 1) * 2 + 1) * 10).toList();

        scatterAll(chain, 0, 60);
        assertThat(chain.gather().await()).isEqualTo(expected);
        assertThat(chain.map(numbers(0, 60)).await()).isEqualTo(expected);
    }

    @InEachLibrary
    void shouldKeepToTheLimitsOfAChainOfSuchFunctions(Setup setup) {
        int tasks = 500;
        Calls first = new Calls();
        Calls second = new Calls();
        Face<Integer, Integer> chain = setup.library()
                .promising(workers(setup, 3, options -> options.queueLimit(5)), first::begin)
                .then(setup.library().promising(workers(setup, 2, options -> options.queueLimit(1)), second::begin));
        Thread producer = start(() -> scatterAll(chain, 0, tasks));

        Eventually.until("all are scattered", () -> {
            first.endNext();
            second.endNext();
            return !producer.isAlive();
        });
        Observation<List<Integer>> gathered = chain.gather().subscribe();
        Eventually.until("all have ended", () -> {
            first.endNext();
            second.endNext();
            return gathered.isOver();
        });

        assertThat(gathered.value()).isEqualTo(numbers(0, tasks));
        assertThat(first.most()).isLessThanOrEqualTo(3);
        assertThat(second.most()).isLessThanOrEqualTo(2);
    }

    @InEachLibrary
    void shouldCancelACallOfALaterFunction(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> chain = promising(setup, 1, Promise::of).then(promising(setup, 2, calls::begin));

        scatterAll(chain, 0, 5);
        Observation<List<Integer>> gathered = chain.gather().subscribe();
        calls.awaitBegun(2);
        gathered.cancel();
        Eventually.until("the calls are cancelled", () -> calls.cancelled() == 2);

        scatterAll(chain, 5, 9);
        assertThat(calls.endUntil(chain.gather().subscribe())).isEqualTo(numbers(5, 9));
        assertThat(calls.begun()).isEqualTo(2 + 4);
    }

    // ---- ends from outside -----------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldCancelTheCallsThatAreUnderWayAndNoOthers(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 3, calls::begin);

        scatterAll(function, 0, 10);
        calls.endNext();
        Calls.Call ended = calls.takeNext();
        calls.end(ended);
        Observation<List<Integer>> gathered = function.gather().subscribe();
        Observation<Integer> other = function.submit(10).subscribe(); // of no gather
        gathered.cancel();

        Eventually.until("three are cancelled", () -> calls.cancelled() == 3);
        assertThat(ended.promise().isCancelled()).isFalse();
        assertThat(calls.endUntil(other)).isEqualTo(10);
        scatterAll(function, 11, 20);
        assertThat(calls.endUntil(function.gather().subscribe())).isEqualTo(numbers(11, 20));
        assertThat(calls.begun()).isEqualTo(5 + 1 + 9);
        assertThat(calls.cancelled()).isEqualTo(3);
        assertThat(calls.most()).isEqualTo(3);
    }

    @InEachLibrary
    void shouldCancelTheCallsOfAMap(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 3, calls::begin);

        Observation<List<Integer>> mapped =
                function.map(numbers(0, 100), Mapped.ahead(3)).subscribe();
        calls.awaitBegun(3);
        calls.endNext();
        calls.awaitBegun(4);
        mapped.cancel();

        Eventually.until("three are cancelled", () -> calls.cancelled() == 3);
        assertThat(calls.endUntil(function.map(numbers(0, 10)).subscribe())).isEqualTo(numbers(0, 10));
        assertThat(calls.begun()).isEqualTo(4 + 10);
        assertThat(calls.most()).isEqualTo(3);
    }

    @InEachLibrary
    void shouldTakeFourForEachCallAtOnceByDefault(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 3, calls::begin);
        Numbers source = new Numbers(100);

        Observation<List<Integer>> mapped = function.map(source).subscribe();
        calls.awaitBegun(3);
        Calls.Call head = calls.takeNext();
        Eventually.until("all but the head have ended", () -> {
            while (calls.endNext()) {
                Thread.onSpinWait();
            }
            return calls.begun() == 12 && calls.underWay() == 1;
        });
        assertThat(source.taken).hasValue(12);
        calls.end(head);

        assertThat(calls.endUntil(mapped)).isEqualTo(numbers(0, 100));
        assertThat(calls.most()).isEqualTo(3);
    }

    /** Against the rules of Reactor and RxJava, but a source of one's own may do it. */
    @InEachLibrary
    @SuppressWarnings("NullAway") // on purpose
    void shouldFailWhereNullIsSignalledInsteadOfAFailure(Setup setup) {
        if (setup.library() == Library.SYNC) {
            return; // CompletableFuture refuses null itself
        }
        Promise<Integer> broken = new Promise<>();
        broken.fail(null);
        Face<Integer, Integer> function = promising(setup, 1, i -> broken);

        function.scatter(0);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        assertThat(outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failure -> assertThat(failure.error())
                                .isInstanceOf(NullPointerException.class)
                                .hasMessageEndingWith("signalled null instead of its failure"));
    }

    /** The calls that are under way when another one fails are nobody's any more. */
    @InEachLibrary
    void shouldCancelTheOtherCallsOfAGatherThatFails(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 3, calls::begin);
        IOException failure = new IOException("on purpose");

        scatterAll(function, 0, 10);
        Observation<List<Integer>> gathered = function.gather().subscribe();
        calls.takeNext().promise().fail(failure);

        assertThat(setup.library().failureOfTask(gathered.failure())).isSameAs(failure);
        Eventually.until("two are cancelled", () -> calls.cancelled() == 2);
        scatterAll(function, 10, 20);
        Observation<List<Integer>> later = function.gather().subscribe();
        assertThat(calls.endUntil(later)).isEqualTo(numbers(10, 20));
        assertThat(calls.begun()).isEqualTo(3 + 10);
    }

    @InEachLibrary
    void shouldCancelWhatIsUnderWayWhenTheWorkersAreClosed(Setup setup) throws InterruptedException {
        Calls calls = new Calls();
        Workers workers = workers(setup, 3);
        Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);

        scatterAll(function, 0, 10);
        Observation<List<Integer>> gathered = function.gather().subscribe();
        Observation<Integer> submitted = function.submit(10).subscribe();
        workers.close();

        assertThat(gathered.failure()).isInstanceOf(CancellationException.class).hasMessageContaining("closed");
        assertThat(submitted.failure()).isInstanceOf(CancellationException.class);
        assertThat(workers.awaitTermination(Duration.ofSeconds(Eventually.SECONDS)))
                .isTrue();
        assertThat(calls.begun()).isBetween(3, 4); // the submitted one may begin before it is cancelled, too
        assertThat(calls.cancelled()).isEqualTo(calls.begun());
        assertThat(calls.underWay()).isZero();
        assertThatThrownBy(() -> function.scatter(1)).hasMessageContaining("closed");
    }

    @InEachLibrary
    void shouldLetWhatIsUnderWayEndAfterAShutdown(Setup setup) throws InterruptedException {
        Calls calls = new Calls();
        Workers workers = workers(setup, 2);
        Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);

        scatterAll(function, 0, 5);
        Observation<List<Integer>> gathered = function.gather().subscribe();
        workers.shutdown();
        assertThat(workers.awaitTermination(SOON)).isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(workers.isTerminated()).isFalse();
            assertThat(calls.endNext()).isTrue();
        }

        assertThat(gathered.value()).isEqualTo(numbers(0, 5));
        assertThat(workers.awaitTermination(Duration.ofSeconds(Eventually.SECONDS)))
                .isTrue();
        assertThatThrownBy(() -> function.scatter(1)).hasMessageContaining("shut down");
    }

    @InEachLibrary
    void shouldCancelACallThatTakesTooLongAndGoOn(Setup setup) {
        Promise<Integer> slow = new Promise<>();
        Face<Integer, Integer> function = setup.library()
                .promising(
                        workers(setup, 1, options -> options.taskTimeout(LATER_THAN_A_STALL)),
                        i -> i == 0 ? slow : Promise.of(i));

        scatterAll(function, 0, 3);
        List<Outcome<Integer>> outcomes = function.gatherSettled().await();

        assertThat(failureOf(outcomes.get(0))).isInstanceOf(TaskTimeoutException.class);
        assertThat(outcomes.subList(1, 3)).isEqualTo(List.of(new Outcome.Success<>(1, 1), new Outcome.Success<>(2, 2)));
        assertThat(slow.isCancelled()).isTrue();
    }

    // ---- retries ---------------------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldCallAgainAfterAFailure(Setup setup) {
        assertRetried(setup, RetryPolicy.times(2), new AtomicInteger());
    }

    @InEachLibrary
    void shouldCallAgainLaterAfterAFailure(Setup setup) {
        assertRetried(
                setup, RetryPolicy.times(2).backoff(Duration.ofMillis(2), Duration.ofMillis(4)), new AtomicInteger());
    }

    private void assertRetried(Setup setup, RetryPolicy policy, AtomicInteger attempts) {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Face<Integer, Integer> function = setup.library()
                .promising(workers(setup, 1, options -> options.retry(policy)), i -> {
                    if (i != 0) {
                        return Promise.of(i);
                    }
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    int attempt = attempts.incrementAndGet();
                    if (attempt % 3 == 1) {
                        underWay.decrementAndGet();
                        throw new IOException("attempt " + attempt);
                    }
                    Promise<Integer> promise = new Promise<>();
                    start(() -> {
                        underWay.decrementAndGet();
                        if (attempt % 3 == 2) {
                            promise.fail(new IOException("attempt " + attempt));
                        } else {
                            promise.succeed(attempt);
                        }
                    });
                    return promise;
                });

        scatterAll(function, 0, 3);
        assertThat(function.gather().await()).containsExactly(3, 1, 2);
        assertThat(function.map(List.of(3, 0, 4)).await()).containsExactly(3, 6, 4);
        assertThat(attempts).hasValue(6);
        assertThat(most).hasValue(1);
    }

    @InEachLibrary
    void shouldHoldNoPlaceBetweenTwoAttempts(Setup setup) {
        Calls calls = new Calls();
        RetryPolicy policy = RetryPolicy.times(1).backoff(Duration.ofDays(1), Duration.ofDays(1));
        Face<Integer, Integer> function =
                setup.library().promising(workers(setup, 1, options -> options.retry(policy)), calls::begin);

        Observation<Integer> waiting = function.submit(0).subscribe();
        calls.takeNext().promise().fail(new IOException("on purpose"));
        assertThat(calls.endUntil(function.submit(1).subscribe())).isEqualTo(1);
        assertThat(waiting.isOver()).isFalse();
        waiting.cancel();
    }

    // ---- waiting where that must not be ----------------------------------------------------------------------------

    @InEachLibrary
    void shouldRefuseToWaitInAFunctionForItsOwnWorkers(Setup setup) {
        if (setup.library() == Library.RXJAVA) {
            return; // blockingGet is RxJava's own
        }
        Workers workers = workers(setup, 2);
        Face<Integer, Integer> inner = setup.library().promising(workers, Promise::of);
        AtomicReference<@Nullable Supplier<List<Integer>>> gathering = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> refusal = new AtomicReference<>();
        Face<Integer, Integer> outer = setup.library().promising(workers, i -> {
            inner.scatter(i);
            Supplier<List<Integer>> gather = setup.library().gatheringHere(inner);
            gathering.set(gather);
            try {
                assertThat(gather.get()).isNull(); // it throws
            } catch (IllegalStateException refused) {
                refusal.set(refused);
            }
            return Promise.of(i + 1);
        });

        outer.scatter(5);
        assertThat(outer.gather().await()).containsExactly(6);
        assertThat(refusal.get()).isInstanceOf(IllegalStateException.class);
        assertThat(Objects.requireNonNull(gathering.get()).get()).containsExactly(5);
        scatterAll(inner, 0, 10);
        assertThat(inner.gather().await()).isEqualTo(numbers(0, 10));
    }

    @InEachLibrary
    void shouldRefuseACallThatWouldWaitForItsOwnWorkers(Setup setup) {
        Workers workers = workers(setup, 2);
        Face<Integer, Integer> inner = setup.library().promising(workers, Promise::of);
        Face<Integer, Integer> outer = setup.library().promising(workers, i -> Promise.of(inner.call(i)));

        assertThat(setup.library().failureOfTask(outer.submit(1).awaitFailure()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(inner.submit(2).await()).isEqualTo(2);
    }

    @InEachLibrary
    void shouldWaitInACall(Setup setup) throws InterruptedException {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 1, calls::begin);
        CompletableFuture<Integer> called = new CompletableFuture<>();

        start(() -> called.complete(function.call(7)));
        calls.awaitBegun(1);
        assertThat(called).isNotDone();
        calls.endNext();

        Eventually.until("the call has returned", called::isDone);
        assertThat(called).isCompletedWithValue(7);
    }

    @InEachLibrary
    void shouldThrowWhatACallFailsWith(Setup setup) {
        IllegalArgumentException failure = new IllegalArgumentException("on purpose");
        Face<Integer, Integer> function = promising(setup, 1, i -> i == 0 ? Promise.failed(failure) : nothing());

        assertThatThrownBy(() -> function.call(0)).isSameAs(failure);
        assertThatThrownBy(() -> function.call(1)).isInstanceOf(NullPointerException.class);
    }

    @InEachLibrary
    void shouldCancelACallWhoseThreadIsInterrupted(Setup setup) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = promising(setup, 1, calls::begin);
        Thread caller = start(() -> {
            try {
                function.call(7);
            } catch (Throwable expected) {
                assertThat(expected).isNotNull();
            }
        });
        calls.awaitBegun(1);
        caller.interrupt();

        Eventually.until("the call has returned", () -> !caller.isAlive());
        assertThat(calls.cancelled()).isEqualTo(1);
    }

    // ---- arguments -------------------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldTakeOnlyWorkersOfItsKind(Setup setup) {
        Library library = setup.library();
        Workers async = workers(setup, 1);
        Workers threads = open(setup, 1).workers();

        assertThatIllegalArgumentException().isThrownBy(() -> library.on(async, (Integer i) -> i));
        assertThatIllegalArgumentException().isThrownBy(() -> library.on(async, (Integer i, Integer k) -> i + k));
        assertThatIllegalArgumentException().isThrownBy(() -> library.promising(threads, Promise::of));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> library.promising(Workers.inline().build(), Promise::of));
        assertThatIllegalArgumentException().isThrownBy(() -> library.promising(0, Promise::of));
        assertThatIllegalArgumentException().isThrownBy(() -> library.promising(-1, Promise::of));
    }

    @Test
    void shouldRefuseWorkersWithoutAPlace() {
        assertThatIllegalArgumentException().isThrownBy(() -> Workers.async(0)).withMessageContaining("0");
        assertThatIllegalArgumentException().isThrownBy(() -> Workers.async(-1));
    }
}
