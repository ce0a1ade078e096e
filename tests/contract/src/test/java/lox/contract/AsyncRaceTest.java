package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import lox.sync.Outcome;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Calls of functions that do not block, which end, are cancelled, take too long and are closed at the same time. Each result comes once,
 * no call stays under way, and later work has all the places.
 */
class AsyncRaceTest extends ContractTest {
    private static final int ROUNDS = 400;

    private Workers workers(Setup setup, int most) {
        return workers(setup, most, options -> options);
    }

    private Workers workers(Setup setup, int most, UnaryOperator<Workers.Builder> options) {
        return open(new Setup(setup.library(), Setup.Kind.ASYNC), most, options).workers();
    }

    private static Thread start(Runnable action) {
        Thread thread = new Thread(action, "other");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Begins both at the same time, one of them in another thread, and waits for both. */
    private static void together(Runnable one, Runnable other) throws Exception {
        CyclicBarrier begin = new CyclicBarrier(2);
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = start(() -> {
            try {
                begin.await(Eventually.SECONDS, TimeUnit.SECONDS);
                other.run();
            } catch (Throwable failure) {
                thrown.set(failure);
            }
        });
        begin.await(Eventually.SECONDS, TimeUnit.SECONDS);
        one.run();
        Eventually.until("the other one has returned", () -> !thread.isAlive());
        assertThat(thrown.get()).isNull();
    }

    /** That all places are free: so many calls can be under way at once, and end. */
    private static void assertFree(Setup setup, Workers workers, int most) {
        Calls calls = new Calls();
        Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);
        scatterAll(function, 0, 2 * most);
        calls.awaitBegun(most);
        assertThat(calls.endUntil(function.gather().subscribe())).isEqualTo(numbers(0, 2 * most));
        assertThat(calls.most()).isEqualTo(most);
    }

    @InEachLibrary
    void shouldEndOnceWhereACancelMeetsTheEnd(Setup setup) throws Exception {
        Workers workers = workers(setup, 3);
        Calls calls = new Calls();
        Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);

