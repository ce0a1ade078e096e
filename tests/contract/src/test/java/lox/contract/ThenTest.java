package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Outcome;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;

/** Chains of functions, each on its own workers. */
class ThenTest extends ContractTest {
    private Face<Integer, Integer> plusOne(Setup setup, int workers) {
        return function(setup, workers, i -> i + 1);
    }

    /** Where a failure comes from that has failed more than one batch. */
    private static String firstOrigin(Throwable failure) {
        return String.valueOf(failure.getSuppressed()[0].getMessage());
    }

    // ---- what comes out --------------------------------------------------------------------------------------------

    @OnAllWorkers
    void shouldGatherWhatBothFunctionsGiveInScatterOrder(Setup setup) {
        Face<Integer, String> chain = plusOne(setup, 3).then(function(setup, 2, i -> "<" + i + ">"));

        scatterAll(chain, 0, 1000);

        assertThat(chain.gather().await())
                .isEqualTo(numbers(1, 1001).stream().map(i -> "<" + i + ">").toList());
        assertThat(chain.gather().await()).isEmpty();
        assertThat(chain.call(4)).isEqualTo("<5>");
    }

    @OnAllWorkers
    void shouldChainThreeAndChainChains(Setup setup) {
        Face<Integer, Integer> three = plusOne(setup, 2).then(plusOne(setup, 1)).then(function(setup, 3, i -> i * 10));
        Face<Integer, Integer> other = function(setup, 3, (Integer i) -> i * 10).then(plusOne(setup, 2));
        Face<Integer, Integer> both = three.then(other);

        scatterAll(three, 0, 500);
        scatterAll(both, 0, 500);

        assertThat(three.gather().await())
                .isEqualTo(numbers(0, 500).stream().map(i -> (i + 2) * 10).toList());
        assertThat(both.gather().await())
                .isEqualTo(numbers(0, 500).stream().map(i -> (i + 2) * 100 + 1).toList());
        assertThat(both.call(1)).isEqualTo(301);
    }

    @InEachLibrary
    void shouldChainAFunctionOfTwo(Setup setup) {
        Face<Pair<Integer, Integer>, Integer> sum = open(setup, 2).functionOfTwo(Integer::sum);
        Face<Pair<Integer, Integer>, Integer> chain = sum.then(plusOne(setup, 2));

        chain.scatter(new Pair<>(1, 2));
        chain.scatter(new Pair<>(3, 4));

        assertThat(chain.gather().await()).containsExactly(4, 8);
    }

    /** Each kind has the same three workers in all its chains: a start of processes for each would be most of the test. */
    @InEachLibrary
    void shouldChainEveryKindOfWorkersToEveryOther(Setup setup) {
        Map<Setup.Kind, List<Site>> sites = new EnumMap<>(Setup.Kind.class);
        Setup.all()
                .filter(other -> other.library() == setup.library())
                .forEach(other -> sites.put(other.kind(), List.of(open(other, 2), open(other, 2), open(other, 1))));
        for (Setup.Kind first : sites.keySet()) {
            for (Setup.Kind second : sites.keySet()) {
                Face<Integer, Integer> chain =
                        plusOne(sites, first, 0).then(plusOne(sites, second, 1)).then(plusOne(sites, first, 2));
                scatterAll(chain, 0, 100);
                Result<Integer> single = chain.submit(100);
                assertThat(chain.gather().await()).as("%s, %s", first, second).isEqualTo(numbers(3, 103));
                assertThat(single.await()).isEqualTo(103);
            }
        }
    }

    private static Face<Integer, Integer> plusOne(Map<Setup.Kind, List<Site>> sites, Setup.Kind kind, int place) {
        return Objects.requireNonNull(sites.get(kind)).get(place).function(i -> i + 1);
    }

    @OnSharedWorkers
    void shouldWorkWithOneWorkerForBothFunctions(Setup setup) {
        Site one = open(setup, 1);
        Face<Integer, Integer> chain = one.function((Integer i) -> i + 1)
                .then(one.function(i -> i * 2))
                .then(one.function(i -> i + 1));

        scatterAll(chain, 0, 300);

        assertThat(chain.gather().await())
                .isEqualTo(numbers(0, 300).stream().map(i -> (i + 1) * 2 + 1).toList());
    }

