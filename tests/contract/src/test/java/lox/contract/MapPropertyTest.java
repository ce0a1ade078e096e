package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * For any list, delays, number of workers, ahead and pattern of requests, {@code map} gives what the sequential map gives: all of it, or what
 * comes before the first failure of the source, or, with delayed errors, what has not failed. The seed is in the message of a failure.
 */
class MapPropertyTest extends ContractTest {
    private static final int CASES = 25;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(
            int workers,
            int ahead,
            List<Integer> pauseMicros,
            Set<Integer> fails,
            boolean delayError,
            boolean sourceFails) {
        static Case random(Random random) {
            int size = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(400);
            boolean delayError = random.nextBoolean();
            Set<Integer> fails = new HashSet<>();
            for (int i = 0; i < size && delayError; i++) {
                if (random.nextInt(8) == 0) {
                    fails.add(i);
                }
            }
            int longest = 40 * random.nextInt(3);
            return new Case(
                    1 + random.nextInt(5),
                    random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? 4 : 300),
                    random.ints(size, 0, 400)
                            .map(pause -> pause > longest ? 0 : pause)
                            .boxed()
                            .toList(),
                    fails,
                    delayError,
                    random.nextInt(4) == 0);
        }

        int size() {
            return pauseMicros.size();
        }

        List<Integer> expected() {
            List<Integer> results = new ArrayList<>();
            for (int i = 0; i < size(); i++) {
                if (!fails.contains(i)) {
                    results.add(7 * i);
                }
            }
            return results;
        }

        int failures() {
            return size() - expected().size() + (sourceFails ? 1 : 0);
        }
    }

    @OnAllWorkers
    void shouldEqualTheSequentialMap(Setup setup) {
        int cases = setup.kind() == Setup.Kind.PROCESSES ? 2 : CASES;
        for (int i = 0; i < cases; i++) {
            long seed = ThreadLocalRandom.current().nextLong();
            try {
                check(setup, new Random(seed));
            } catch (Throwable failure) {
                throw new AssertionError("with seed " + seed, failure);
            }
        }
    }

    private void check(Setup setup, Random random) {
        Case given = Case.random(random);
        Random requests = new Random(random.nextLong());
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Face<Integer, Integer> function = function(setup, given.workers, i -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                if (given.pauseMicros.get(i) > 0) {
                    LockSupport.parkNanos(given.pauseMicros.get(i) * 1_000L);
                }
                if (given.fails.contains(i)) {
                    throw new IllegalArgumentException("planned " + i);
                }
                return 7 * i;
            } finally {
                running.decrementAndGet();
            }
        });
        RuntimeException failure = given.sourceFails ? new IllegalStateException("of the source") : null;
        Iterable<Integer> source = new Numbers(given.size(), failure);
        List<Integer> seen = new ArrayList<>();
        Mapped<Integer> how = new Mapped<>(
                given.ahead,
                given.delayError ? Mapped.Kind.DELAYING_ERRORS : Mapped.Kind.IN_ORDER,
                () -> 1 + requests.nextInt(9),
                seen::add);
        Observation<List<Integer>> map = function.map(source, how).subscribe();

        if (given.failures() == 0) {
            assertThat(map.value()).as("%s", given).isEqualTo(given.expected());
        } else {
            assertThat(setup.library().failuresOfTasks(map.failure()))
                    .as("%s", given)
                    .hasSize(given.failures());
        }
        assertThat(seen).as("%s", given).isEqualTo(given.expected());
        assertThat(most.get()).as("%s", given).isLessThanOrEqualTo(given.workers);
    }
}