        for (int round = 0; round < ROUNDS; round++) {
            List<Observation<Integer>> observed = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                observed.add(function.submit(i).subscribe());
            }
            together(
                    () -> {
                        for (int i = 0; i < 5; i++) {
                            calls.endNext();
                        }
                    },
                    () -> observed.forEach(Observation::cancel));
            Eventually.until("no call is under way", () -> {
                calls.endNext();
                return calls.underWay() == 0 && function.pending() == 0;
            });
        }

        assertThat(calls.most()).isLessThanOrEqualTo(3);
        assertFree(setup, workers, 3);
    }

    @InEachLibrary
    void shouldEndOnceWhereACancelOfAGatherMeetsTheEnds(Setup setup) throws Exception {
        Workers workers = workers(setup, 3);
        Calls calls = new Calls();
        Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);

        for (int round = 0; round < ROUNDS / 4; round++) {
            scatterAll(function, 0, 8);
            Observation<List<Integer>> gathered = function.gather().subscribe();
            int ends = round % 10;
            together(
                    () -> {
                        for (int i = 0; i < ends; i++) {
                            calls.endNext();
                        }
                    },
                    gathered::cancel);
            Eventually.until("no call is under way", () -> {
                calls.endNext();
                return calls.underWay() == 0 && function.pending() == 0;
            });
            assertThat(calls.endUntil(function.submit(17).subscribe())).isEqualTo(17);
        }

        assertThat(calls.most()).isLessThanOrEqualTo(3);
        assertFree(setup, workers, 3);
    }

    @InEachLibrary
    void shouldEndOnceWhereATimeoutMeetsTheEnd(Setup setup) {
        Workers workers = workers(setup, 3, options -> options.taskTimeout(Duration.ofMillis(1)));
        Calls calls = new Calls();
        Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);
        AtomicBoolean over = new AtomicBoolean();
        Thread ending = start(() -> {
            while (!over.get()) {
                calls.endNext();
                Thread.onSpinWait();
            }
        });

        for (int round = 0; round < 20; round++) {
            scatterAll(function, 0, 50);
            List<Outcome<Integer>> outcomes = function.gatherSettled().await();
            assertThat(outcomes).hasSize(50);
            for (Outcome<Integer> outcome : outcomes) {
                if (outcome instanceof Outcome.Success<Integer> success) {
                    assertThat(success.value()).isEqualTo(success.index());
                } else {
                    assertThat(((Outcome.Failure<Integer>) outcome).error()).isInstanceOf(TaskTimeoutException.class);
                }
            }
        }

        over.set(true);
        Eventually.until("nobody ends calls any more", () -> !ending.isAlive());
        Eventually.until("no call is under way", () -> calls.underWay() == 0);
        assertThat(calls.most()).isLessThanOrEqualTo(3);
        assertThat(calls.begun()).isLessThanOrEqualTo(20 * 50); // some may be over before they are subscribed to
    }

    @InEachLibrary
    void shouldEndOnceWhereACloseMeetsTheEnds(Setup setup) throws Exception {
        for (int round = 0; round < ROUNDS / 4; round++) {
            Workers workers = Workers.async(2).build();
            Calls calls = new Calls();
            Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);
            scatterAll(function, 0, 6);
            Observation<List<Integer>> gathered = function.gather().subscribe();
            List<Observation<Integer>> submitted = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                submitted.add(function.submit(i).subscribe());
            }
            int ends = round % 10;
            together(
                    () -> {
                        for (int i = 0; i < ends; i++) {
                            calls.endNext();
                        }
                    },
                    workers::close);

            assertThat(workers.awaitTermination(Duration.ofSeconds(Eventually.SECONDS)))
                    .isTrue();
            assertThat(calls.underWay()).isZero();
            gathered.failureOrNull(); // one or the other
            submitted.forEach(Observation::failureOrNull);
        }
    }

    /** What one thread stores while another one is about to claim the slot before it must not be left lying. */
    @InEachLibrary
    void shouldRunEachTaskOnceWhereThreadsStoreAtTheSameTime(Setup setup) throws Exception {
        int each = 40;
        for (int round = 0; round < ROUNDS / 2; round++) {
            int most = 1 + round % 3;
            int later = round % 4; // of this many, one ends in another thread; 0 for none
            Workers workers = Workers.async(most).build();
            AtomicInteger underWay = new AtomicInteger();
            AtomicInteger exceeded = new AtomicInteger();
            Face<Integer, Integer> function = setup.library().promising(workers, i -> {
                if (underWay.incrementAndGet() > most) {
                    exceeded.incrementAndGet();
                }
                underWay.decrementAndGet();
                return later > 0 && i % (4 * later) == 0 ? ended(i) : Promise.of(i);
            });
            Face<Integer, Integer> other = setup.library().promising(workers, Promise::of);
            together(
                    () -> {
                        scatterAll(function, 0, each);
                        scatterAll(other, 0, each);
                    },
                    () -> {
                        scatterAll(function, each, 2 * each);
                        assertThat(other.submit(17).subscribe().value()).isEqualTo(17);
                    });

            assertThat(function.gather().await()).containsExactlyInAnyOrderElementsOf(numbers(0, 2 * each));
            assertThat(other.gather().await()).isEqualTo(numbers(0, each));
            assertThat(exceeded.get()).isZero();
            workers.shutdown();
            assertThat(workers.awaitTermination(Duration.ofSeconds(Eventually.SECONDS)))
                    .isTrue();
        }
    }

    /** A call that is made while the workers are closed is found by the closing thread, or finds them closed. */
    @InEachLibrary
    void shouldLeaveNoCallUnderWayThatIsMadeDuringAClose(Setup setup) throws Exception {
        for (int round = 0; round < ROUNDS / 2; round++) {
            Workers workers = Workers.async(2).build();
            Calls calls = new Calls();
            Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);
            together(
                    () -> {
                        try {
                            scatterAll(function, 0, 2);
                            function.gather().subscribe().failureOrNull();
                        } catch (RejectedExecutionException closed) {
                            assertThat(workers.isShutdown()).isTrue();
                        }
                    },
                    workers::close);

            Eventually.until("no call is under way", () -> calls.underWay() == 0);
        }
    }

    @InEachLibrary
    void shouldCancelThousandsAtOnce(Setup setup) {
        int many = 2_000;
        Workers workers = workers(setup, many);
        Calls calls = new Calls();
        Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);
        int threads = Thread.activeCount();

        scatterAll(function, 0, 2 * many);
        assertThat(calls.underWay()).isEqualTo(many);
        assertThat(Thread.activeCount()).as("threads").isLessThan(threads + 100);
        Observation<List<Integer>> gathered = function.gather().subscribe();
        gathered.cancel();
        Eventually.until("all are cancelled", () -> calls.cancelled() == many);
        assertThat(calls.underWay()).isZero();
        assertThat(Thread.activeCount()).as("threads").isLessThan(threads + 100);

        assertFree(setup, workers, many);
        assertThat(calls.begun()).isEqualTo(many);
    }

    @InEachLibrary
    void shouldCancelACallThatIsBeingMade(Setup setup) {
        Workers workers = workers(setup, 1);
        AtomicReference<@Nullable Observation<?>> mine = new AtomicReference<>();
        Calls calls = new Calls();
        AtomicReference<@Nullable Promise<Integer>> first = new AtomicReference<>();
        Face<Integer, Integer> function = setup.library().promising(workers, i -> {
            if (i == 0) {
                Promise<Integer> promise = new Promise<>();
                first.set(promise);
                return promise;
            }
            Runnable cancel = () -> Objects.requireNonNull(mine.get()).cancel();
            if (i == 1) { // in the function itself
                cancel.run();
            }
            return calls.beginSeen(i, i == 2 ? cancel : () -> {});
        });

        for (int i = 1; i <= 2; i++) {
            Observation<Integer> before = function.submit(0).subscribe();
            mine.set(function.submit(i).subscribe());
            Objects.requireNonNull(first.get()).succeed(0);
            assertThat(before.value()).isZero();
            assertFree(setup, workers, 1);
        }
        // a stage is under way as soon as it is there; a publisher that has not been subscribed to is not
        assertThat(calls.cancelled()).isEqualTo(setup.library().hasSubscribers() ? 1 : 2);
        assertThat(calls.underWay()).isZero();
    }

    /** Goes down to the end of the stack, and ends the call on the way back, so many levels above it. */
    private static final class Dive {
        private final Runnable operation;
        private final int offset;
        private boolean called;

        Dive(int offset, Runnable operation) {
            this.operation = operation;
            this.offset = offset;
        }

        int down() {
            int height;
            try {
                height = offset < 0 ? 0 : down() + 1;
            } catch (StackOverflowError end) {
                height = 0;
            }
            if (height == offset && !called) {
                called = true;
                try {
                    operation.run();
                } catch (StackOverflowError overflow) {
                    assertThat(overflow).isNotNull();
                }
            }
            return height;
        }
    }

    @InEachLibrary
    void shouldGoOnAfterAnEndAtTheEndOfTheStack(Setup setup) throws Exception {
        Workers workers = workers(setup, 1);
        List<Promise<Integer>> promises = new CopyOnWriteArrayList<>();
        Face<Integer, Integer> function = setup.library().promising(workers, i -> {
            Promise<Integer> promise = new Promise<>();
            promises.add(promise);
            return promise;
        });
        for (int i = 0; i < 3; i++) { // classes are loaded before the stack is short
            Observation<Integer> one = function.submit(0).subscribe();
            promises.remove(0).succeed(1);
            assertThat(one.value()).isEqualTo(1);
        }

        // a CompletableFuture keeps an overflow in its own code to itself, and forgets what depends on it
        int from = setup.library() == Library.SYNC ? 250 : 0;
        for (int offset = from; offset < 3_000; offset += offset < 100 ? 1 : 1 + offset / 20) {
            String what = offset + " frames above the end";
            scatterAll(function, 0, 2);
            Eventually.until("the first call, " + what, () -> !promises.isEmpty()); // a lane may still be leaving
            Promise<Integer> first = promises.remove(0);
            Dive dive = new Dive(offset, () -> first.succeed(1));
            Thread thread = new Thread(null, dive::down, "small", 160 << 10);
            thread.start();
            Eventually.until("the thread has ended", () -> !thread.isAlive());
            first.succeed(1); // if it was not to be, for want of stack
            Observation<List<Outcome<Integer>>> outcomes =
                    function.gatherSettled().subscribe();
            Eventually.until("the next call, or its overflow, " + what, () -> {
                if (!promises.isEmpty()) {
                    promises.remove(0).succeed(2);
                }
                return outcomes.isOver();
            });
            assertThat(outcomes.value())
                    .as(what)
                    .hasSize(2)
                    .allMatch(outcome -> outcome instanceof Outcome.Success<Integer>
                            || ((Outcome.Failure<Integer>) outcome).error() instanceof StackOverflowError);
        }
        takeDropped(setup); // the thread's stack overflow may be a failure of some call
    }

    @InEachLibrary
    void shouldNotHangForAFunctionThatBlocks(Setup setup) throws Exception {
        Workers workers = workers(setup, 2);
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> blocking = setup.library().promising(workers, i -> {
            turnstile.pass();
            return Promise.of(i);
        });
        Face<Integer, Integer> quick = setup.library().promising(workers, Promise::of);

        Thread held = start(() -> blocking.scatter(0));
        turnstile.awaitArrivals(1);
        scatterAll(quick, 0, 100);
        assertThat(quick.gather().await()).isEqualTo(numbers(0, 100));

        turnstile.open();
        Eventually.until("the function has returned", () -> !held.isAlive());
        assertThat(blocking.gather().await()).containsExactly(0);
        assertFree(setup, workers, 2);
    }

    /** A failure of one call among many that end at the same time: the others are cancelled or have ended. */
    @InEachLibrary
    void shouldEndOnceWhereAFailureMeetsTheEnds(Setup setup) throws Exception {
        Workers workers = workers(setup, 4);
        Calls calls = new Calls();
        Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);
        IOException failure = new IOException("on purpose");

        for (int round = 0; round < ROUNDS / 4; round++) {
            scatterAll(function, 0, 12);
            Observation<List<Integer>> gathered = function.gather().subscribe();
            Calls.Call failing = calls.takeNext();
            together(
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            calls.endNext();
                        }
                    },
                    () -> failing.promise().fail(failure));
            Eventually.until("the gather has ended", () -> {
                calls.endNext();
                return gathered.isOver();
            });
            assertThat(setup.library().failureOfTask(gathered.failure())).isSameAs(failure);
            Eventually.until("nothing waits", () -> function.pending() == 0);
            takeDropped(setup);
        }
        // the failing calls have been taken from the count's sight
        assertFree(setup, workers, 4);
    }

    /** What subscribes to a result may wait for other Workers: the lanes that it waits for must not wait for its thread. */
    @InEachLibrary
    void shouldNotHangWhereASubscriberWaitsForOtherWorkers(Setup setup) throws Exception {
        Promise<Integer> awaited = new Promise<>();
        Face<Integer, Integer> first = setup.library().promising(workers(setup, 1), i -> awaited);
        Face<Integer, Integer> second = setup.library().promising(workers(setup, 1), AsyncRaceTest::ended);
        CompletableFuture<List<Integer>> nested = new CompletableFuture<>();

        Observation<Integer> observed = first.submit(1).subscribe(value -> {
            scatterAll(second, 0, 3);
            nested.complete(setup.library().gatheringHere(second).get());
        });

        start(() -> awaited.succeed(1));
        assertThat(observed.value()).isEqualTo(1);
        assertThat(nested.get(Eventually.SECONDS, TimeUnit.SECONDS)).isEqualTo(numbers(0, 3));
    }

    /** Ends in another thread. */
    private static Promise<Integer> ended(Integer i) {
        Promise<Integer> promise = new Promise<>();
        start(() -> promise.succeed(i));
        return promise;
    }
}