    @OnConcurrentWorkers
    void shouldKeepTheOrderOfManyItems(Setup setup) {
        Face<Integer, Integer> chain = plusOne(setup, 2).then(plusOne(setup, 2));

        int items = setup.kind() == Setup.Kind.ASYNC ? 70_000 : 150_000; // several queues
        for (int round = 0; round < 2; round++) {
            scatterAll(chain, 0, items);
            assertThat(chain.gather().await()).isEqualTo(numbers(2, 2 + items));
        }
    }

    @OnAllWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldPassNullOn(Setup setup) {
        Face<Integer, @Nullable Integer> first = open(setup, 1).function(i -> i == 1 ? null : i);
        Face<Integer, @Nullable String> chain =
                first.then(open(setup, 1).function(i -> i == null ? "none" : i == 2 ? null : "some"));

        scatterAll(chain, 0, 3);

        assertThat(chain.gather().await()).containsExactly("some", "none", null);
    }

    @OnAllWorkers
    void shouldLeaveTheTwoFunctionsAsTheyAre(Setup setup) {
        Face<Integer, Integer> first = plusOne(setup, 2);
        Face<Integer, Integer> second = function(setup, 2, i -> i * 2);
        Face<Integer, Integer> chain = first.then(second);

        scatterAll(first, 0, 10);
        scatterAll(chain, 0, 20);
        scatterAll(second, 0, 30);

        assertThat(first.gather().await()).isEqualTo(numbers(1, 11));
        assertThat(second.gather().await()).hasSize(30);
        assertThat(chain.gather().await()).hasSize(20);
    }

