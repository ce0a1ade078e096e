package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Streams in which the elements of a key run one after another. */
@OnceOverProcesses("MapTest: elements in children; the parent alone looks at keys")
class KeyedMapTest extends ContractTest {
    private static final int KEYS = 16;

    @OnAllWorkers
    void shouldGiveTheResultsOfAKeyInItsOrder(Setup setup) {
        Face<Integer, Integer> function = function(setup, 4, i -> {
            if (i % 7 == 0) {
                LockSupport.parkNanos(50_000);
            }
            return i;
        });

        List<Integer> results = function.mapByKey(numbers(0, 6_000), i -> i % KEYS, Mapped.plainly())
                .await();

        assertThat(results).containsExactlyInAnyOrderElementsOf(numbers(0, 6_000));
        Map<Integer, Integer> last = new HashMap<>();
        for (int result : results) {
            Integer before = last.put(result % KEYS, result);
            assertThat(before == null ? result % KEYS : before + KEYS).isEqualTo(result);
        }
        assertThat(function.pending()).isZero();
    }

    @OnConcurrentWorkers
    void shouldRunTheElementsOfAKeyOneAfterAnotherAndInOrder(Setup setup) {
        Map<Integer, AtomicInteger> running = new ConcurrentHashMap<>();
        Map<Integer, Integer> last = new ConcurrentHashMap<>();
        AtomicInteger wrong = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 4, i -> {
            AtomicInteger inside = running.computeIfAbsent(i % 3, key -> new AtomicInteger());
            Integer before = last.put(i % 3, i);
            if (inside.incrementAndGet() != 1 || (before != null && before != i - 3)) {
                wrong.incrementAndGet();
            }
            if (i % 5 == 0) {
                LockSupport.parkNanos(20_000);
            }
            inside.decrementAndGet();
            return i;
        });

