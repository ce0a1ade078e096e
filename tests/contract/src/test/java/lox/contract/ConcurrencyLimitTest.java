package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import lox.sync.Task;
import lox.sync.Workers;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest extends ContractTest {
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Counts how many tasks run at once. */
    private static final class Occupancy {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        Task<Integer, Integer> during(Task<Integer, Integer> task) {
            return i -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                try {
                    return task.call(i);
                } finally {
                    now.decrementAndGet();
                }
            };
        }
    }

    private static int linger(int i) {
        if (i % 7 == 0) {
            LockSupport.parkNanos(100_000);
        } else if (i % 3 == 0) {
            Thread.onSpinWait();
        }
        return i;
    }

    @OnConcurrentWorkers
    void shouldRunAsManyTasksAtOnceAsThereAreWorkers(Setup setup) {
        CountDownLatch together = new CountDownLatch(5);
        Face<Integer, Integer> function = function(setup, 5, i -> {
            together.countDown();
            Eventually.open(together); // opens only if all five are here
            return i;
        });

        scatterAll(function, 0, 5);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 5));
    }

    @OnConcurrentWorkers
    void shouldNeverRunMoreTasksAtOnceThanThereAreWorkersOverAllBatches(Setup setup) {
        Occupancy occupancy = new Occupancy();
        Face<Integer, Integer> function = function(setup, 3, occupancy.during(ConcurrencyLimitTest::linger));
        List<Result<List<Integer>>> gathers = new ArrayList<>();

        for (int batch = 0; batch < 10; batch++) {
            scatterAll(function, 0, 50);
            gathers.add(function.gather());
        }

        gathers.forEach(gather -> assertThat(gather.await()).isEqualTo(numbers(0, 50)));
        assertThat(occupancy.most).hasValueBetween(1, 3);
    }

    @OnSharedWorkers
    void shouldNeverRunMoreTasksAtOnceOverAllFunctionsOfOneWorkers(Setup setup) {
        Occupancy occupancy = new Occupancy();
        Site site = open(setup, 3);
        List<Face<Integer, Integer>> functions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            functions.add(site.function(occupancy.during(ConcurrencyLimitTest::linger)));
        }

        for (int i = 0; i < 300; i++) {
            for (Face<Integer, Integer> function : functions) {
                function.scatter(i);
            }
        }

        functions.forEach(function -> assertThat(function.gather().await()).isEqualTo(numbers(0, 300)));
        assertThat(occupancy.most).hasValueBetween(1, 3);
    }

    @Test
    void shouldNeverRunMoreTasksAtOnceOverFunctionsOfDifferentLibraries() {
        Occupancy occupancy = new Occupancy();
        try (Workers workers = Workers.threads(2).build()) {
            List<Face<Integer, Integer>> functions = new ArrayList<>();
            for (Library library : Library.all()) {
                functions.add(library.on(workers, occupancy.during(ConcurrencyLimitTest::linger)));
            }

            functions.forEach(function -> scatterAll(function, 0, 300));

            functions.forEach(function -> assertThat(function.gather().await()).isEqualTo(numbers(0, 300)));
        }
        assertThat(occupancy.most).hasValueBetween(1, 2);
    }

    @OnSharedWorkers
    void shouldLetFunctionsOfOneWorkersTakeTurns(Setup setup) {
        Site site = open(setup, 1);
        Turnstile turnstile = new Turnstile();
        AtomicInteger left = new AtomicInteger();
        Face<Integer, Integer> endless = site.function(i -> {
            turnstile.pass();
            left.decrementAndGet();
            LockSupport.parkNanos(200_000);
            return i;
        });
        Face<Integer, Integer> brief = site.function(i -> left.get());

        left.set(2_000);
        scatterAll(endless, 0, 2_000);
        turnstile.awaitArrivals(1);
        brief.scatter(0);
        turnstile.open();

        assertThat(brief.gather().await().get(0)).isPositive(); // it ran before all of the others had
        endless.gather().subscribe().cancel();
    }

    @OnOwnThreads
    void shouldRunOnDaemonsNamedAfterTheWorkers(Setup setup) {
        Site site = open(setup, 2, builder -> builder.named("harvest"));
        Face<Integer, Thread> function = site.function(i -> Thread.currentThread());

        for (int i = 0; i < 10; i++) {
            function.scatter(i);
        }

        assertThat(function.gather().await()).allSatisfy(thread -> {
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).matches("harvest-\\d+");
        });
    }

    @InEachLibrary
    void shouldMakeUpANameWhereNoneIsGiven(Setup setup) {
        Face<Integer, String> function =
                setup.library().thread(2, i -> Thread.currentThread().getName());

        function.scatter(0);

        assertThat(function.gather().await().get(0)).matches("lox-threads-\\d+-\\d+");
    }

    @InEachLibrary
    void shouldHaveFiftyWorkersWhereNoNumberIsGiven(Setup setup) {
        hasFiftyWorkers(setup.library()::thread);
        if (Setup.HAS_VIRTUAL_THREADS) {
            hasFiftyWorkers(setup.library()::virtual);
        }
    }

    private static void hasFiftyWorkers(Function<Task<Integer, Integer>, Face<Integer, Integer>> wrap) {
        CountDownLatch together = new CountDownLatch(50);
        Occupancy occupancy = new Occupancy();
        Face<Integer, Integer> function = wrap.apply(occupancy.during(i -> {
            together.countDown();
            Eventually.open(together);
            return i;
        }));

        scatterAll(function, 0, 120);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 120));
        assertThat(occupancy.most).hasValue(50);
    }

    @InEachLibrary
    void shouldStartNoThreadBeforeTheFirstScatter(Setup setup) {
        // A name of its own: the threads of the run before may still be ending.
        String name = "sleeping-beauty-" + NAMES.incrementAndGet();
        Site site = open(setup, 2, builder -> builder.named(name));
        Face<Integer, Integer> function = site.function(i -> i);
        assertThat(threadsNamed(name)).isZero();

        function.scatter(1);

        assertThat(function.gather().await()).containsExactly(1);
        assertThat(threadsNamed(name)).isBetween(1L, 2L);
    }

    private static long threadsNamed(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }
}