    // ---- when ------------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldMoveAnItemOnAsSoonAsItIsReady(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> first = function(setup, 2, i -> {
            if (i == 0) {
                turnstile.pass();
            }
            return i;
        });
        Face<Integer, Integer> chain = first.then(plusOne(setup, 1));

        chain.scatter(0);
        turnstile.awaitArrivals(1);
        chain.scatter(1);
        Reading<Integer> completed = chain.gatherAsCompleted().read().request(Long.MAX_VALUE);

        assertThat(completed.awaitReceived(1).received()).containsExactly(2);
        turnstile.open();
        assertThat(completed.awaitEnd()).containsExactly(2, 1);
    }

    @OnConcurrentWorkers
    void shouldKeepToTheNumberOfWorkersOfEach(Setup setup) {
        AtomicInteger[] now = {new AtomicInteger(), new AtomicInteger()};
        AtomicInteger[] most = {new AtomicInteger(), new AtomicInteger()};
        Face<Integer, Integer> chain = function(setup, 3, (Integer i) -> count(i, now[0], most[0]))
                .then(function(setup, 2, i -> count(i, now[1], most[1])));

        for (int round = 0; round < 20; round++) {
            scatterAll(chain, 0, 100);
            assertThat(chain.gather().await()).isEqualTo(numbers(0, 100));
        }

        assertThat(most[0].get()).isLessThanOrEqualTo(3);
        assertThat(most[1].get()).isLessThanOrEqualTo(2);
    }

    private static int count(int i, AtomicInteger now, AtomicInteger most) {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        for (int spin = 0; spin < 500; spin++) {
            Thread.onSpinWait();
        }
        now.decrementAndGet();
        return i;
    }

    @OnConcurrentWorkers
    void shouldHoldTheFirstBackAtTheQueueLimitOfTheSecond(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger ran = new AtomicInteger();
        Face<Integer, Integer> first = function(setup, 2, i -> {
            ran.incrementAndGet();
            return i;
        });
        Face<Integer, Integer> chain =
                first.then(open(setup, 1, builder -> builder.queueLimit(3)).function(i -> {
                    turnstile.pass();
                    return i;
                }));

        scatterAll(chain, 0, 50);
        turnstile.awaitArrivals(1);
        Eventually.until("3 wait, 1 runs, 2 are held back", () -> ran.get() >= 6);
        if (setup.kind() == Setup.Kind.PROCESSES) { // where quick tasks travel together, and are held back together
            assertThat(ran).hasValueLessThan(50);
        } else {
            assertThat(ran).hasValue(6);
            assertThat(chain.pending()).isEqualTo(44);
        }
        turnstile.open();

        assertThat(chain.gather().await()).isEqualTo(numbers(0, 50));
    }

    // ---- failures --------------------------------------------------------------------------------------------------

    @OnSharedWorkers
    void shouldFailAtTheIndexOfTheScatterWhicheverFunctionFails(Setup setup) {
        IOException first = new IOException("of the first");
        RuntimeException second = new IllegalStateException("of the second");
        Face<Integer, Integer> chain = open(setup, 2, builder -> builder.named("fetch"))
                .function((Integer i) -> {
                    if (i == 3) {
                        throw first;
                    }
                    return i * 100;
                })
                .then(open(setup, 2, builder -> builder.named("parse")).function(i -> {
                    if (i == 700) {
                        throw second;
                    }
                    return i;
                }));

        scatterAll(chain, 0, 10);
        List<Outcome<Integer>> outcomes = chain.gatherSettled().await();
        scatterAll(chain, 0, 10);
        Throwable received = chain.gatherDelayError().awaitFailure();

        for (int i = 0; i < 10; i++) {
            assertThat(outcomes.get(i).index()).isEqualTo(i);
            assertThat(outcomes.get(i) instanceof Outcome.Failure).isEqualTo(i == 3 || i == 7);
        }
        List<Throwable> failures = setup.library().failuresOfTasks(received);
        assertThat(failures).hasSize(2);
        assertIs(setup, failures.get(0), first);
        assertIs(setup, failures.get(1), second);
        assertThat(firstOrigin(failures.get(0)))
                .contains("scatter 3")
                .contains("fetch")
                .contains("argument: 3");
        assertThat(firstOrigin(failures.get(1)))
                .contains("scatter 7")
                .contains("parse")
                .contains("argument: 700");
    }

    @OnConcurrentWorkers
    void shouldFailFastAndInterruptBoth(Setup setup) {
        Turnstile first = new Turnstile();
        Turnstile second = new Turnstile();
        Face<Integer, Integer> chain = function(setup, 2, (Integer i) -> {
                    if (i == 2) {
                        first.pass();
                    }
                    return i;
                })
                .then(function(setup, 2, i -> {
                    if (i == 1) {
                        second.awaitArrivals(1);
                        first.awaitArrivals(1);
                        throw new IllegalStateException("planned");
                    }
                    if (i == 0) {
                        second.pass();
                    }
                    return i;
                }));

        scatterAll(chain, 0, 50);

        assertThat(chain.gather().awaitFailure()).hasMessage("planned");
        first.awaitInterrupts(1);
        second.awaitInterrupts(1);
        scatterAll(chain, 50, 60);
        assertThat(chain.gather().await()).isEqualTo(numbers(50, 60));
    }

    @OnAllWorkers
    void shouldReportProgressOfWhatIsThroughBoth(Setup setup) {
        AtomicInteger last = new AtomicInteger();
        Face<Integer, Integer> chain = plusOne(setup, 2).then(plusOne(setup, 2));

        scatterAll(chain, 0, 100);
        List<Integer> gathered = chain.gather((done, failed, total) -> last.set((int) (done * 1000 + total)))
                .await();

        assertThat(gathered).isEqualTo(numbers(2, 102));
        assertThat(last).hasValue(100_100);
    }

    // ---- cancelling ------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldCancelInBothAndLeaveTheNextBatchUntouched(Setup setup) {
        Turnstile turnstile = new Turnstile();
        AtomicInteger ran = new AtomicInteger();
        Face<Integer, Integer> chain = plusOne(setup, 2).then(function(setup, 2, i -> {
            if (i <= 100) {
                ran.incrementAndGet();
                turnstile.pass();
            }
            return i;
        }));

        scatterAll(chain, 0, 100);
        Observation<List<Integer>> gather = chain.gather().subscribe();
        turnstile.awaitArrivals(2);
        Eventually.until("all are through the first", () -> chain.pending() == 0);
        scatterAll(chain, 200, 220);
        gather.cancel();

        turnstile.awaitInterrupts(2);
        assertThat(chain.gather().await()).isEqualTo(numbers(201, 221));
        assertThat(ran).hasValue(2);
    }

    @OnSharedWorkers
    void shouldEndWhenTheWorkersOfEitherAreClosed(Setup setup) {
        for (int closed = 0; closed < 2; closed++) {
            Turnstile turnstile = new Turnstile();
            Site[] sites = {open(setup, 2), open(setup, 1)};
            Face<Integer, Integer> chain = sites[0].function((Integer i) -> i).then(sites[1].function(i -> {
                turnstile.pass();
                return i;
            }));

            scatterAll(chain, 0, 20);
            turnstile.awaitArrivals(1);
            Eventually.until("all are started by the first", () -> chain.pending() == 0);
            awaitRest(sites[0], 2);
            Observation<List<Integer>> gather = chain.gather().subscribe();
            sites[closed].workers().close();

            assertThat(gather.failure()).isInstanceOf(CancellationException.class);
            turnstile.awaitInterrupts(1);
        }
    }

    /** Tasks that have started are through, too, once so many others can meet: else a result may still be on its way. */
    private static void awaitRest(Site site, int workers) {
        CountDownLatch together = new CountDownLatch(workers);
        Face<Integer, Boolean> meeting = site.function(i -> {
            together.countDown();
            return together.await(Patience.SECONDS, TimeUnit.SECONDS);
        });
        for (int i = 0; i < workers; i++) {
            meeting.scatter(i);
        }
        assertThat(meeting.gather().await()).containsOnly(true);
    }

    @OnSharedWorkers
    void shouldRefuseWhatWouldComeToClosedWorkers(Setup setup) {
        Site second = open(setup, 1);
        Face<Integer, Integer> chain = plusOne(setup, 1).then(second.function(i -> i));
        second.workers().close();

        assertThatThrownBy(() -> chain.scatter(1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("closed");
        assertThat(chain.gather().await()).isEmpty();
    }

    @OnConcurrentWorkers
    void shouldSurviveACancelAtAnyInstant(Setup setup) throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicInteger stray = new AtomicInteger();
        Face<Integer, Integer> chain = function(setup, 2, (Integer i) -> {
                    if (i >= 1000 && Thread.currentThread().isInterrupted()) {
                        stray.incrementAndGet();
                    }
                    return i;
                })
                .then(function(setup, 2, i -> {
                    if (i >= 1000 && Thread.currentThread().isInterrupted()) {
                        stray.incrementAndGet();
                    }
                    return i;
                }));

        for (int round = 0; round < rounds(setup, 100); round++) {
            scatterAll(chain, 0, 50);
            Observation<List<Integer>> cancelled = chain.gather().subscribe();
            scatterAll(chain, 1000, 1020);
            for (int spin = random.nextInt(3000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            cancelled.cancel();
            assertThat(chain.gather().await())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(numbers(1000, 1020));
        }
        assertThat(stray).hasValue(0);
    }

    // ---- with the rest ---------------------------------------------------------------------------------------------

    @OnAllWorkers
    void shouldGiveTheResultsOfAChainOneByOne(Setup setup) {
        Face<Integer, Integer> chain = plusOne(setup, 2).then(plusOne(setup, 2));

        scatterAll(chain, 0, 500);
        assertThat(chain.gatherStream().await()).isEqualTo(numbers(2, 502));
        scatterAll(chain, 0, 500);
        assertThat(chain.gatherAsCompleted().await()).containsExactlyInAnyOrderElementsOf(numbers(2, 502));
    }

    @OnConcurrentWorkers
    void shouldTakeScattersFromItsOwnTasks(Setup setup) throws InterruptedException {
        CountDownLatch scattered = new CountDownLatch(50);
        Face<?, ?>[] own = new Face<?, ?>[1];
        Face<Integer, Integer> chain = plusOne(setup, 2).then(function(setup, 2, i -> {
            if (i < 100) {
                @SuppressWarnings("unchecked")
                Face<Integer, Integer> self = (Face<Integer, Integer>) Objects.requireNonNull(own[0]);
                self.scatter(i + 1000);
                scattered.countDown();
            }
            return i;
        }));
        own[0] = chain;

        scatterAll(chain, 0, 50);
        Eventually.open(scattered);

        assertThat(chain.gather().await()).hasSize(100);
    }
}
