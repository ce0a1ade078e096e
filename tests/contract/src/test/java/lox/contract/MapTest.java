package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;

/** Streams in, streams out: order, bounds, failures, cancels. */
class MapTest extends ContractTest {
    @OnAllWorkers
    void shouldMapInOrder(Setup setup) {
        Face<Integer, Integer> function = function(setup, 4, i -> {
            if (i % 7 == 0) {
                LockSupport.parkNanos(50_000);
            }
            return -i;
        });

        assertThat(function.map(numbers(0, 1_000)).await())
                .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> -i).toList());
        assertThat(function.pending()).isZero();
    }

    @OnAllWorkers
    void shouldMapNothingToNothing(Setup setup) {
        assertThat(function(setup, 4, i -> i).map(List.of()).await()).isEmpty();
    }

    @OnAllWorkers
    void shouldGoOverManyLegs(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> i);

        assertThat(function.map(numbers(0, 20_000), Mapped.ahead(5_000)).await())
                .isEqualTo(numbers(0, 20_000));
    }

    @OnConcurrentWorkers
    void shouldTakeNoMoreThanAheadFromTheSourceWhileTheHeadIsSlow(Setup setup) {
        Turnstile head = new Turnstile();
        AtomicInteger ended = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                head.pass();
            }
            ended.incrementAndGet();
            return i;
        });
        Numbers source = new Numbers(100);

        Observation<List<Integer>> result =
                function.map(source, Mapped.ahead(7)).subscribe();
        Eventually.until("all but the head have run", () -> ended.get() == 6);
        assertThat(source.taken).hasValue(7);
        head.open();

        assertThat(result.value()).isEqualTo(numbers(0, 100));
        assertThat(source.taken).hasValue(100);
    }

    @OnConcurrentWorkers
    void shouldTakeFourForEachWorkerByDefault(Setup setup) {
        Turnstile head = new Turnstile();
        AtomicInteger ended = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 3, i -> {
            if (i == 0) {
                head.pass();
            }
            ended.incrementAndGet();
            return i;
        });
        Numbers source = new Numbers(100);

        Observation<List<Integer>> result = function.map(source).subscribe();
        Eventually.until("all but the head have run", () -> ended.get() == 11);
        assertThat(source.taken).hasValue(12);
        head.open();

        assertThat(result.value()).isEqualTo(numbers(0, 100));
    }

    @InEachLibrary
    void shouldTakeOneAfterTheOtherInTheCallersThread(Setup setup) {
        Numbers source = new Numbers(100);
        Face<Integer, Integer> function = function(setup, 0, i -> source.taken.get());

        assertThat(function.map(source).await()).isEqualTo(numbers(1, 101));
    }

    @OnConcurrentWorkers
    void shouldGiveEachResultAsSoonAsItAndAllBeforeAreReady(Setup setup) {
        Turnstile blocked = new Turnstile();
        AtomicInteger seen = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 1_000) { // by then the lanes claim many at once
                blocked.pass();
            }
            return i;
        });

        Observation<List<Integer>> result = function.map(
                        numbers(0, 1_050), Mapped.<Integer>ahead(64).watchedBy(i -> seen.incrementAndGet()))
                .subscribe();
        blocked.awaitArrivals(1);
        Eventually.until("all before the blocked one have left", () -> seen.get() == 1_000);
        blocked.open();

        assertThat(result.value()).isEqualTo(numbers(0, 1_050));
    }

    @OnConcurrentWorkers
    void shouldRunNoMoreAtOnceThanThereAreWorkersOverMapsAndBatches(Setup setup) {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 3, i -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            LockSupport.parkNanos(20_000);
            running.decrementAndGet();
            return i;
        });

        scatterAll(function, 0, 200);
        List<Observation<List<Integer>>> maps = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            maps.add(function.map(numbers(0, 100), Mapped.ahead(10)).subscribe());
        }
        assertThat(function.gather().await()).isEqualTo(numbers(0, 200));
        maps.forEach(map -> assertThat(map.value()).isEqualTo(numbers(0, 100)));

        assertThat(most).hasValueBetween(1, 3);
    }

    @OnConcurrentWorkers
    void shouldLetMapsAndBatchesTakeTurns(Setup setup) {
        Turnstile turnstile = new Turnstile();
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i == -1) {
                turnstile.pass();
            }
            order.add(i);
            return i;
        });

        function.scatter(-1);
        turnstile.awaitArrivals(1);
        scatterAll(function, 0, 2_000); // far more than a lane claims at once
        Observation<List<Integer>> map =
                function.map(numbers(10_000, 10_010), Mapped.ahead(10)).subscribe();
        Result<List<Integer>> batch = function.gather();
        Eventually.until("the map's elements wait, too", () -> function.pending() == 2_010);
        turnstile.open();
        map.value();
        batch.await();

        List<Integer> ran = List.copyOf(order);
        assertThat(ran).hasSize(2_011);
        assertThat(ran.indexOf(10_009)).as("the map's last, among %s", ran).isLessThan(2_010);
    }

    // ---- failures --------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldFailAtOnceAndInterruptTheOthersWhenATaskFails(Setup setup) {
        Turnstile head = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                head.pass();
            }
            if (i == 3) {
                throw new IOException("planned");
            }
            return i;
        });
        Numbers source = new Numbers(1_000_000);

        Throwable failure = setup.library()
                .failureOfTask(function.map(source, Mapped.ahead(5)).awaitFailure());

        assertThat(failure).isInstanceOf(IOException.class).hasMessage("planned");
        assertThat(failure.getSuppressed())
                .anySatisfy(origin ->
                        assertThat(origin).hasMessageContaining("element 3 of").hasMessageContaining("argument: 3"));
        head.awaitInterrupts(head.arrived());
        assertThat(source.taken).hasValueLessThan(10);
        Eventually.until("nothing is left", () -> function.pending() == 0);
    }

    @OnAllWorkers
    void shouldNameTheElementFarBehindTheFirstLeg(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 7_000) {
                throw new IllegalArgumentException("planned");
            }
            return i;
        });

        Throwable failure =
                function.map(numbers(0, 10_000), Mapped.ahead(4_000)).awaitFailure();

        assertThat(failure).isInstanceOf(IllegalArgumentException.class);
        assertThat(failure.getSuppressed())
                .anySatisfy(origin -> assertThat(origin).hasMessageContaining("element 7000 of"));
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
                        Mapped.<Integer>ahead(8).watchedBy(seen::add))
                .awaitFailure();

        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("planned");
        assertThat(seen).isEqualTo(numbers(0, 20));
    }

    @OnAllWorkers
    void shouldLetTheRestFinishWhenErrorsAreDelayed(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> {
            if (i % 10 == 4) {
                throw new IllegalArgumentException("planned " + i);
            }
            return i;
        });
        List<Integer> seen = new ArrayList<>();

        Throwable failure = function.map(
                        numbers(0, 100),
                        Mapped.<Integer>plainly().delayingErrors().watchedBy(seen::add))
                .awaitFailure();

        assertThat(setup.library().failuresOfTasks(failure))
                .extracting(Throwable::getMessage)
                .containsExactlyElementsOf(IntStream.range(0, 10)
                        .mapToObj(i -> "planned " + (10 * i + 4))
                        .toList());
        assertThat(seen)
                .isEqualTo(
                        IntStream.range(0, 100).filter(i -> i % 10 != 4).boxed().toList());
    }

    @OnAllWorkers
    void shouldDelayOneFailureAsItIsAndThatOfTheSourceToo(Setup setup) {
        Face<Integer, Integer> function = function(setup, 3, i -> {
            if (i == 4) {
                throw new IllegalArgumentException("planned");
            }
            return i;
        });

        assertThat(function.map(numbers(0, 9), Mapped.<Integer>plainly().delayingErrors())
                        .awaitFailure())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("planned");
        Throwable both = function.map(
                        new Numbers(9, new IllegalStateException("of the source")),
                        Mapped.<Integer>plainly().delayingErrors())
                .awaitFailure();
        assertThat(setup.library().failuresOfTasks(both))
                .extracting(Throwable::getMessage)
                .containsExactly("planned", "of the source");
    }

    @OnAllWorkers
    void shouldGoOnWhenOnlyFailuresFillWhatMayBeAhead(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            throw new IllegalArgumentException("planned");
        });

        Throwable failure = function.map(
                        numbers(0, 500), Mapped.<Integer>ahead(1).delayingErrors())
                .awaitFailure();

        assertThat(setup.library().failuresOfTasks(failure)).hasSize(500);
    }

    @OnAllWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldRefuseANullResultAndNameTheElement(Setup setup) {
        Face<Integer, @Nullable Integer> function = function(setup, 2, i -> i == 5 ? null : i);

        assertThat(function.map(numbers(0, 10)).awaitFailure())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("element 5 of");
        Throwable delayed = function.map(
                        numbers(0, 10), Mapped.<@Nullable Integer>plainly().delayingErrors())
                .awaitFailure();
        assertThat(delayed).isInstanceOf(NullPointerException.class).hasMessageContaining("element 5 of");
    }

    @WithThreads("a call that is cancelled is over: what fails afterwards is the affair of what it returned")
    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldReportFailuresThatComeTooLate(Setup setup) {
        Turnstile late = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i == 0) {
                late.passStubbornly();
                throw new IllegalStateException("late");
            }
            late.awaitArrivals(1); // the end of the map would drop what has not begun
            throw new IllegalStateException("first");
        });

        assertThat(function.map(numbers(0, 2)).awaitFailure()).hasMessage("first");
        late.open();

        assertThat(awaitDropped(setup, 1))
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.getMessage() + failure.getCause()).contains("late"));
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    @OnConcurrentWorkers
    void shouldStopAtACancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });
        Numbers source = new Numbers(1_000);

        Observation<List<Integer>> map = function.map(source, Mapped.ahead(50)).subscribe();
        turnstile.awaitArrivals(2);
        map.cancel();
        turnstile.awaitInterrupts(2);
        Eventually.until("nothing is left", () -> function.pending() == 0);
        turnstile.open();
        scatterAll(function, 0, 10);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 10));
        assertThat(turnstile.arrived()).isEqualTo(2 + 10);
        assertThat(source.taken).hasValueLessThanOrEqualTo(50);
    }

    @OnConcurrentWorkers
    void shouldLeaveOtherMapsAndBatchesAloneAtACancel(Setup setup) {
        Turnstile cancelled = new Turnstile();
        Turnstile untouched = new Turnstile();
        Face<Integer, Integer> function = function(setup, 3, i -> {
            (i < 50 ? cancelled : untouched).pass();
            return i;
        });

        Observation<List<Integer>> first = function.map(numbers(0, 10)).subscribe();
        cancelled.awaitArrivals(3);
        Observation<List<Integer>> second = function.map(numbers(50, 60)).subscribe();
        scatterAll(function, 60, 70);
        Result<List<Integer>> batch = function.gather();
        first.cancel();
        cancelled.awaitInterrupts(3);
        untouched.awaitArrivals(3);
        untouched.open();

        assertThat(second.value()).isEqualTo(numbers(50, 60));
        assertThat(batch.await()).isEqualTo(numbers(60, 70));
        assertThat(untouched.interrupted()).isZero();
    }

    @OnSharedWorkers
    void shouldFailWhenTheWorkersAreClosed(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        Observation<List<Integer>> map = function.map(numbers(0, 10)).subscribe();
        turnstile.awaitArrivals(2);
        site.workers().close();

        assertThat(map.failure()).isInstanceOf(CancellationException.class).hasMessageContaining("closed");
        assertThat(function.map(numbers(0, 10)).awaitFailure())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("closed");
    }

    @OnConcurrentWorkers
    void shouldMapInsideATaskOfTheSameFunction(Setup setup) {
        AtomicReference<@Nullable Face<Integer, Integer>> self = new AtomicReference<>();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            Face<Integer, Integer> inner = self.get();
            if (i != 0 || inner == null) {
                return i;
            }
            return inner.map(numbers(1, 11)).await().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        });
        self.set(function);

        assertThat(function.map(numbers(0, 3)).await()).containsExactly(55, 1, 2);
    }

    @OnSharedWorkers
    void shouldNotWaitAtTheQueueLimit(Setup setup) {
        Site site = open(setup, 2, options -> options.queueLimit(3));
        Face<Integer, Integer> function = site.function(i -> i);

        for (int round = 0; round < 20; round++) {
            assertThat(function.map(numbers(0, 500), Mapped.ahead(50)).await()).isEqualTo(numbers(0, 500));
            scatterAll(function, 0, 20);
            assertThat(function.gather().await()).hasSize(20);
        }
    }

    @InEachLibrary
    void shouldCheckItsInput(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        for (int ahead : new int[] {-1, Integer.MIN_VALUE}) {
            assertThatThrownBy(
                            () -> function.map(List.of(1), Mapped.ahead(ahead)).await())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ahead")
                    .hasMessageContaining(String.valueOf(ahead));
        }
        assertThat(function.map(numbers(0, 9), Mapped.ahead(Integer.MAX_VALUE)).await())
                .isEqualTo(numbers(0, 9));
    }

    @InEachLibrary
    void shouldWorkWithoutWorkers(Setup setup) {
        Face<Integer, Thread> function =
                setup.library().on(Workers.threads(0).build(), (Integer i) -> Thread.currentThread());

        List<Thread> threads = function.map(numbers(0, 5)).await();

        assertThat(threads).hasSize(5).containsOnly(threads.get(0));
    }
}