        assertThat(function.mapByKey(numbers(0, 3_000), i -> i % 3, Mapped.ahead(40))
                        .await())
                .hasSize(3_000);
        assertThat(wrong).hasValue(0);
    }

    @OnConcurrentWorkers
    void shouldRunDifferentKeysSideBySide(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Set<Integer> arrived = ConcurrentHashMap.newKeySet();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            arrived.add(i);
            turnstile.pass();
            return i;
        });

        Observation<List<Integer>> map = function.mapByKey(List.of(0, 10, 20, 1, 11), i -> i % 10, Mapped.plainly())
                .subscribe();
        turnstile.awaitArrivals(2);
        assertThat(arrived).containsExactlyInAnyOrder(0, 1);
        Eventually.until("what waits for its key is pending", () -> function.pending() == 3);
        turnstile.open();

        assertThat(map.value()).containsExactlyInAnyOrder(0, 10, 20, 1, 11).containsSubsequence(0, 10, 20);
    }

    @OnConcurrentWorkers
    void shouldNotLetABusyKeyHoldBackTheOthers(Setup setup) {
        Turnstile busy = new Turnstile();
        AtomicInteger seen = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i < 0) {
                busy.pass();
            }
            return i;
        });
        List<Integer> elements = new ArrayList<>(List.of(-1, -2, -3, -4));
        elements.addAll(numbers(0, 5_000));

        Observation<List<Integer>> map = function.mapByKey(
                        elements,
                        i -> i < 0 ? "busy" : i,
                        Mapped.<Integer>plainly().watchedBy(i -> seen.incrementAndGet()))
                .subscribe();
        busy.awaitArrivals(1);
        Eventually.until("all others have left", () -> seen.get() == 5_000);
        busy.open();

        assertThat(map.value()).hasSize(5_004).endsWith(-1, -2, -3, -4);
    }

    @OnConcurrentWorkers
    void shouldTakeNoMoreThanAheadFromTheSource(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });
        Numbers source = new Numbers(100);

        Observation<List<Integer>> map =
                function.mapByKey(source, i -> "the same", Mapped.ahead(7)).subscribe();
        turnstile.awaitArrivals(1);
        Eventually.until("the source has been asked for all that may be ahead", () -> source.taken.get() == 7);
        assertThat(turnstile.arrived()).isEqualTo(1);
        turnstile.open();

        assertThat(map.value()).isEqualTo(numbers(0, 100));
    }

    @OnConcurrentWorkers
    void shouldFailAtOnceAndStartNothingMore(Setup setup) {
        Turnstile blocked = new Turnstile();
        AtomicInteger ran = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i % 2 == 0) {
                blocked.pass();
            }
            ran.incrementAndGet();
            if (i == 5) {
                throw new IllegalStateException("planned");
            }
            return i;
        });

        Throwable failure =
                function.mapByKey(numbers(0, 100), i -> i % 2, Mapped.plainly()).awaitFailure();

        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("planned");
        assertThat(failure.getSuppressed())
                .anySatisfy(origin ->
                        assertThat(origin).hasMessageContaining("an element of").hasMessageContaining("argument: 5"));
        blocked.awaitInterrupts(blocked.arrived());
        Eventually.until("nothing is left", () -> function.pending() == 0);
        assertThat(ran).hasValueLessThanOrEqualTo(3);
    }

    @OnConcurrentWorkers
    void shouldStopAtACancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.pass();
            return i;
        });

        Observation<List<Integer>> map =
                function.mapByKey(numbers(0, 100), i -> i % 2, Mapped.plainly()).subscribe();
        turnstile.awaitArrivals(2);
        map.cancel();
        turnstile.awaitInterrupts(2);
        Eventually.until("nothing is left", () -> function.pending() == 0);
        turnstile.open();

        assertThat(turnstile.arrived()).isEqualTo(2);
    }

    @OnSharedWorkers
    void shouldFailWhenTheWorkersAreClosed(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        Observation<List<Integer>> map = function.mapByKey(numbers(0, 10), i -> "the same", Mapped.plainly())
                .subscribe();
        turnstile.awaitArrivals(1);
        site.workers().close();

        assertThat(map.failure()).isInstanceOf(CancellationException.class).hasMessageContaining("closed");
        assertThat(turnstile.arrived()).isEqualTo(1);
    }

    @OnSharedWorkers
    void shouldRunWhatWaitsForItsKeyAfterAShutdown(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        Observation<List<Integer>> map =
                function.mapByKey(numbers(0, 50), i -> i % 5, Mapped.plainly()).subscribe();
        turnstile.awaitArrivals(2);
        site.workers().shutdown();
        turnstile.open();

        assertThat(map.value()).containsExactlyInAnyOrderElementsOf(numbers(0, 50));
    }

    @InEachLibrary
    void shouldFailWithWhatTheKeyIsToBlameFor(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        assertThat(function.mapByKey(numbers(0, 10), i -> i == 5 ? null : i, Mapped.plainly())
                        .awaitFailure())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("keyOf");
        assertThat(function.mapByKey(
                                numbers(0, 10),
                                i -> {
                                    throw new IllegalStateException("no key");
                                },
                                Mapped.plainly())
                        .awaitFailure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no key");
        assertThatThrownBy(() ->
                        function.mapByKey(List.of(1), i -> i, Mapped.ahead(-1)).await())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ahead");
    }

    @InEachLibrary
    void shouldFailWhenAKeyCannotBeCompared(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        record Hostile(int number) {
            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash");
            }
        }

        assertThat(function.mapByKey(numbers(0, 10), Hostile::new, Mapped.plainly())
                        .awaitFailure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no hash");
    }

    /** What counts is how it was when its element came. */
    @InEachLibrary
    void shouldFindAKeyAgainThatHasChangedMeanwhile(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        List<Integer> shared = new ArrayList<>();

        List<Integer> results = function.mapByKey(
                        numbers(0, 600),
                        i -> {
                            if (i % 3 == 0) {
                                shared.add(i);
                            }
                            return i % 2 == 0 ? shared : "other";
                        },
                        Mapped.ahead(20))
                .await();

        assertThat(results).containsExactlyInAnyOrderElementsOf(numbers(0, 600));
        assertThat(function.pending()).isZero();
    }
}
