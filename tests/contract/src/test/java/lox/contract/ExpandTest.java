package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;

/** {@code expand}: from seeds until nothing is left. */
class ExpandTest extends ContractTest {
    private static final List<Integer> NONE = List.of();

    /** From 1, a tree in which the breadth-first order is that of the numbers. */
    private static List<Integer> childrenUpTo(int most, int of) {
        return IntStream.rangeClosed(2 * of, 2 * of + 1)
                .filter(n -> n <= most)
                .boxed()
                .toList();
    }

    @OnAllWorkers
    void shouldRunWhatResultsLeadToUntilNothingIsLeft(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        function.scatter(-1);

        int most = rounds(setup, 3_000);
        assertThat(function.expand(List.of(1), i -> childrenUpTo(most, i)).await())
                .isEqualTo(numbers(1, most + 1));

        assertThat(function.gather().await()).as("the function's own batch").containsExactly(-1);
        assertThat(function.pending()).isZero();
    }

    @OnAllWorkers
    void shouldRunTheSeedsAlone(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i * 10);
        assertThat(function.expand(List.of(), i -> List.of(i)).await()).isEmpty();
        assertThat(function.expand(List.of(3, 1, 2), i -> NONE).await()).containsExactly(30, 10, 20);
    }

    /** A level is not waited for, and the order does not depend on who ends first. */
    @OnConcurrentWorkers
    void shouldGoOnBesideASlowOneAndKeepTheOrder(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger deepest = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                turnstile.pass();
            }
            return i;
        });

        Observation<List<Integer>> all = function.expand(List.of(0, 10), i -> {
                    deepest.accumulateAndGet(i, Math::max);
                    return i == 0 ? List.of(1, 2) : i == 1 ? List.of(3) : i >= 10 && i < 15 ? List.of(i + 1) : NONE;
                })
                .subscribe();
        turnstile.awaitArrivals(1);
        Eventually.until("five levels are through", () -> deepest.get() == 15);
        assertThat(all.isOver()).isFalse();
        turnstile.open();

        assertThat(all.value()).containsExactly(0, 10, 1, 2, 11, 3, 12, 13, 14, 15);
    }

    @OnAllWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldPassNullOn(Setup setup) {
        Face<@Nullable Integer, @Nullable Integer> function = function(setup, 2, i -> i == null ? 1 : null);

        List<@Nullable Integer> results = function.expand(
                        Collections.singletonList(null), result -> result == null ? List.of() : List.of(2, 3))
                .await();

        assertThat(results).isEqualTo(Arrays.asList(1, null, null));
    }

    @OnConcurrentWorkers
    void shouldFailWithTheFirstFailureAndCancelTheRest(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger started = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            started.incrementAndGet();
            if (i == 0) {
                turnstile.pass();
            }
            if (i == 2) {
                turnstile.awaitArrivals(1);
                throw new IOException("planned");
            }
            return i;
        });

        Throwable failure = function.expand(List.of(0, 1), i -> i == 1 ? List.of(2, 3, 4) : NONE)
                .awaitFailure();

        assertThat(setup.library().failureOfTask(failure))
                .isInstanceOf(IOException.class)
                .hasMessage("planned");
        turnstile.awaitInterrupts(1);
        assertThat(function.gather(List.of(7)).await()).containsExactly(7);
        assertThat(started).hasValueLessThanOrEqualTo(6);
    }

    @OnAllWorkers
    void shouldFailWhereASeedFails(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw new IllegalStateException("planned");
        });
        assertThat(setup.library().failureOfTask(refusal(() -> function.expand(List.of(1), i -> List.of(i)))))
                .hasMessage("planned");
    }

    @OnAllWorkers
    void shouldFailWhereTheFunctionOfTheResultsFails(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        assertThat(refusal(() -> function.expand(numbers(0, 20), i -> {
                    if (i == 7) {
                        throw new UnsupportedOperationException("of the results");
                    }
                    return NONE;
                })))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("of the results");

        Iterable<Integer> broken = new Numbers(3, new UnsupportedOperationException("of the list"));
        assertThat(refusal(() -> function.expand(List.of(9), i -> i == 9 ? broken : NONE)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("of the list");

        assertThat(function.gather(List.of(5)).await()).containsExactly(5);
    }

    @OnAllWorkers
    @SuppressWarnings("NullAway") // a function that breaks the rules
    void shouldRefuseNullForTheArgumentsOfAResult(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        assertThat(refusal(() -> function.expand(List.of(1), i -> null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("arguments that a result leads to");
    }

    @OnAllWorkers
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNull(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        assertThat(refusal(() -> function.expand(null, i -> NONE)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("seeds");
        assertThat(refusal(() -> function.expand(NONE, null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("further");
    }

    @OnAllWorkers
    void shouldLeaveNothingBehindWhenTheSeedsThrow(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        Iterable<Integer> broken = new Numbers(50, new UnsupportedOperationException("of the list"));

        assertThat(refusal(() -> function.expand(broken, i -> NONE))).hasMessageContaining("of the list");

        assertThat(function.expand(List.of(1), i -> i < 3 ? List.of(i + 1) : NONE)
                        .await())
                .containsExactly(1, 2, 3);
        assertThat(function.gather().await()).isEmpty();
    }

    @OnConcurrentWorkers
    void shouldDropAndInterruptAtACancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger started = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            started.incrementAndGet();
            if (i == 2) {
                turnstile.pass();
            }
            return i;
        });
        Observation<List<Integer>> all = function.expand(List.of(1), i -> i == 1 ? numbers(2, 50) : numbers(50, 60))
                .subscribe();
        turnstile.awaitArrivals(1);

        all.cancel();

        turnstile.awaitInterrupts(1);
        Eventually.until("nothing is left to start", () -> function.pending() == 0);
        assertThat(function.gather(List.of(7)).await()).containsExactly(7);
        assertThat(started).hasValue(3);
    }

    @OnConcurrentWorkers
    void shouldKeepSeveralApart(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> i);
        int length = rounds(setup, 500);
        List<Observation<List<Integer>>> all = new ArrayList<>();
        for (int which = 0; which < 6; which++) {
            int first = which * 10_000;
            Set<Integer> seen = new HashSet<>();
            all.add(function.expand(List.of(first), i -> i < first + length && seen.add(i) ? List.of(i + 1) : NONE)
                    .subscribe());
        }
        for (int which = 0; which < all.size(); which++) {
            int first = which * 10_000;
            assertThat(all.get(which).value()).isEqualTo(numbers(first, first + length + 1));
        }
        assertThat(function.gather().await()).isEmpty();
    }

    @OnAllWorkers
    void shouldGoAsDeepAsItLeads(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        int depth = setup.kind() == Setup.Kind.PROCESSES ? 500 : 20_000;
        assertThat(function.expand(List.of(0), i -> i < depth ? List.of(i + 1) : NONE)
                        .await())
                .isEqualTo(numbers(0, depth + 1));
    }

    /** No call lies on the stack for each level. */
    @InEachLibrary
    void shouldGoDeepInTheThreadThatScatters(Setup setup) {
        int depth = 100_000;
        try (Workers inline = Workers.inline().build();
                Workers direct = Workers.executor(Runnable::run, 1).build()) {
            for (Face<Integer, Integer> function : List.of(
                    setup.library().<Integer, Integer>on(inline, i -> i),
                    setup.library().<Integer, Integer>on(direct, i -> i),
                    setup.library().<Integer, Integer>promising(2, Promise::of))) {
                assertThat(function.expand(List.of(0), i -> i < depth ? List.of(i + 1) : NONE)
                                .await())
                        .isEqualTo(numbers(0, depth + 1));
            }
        }
    }

    @OnAllWorkers
    void shouldGoAsWideAsItLeads(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        int width = setup.kind() == Setup.Kind.PROCESSES ? 2_000 : 50_000;
        assertThat(function.expand(List.of(0), i -> i == 0 ? numbers(1, width) : NONE)
                        .await())
                .isEqualTo(numbers(0, width));
    }

    @OnSharedWorkers
    void shouldBeRefusedByClosedWorkers(Setup setup) {
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> i);
        site.workers().close();
        assertThat(refusal(() -> function.expand(List.of(1), i -> NONE)))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @OnSharedWorkers
    void shouldEndWithItsWorkers(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            if (i == 1) {
                turnstile.pass();
            }
            return i;
        });
        Observation<List<Integer>> all =
                function.expand(List.of(0), i -> List.of(i + 1, i + 1)).subscribe();
        turnstile.awaitArrivals(1);

        site.workers().close();

        assertThat(all.failure()).isInstanceOf(CancellationException.class);
    }

    /** What has been accepted goes on, as a map does: nobody can know how much is left. */
    @OnSharedWorkers
    void shouldFinishAtAShutdown(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> {
            if (i == 0) {
                turnstile.pass();
            }
            return i;
        });
        Observation<List<Integer>> all = function.expand(List.of(0), i -> i < 100 ? List.of(i + 1) : NONE)
                .subscribe();
        turnstile.awaitArrivals(1);

        site.workers().shutdown();
        turnstile.open();

        assertThat(all.value()).isEqualTo(numbers(0, 101));
        assertThat(site.workers().awaitTermination(Patience.LIMIT)).isTrue();
        assertThat(refusal(() -> function.expand(List.of(1), i -> NONE)))
                .isInstanceOf(RejectedExecutionException.class);
    }

    /** While the function of the results decides, no task waits or runs, and yet it is not over. */
    @OnSharedWorkers
    void shouldNotBeOverWhileNothingRuns(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1);
        Face<Integer, Integer> function = site.function(i -> i);
        Iterable<Integer> slow = () -> IntStream.range(0, 2)
                .peek(
                        i -> { // by the second one, the only worker has ended the first
                            Eventually.until("what was scattered has begun", () -> function.pending() == 0);
                            function.gather(List.of(i)).await();
                        })
                .boxed()
                .iterator();
        Observation<List<Integer>> all = function.expand(slow, i -> {
                    if (i == 0) {
                        turnstile.passStubbornly();
                    }
                    return i < 10 ? List.of(i + 10) : NONE;
                })
                .subscribe();
        turnstile.awaitArrivals(1);
        Eventually.until("nothing is left to start", () -> function.pending() == 0);

        site.workers().shutdown();

        assertThat(site.workers().awaitTermination(SOON)).isFalse();
        turnstile.open();
        assertThat(all.value()).containsExactly(0, 1, 10, 11);
        assertThat(site.workers().awaitTermination(Patience.LIMIT)).isTrue();
    }

    @OnAllWorkers
    void shouldBeOfAChainToo(Setup setup) {
        Face<Integer, Integer> chain = function(setup, 2, (Integer i) -> i + 1).then(function(setup, 2, i -> i));
        int most = rounds(setup, 1_000);
        assertThat(chain.expand(List.of(0), i -> i < most ? List.of(i) : NONE).await())
                .isEqualTo(numbers(1, most + 1));
    }

    @OnSharedWorkers
    void shouldGoOnAfterAnotherAttempt(Setup setup) {
        Set<Integer> tried = ConcurrentHashMap.newKeySet();
        Face<Integer, Integer> function = open(
                        setup, 2, builder -> builder.retry(1, failure -> failure instanceof IOException))
                .function(i -> {
                    if (tried.add(i)) {
                        throw new IOException("at first");
                    }
                    return i;
                });
        assertThat(function.expand(List.of(1), i -> childrenUpTo(60, i)).await())
                .isEqualTo(numbers(1, 61));
    }

    @OnSharedWorkers
    void shouldFailWhenATaskTakesTooLong(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = open(setup, 2, builder -> builder.taskTimeout(soon(setup)))
                .function(i -> {
                    if (i == 5) {
                        turnstile.pass();
                    }
                    return i;
                });
        Throwable failure = function.expand(List.of(1), i -> childrenUpTo(6, i)).awaitFailure();
        assertThat(setup.library().failureOfTask(failure)).isInstanceOf(TaskTimeoutException.class);
    }

    /** In a task of the function, on its only worker, and with what is found while it waits. */
    @WithThreads("it waits in a thread that lox does not know")
    @InThisJvm("the function is used by its own task")
    @OnSharedWorkers
    void shouldBeGatheredInsideATask(Setup setup) {
        if (setup.library() == Library.RXJAVA) {
            return; // there is no call that blocks and that lox would know of
        }
        for (int workers = 1; workers <= 3; workers++) {
            List<Face<Integer, Integer>> self = new ArrayList<>();
            Face<Integer, Integer> function = open(setup, workers).function(i -> {
                if (i < 1_000) {
                    return i;
                }
                return setup.library()
                        .expandHere(self.get(0), List.of(1, 1), n -> childrenUpTo(100, n))
                        .size();
            });
            self.add(function);
            AtomicInteger calls = new AtomicInteger();

            assertThat(function.gather(List.of(1_000, 1_001, 1_002, 1_003)).await())
                    .containsExactly(200, 200, 200, 200);
            assertThat(function.expand(
                                    List.of(1_000),
                                    n -> n == 200 && calls.incrementAndGet() < 3 ? List.of(1_001, 2) : NONE)
                            .await())
                    .containsExactly(200, 200, 2, 200, 2);
        }
    }

    /** What is found while a task waits may need the worker that this task occupies. */
    @WithThreads("it waits in a thread that lox does not know")
    @InThisJvm("the function is used by its own task")
    @OnSharedWorkers
    void shouldRunWhatIsFoundWhileATaskWaits(Setup setup) {
        if (setup.library() == Library.RXJAVA) {
            return; // there is no call that blocks and that lox would know of
        }
        List<Face<Integer, Integer>> self = new ArrayList<>();
        AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();
        CyclicBarrier both = new CyclicBarrier(2);
        Face<Integer, Integer> function = open(setup, 2).function(i -> {
            Thread here = Thread.currentThread();
            if (i == 0) {
                waiting.set(here);
                return setup.library()
                        .expandHere(self.get(0), List.of(1, 2), n -> n == 10 ? List.of(3, 4) : NONE)
                        .size();
            }
            both.await(Eventually.SECONDS, TimeUnit.SECONDS); // 1 and 2, then 3 and 4: on a worker each
            Thread waiter = Objects.requireNonNull(waiting.get());
            if (i > 2 || here == waiter) {
                return i;
            }
            Eventually.until("the task has nothing to do", () -> Eventually.isWaiting(waiter));
            return 10;
        });
        self.add(function);

        assertThat(function.gather(List.of(0)).await()).containsExactly(4);
    }

    /**
     * Each argument runs once, each result has its place, and the function of the results is called for one at a time,
     * each call seeing what those before have done.
     */
    @OnConcurrentWorkers
    void shouldHandleOneResultAtATime(Setup setup) {
        int size = setup.kind() == Setup.Kind.PROCESSES ? 100 : 400;
        AtomicIntegerArray runs = new AtomicIntegerArray(size);
        Face<Integer, Integer> function = function(setup, 3, i -> {
            runs.incrementAndGet(i);
            return i;
        });
        for (int round = 0; round < rounds(setup, 100); round++) {
            int step = 1 + 2 * ThreadLocalRandom.current().nextInt(size / 4);
            AtomicInteger inside = new AtomicInteger();
            int[] calls = new int[1];
            Set<Integer> seen = new HashSet<>(List.of(0));
            List<List<Integer>> ledTo = new ArrayList<>(Collections.nCopies(size, NONE));
            List<Integer> results = function.expand(List.of(0), i -> {
                        assertThat(inside.getAndIncrement()).isZero();
                        calls[0]++;
                        List<Integer> more = IntStream.of(i + 1, i + step, i + 2 * step, i * 3)
                                .map(n -> n % size)
                                .filter(seen::add)
                                .boxed()
                                .toList();
                        ledTo.set(i, more);
                        inside.decrementAndGet();
                        return more;
                    })
                    .await();

            List<Integer> expected = new ArrayList<>(List.of(0));
            for (int i = 0; i < expected.size(); i++) {
                expected.addAll(ledTo.get(expected.get(i)));
            }
            assertThat(results).as("round " + round).isEqualTo(expected).hasSize(size);
            assertThat(calls[0]).isEqualTo(size);
            for (int i = 0; i < size; i++) {
                assertThat(runs.get(i)).as("runs of " + i).isEqualTo(round + 1);
            }
        }
    }

    /** Cancelled at any time, nothing of it is left, and the workers go on. */
    @OnConcurrentWorkers
    void shouldEndAtACancelAtAnyTime(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        for (int round = 0; round < rounds(setup, 200); round++) {
            CountDownLatch begun =
                    new CountDownLatch(ThreadLocalRandom.current().nextInt(30));
            Observation<List<Integer>> endless = function.expand(List.of(0, 1), i -> {
                        begun.countDown();
                        return List.of(i + 1, i + 2);
                    })
                    .subscribe();
            Eventually.until("it has begun", () -> begun.getCount() == 0);
            endless.cancel();
            assertThat(function.gather(List.of(round)).await()).containsExactly(round);
        }
        Eventually.until("nothing is left to start", () -> function.pending() == 0);
    }

    /** While seeds are scattered, results of others may be there already. */
    @OnConcurrentWorkers
    void shouldTakeAllSeedsFirst(Setup setup) throws Exception {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        AtomicInteger ran = new AtomicInteger();
        Set<Integer> seen = new HashSet<>(List.of(1, 2, 3, 4));
        Iterable<Integer> slow = () -> {
            Iterator<Integer> all = seen.iterator(); // which the function of the results would disturb
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public Integer next() {
                    function.gather(List.of(0)).await(); // time for others to end
                    ran.incrementAndGet();
                    return all.next();
                }
            };
        };
        List<Integer> results = CompletableFuture.supplyAsync(() -> function.expand(
                                slow, i -> i < 20 && seen.add(i + 4) ? List.of(i + 4) : NONE)
                        .await())
                .get(Eventually.SECONDS, TimeUnit.SECONDS);
        assertThat(results).containsExactlyInAnyOrderElementsOf(seen);
        assertThat(ran).hasValue(4);
    }

    /** A task that was found has the thread-locals of the call, as the function of the results has. */
    @WithThreads("the test's task runs elsewhere")
    @InThisJvm("thread-locals are those of this JVM")
    @OnAllWorkers
    @SuppressWarnings("unchecked") // made here
    void shouldCarryTheContextOfTheCall(Setup setup) {
        ThreadLocal<@Nullable String> user = new ThreadLocal<>();
        ContextRegistry.getInstance().registerThreadLocalAccessor("lox-expand-user", user);
        try {
            Face<Integer, String> function = function(setup, 2, i -> i + ":" + user.get());
            user.set("caller");
            Set<@Nullable String> users = ConcurrentHashMap.newKeySet();
            List<String> results = setup.library() == Library.SYNC // whose test calls it in another thread
                    ? ((lox.sync.Scatter<Integer, String>) function.own())
                            .expand(List.of(1), found -> ledBy(found, users, user))
                    : function.expand(List.of(1), found -> ledBy(found, users, user))
                            .await();
            assertThat(results).containsExactly("1:caller", "2:caller", "3:caller");
            assertThat(users).containsExactly("caller");
        } finally {
            user.remove();
            ContextRegistry.getInstance().removeThreadLocalAccessor("lox-expand-user");
        }
    }

    private static List<Integer> ledBy(String found, Set<@Nullable String> users, ThreadLocal<@Nullable String> user) {
        users.add(String.valueOf(user.get()));
        int number = found.charAt(0) - '0';
        return number < 3 ? List.of(number + 1) : NONE;
    }
}
