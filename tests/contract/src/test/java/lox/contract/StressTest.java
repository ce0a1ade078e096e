package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lox.sync.Outcome;

/**
 * Producers, gatherers and cancels in random order. The seed decides what each thread does; how the threads meet is the
 * machine's own chance. What must hold whatever happens: the list's size is the number of scatters, and every producer finds
 * its results where its index says, in the order it scattered them.
 */
class StressTest extends ContractTest {
    private static final int PRODUCERS = 3;
    private static final int GATHERERS = 2;
    private static final int SCATTERS_EACH = 6_000;

    /** What a producer scattered: who, which, and what the task shall do. */
    private record Job(int producer, int number, int pauseMicros, boolean fails) implements Serializable {}

    /** What came of a batch: the jobs that ran to their end in the order of the list, or null in places of failures. */
    private record Harvest(List<Job> jobs) {}

    private static final class Refused extends RuntimeException implements ToldAtAnyTime {
        private static final long serialVersionUID = 1L;
        private final Job job;

        Refused(Job job) {
            super("job " + job, null, true, false);
            this.job = job;
        }
    }

    private static Job run(Job job) {
        if (job.pauseMicros > 0) {
            LockSupport.parkNanos(job.pauseMicros * 1_000L);
        }
        if (job.fails) {
            throw new Refused(job);
        }
        return job;
    }

    @OnAllWorkers
    void shouldNeverLoseDoubleOrReorderAnything(Setup setup) throws InterruptedException {
        long seed = ThreadLocalRandom.current().nextLong();
        try {
            scatterAndSettle(setup, new Random(seed));
        } catch (Throwable failure) {
            throw new AssertionError("with seed " + seed, failure);
        }
    }

    /** Settled gathers hide nothing: every job must come back exactly once, each producer's in order. */
    private void scatterAndSettle(Setup setup, Random random) throws InterruptedException {
        Face<Job, Job> function = function(setup, 1 + random.nextInt(4), StressTest::run);
        Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
        AtomicInteger producing = new AtomicInteger(PRODUCERS);
        List<Thread> producers = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            producers.add(producer(function, p, new Random(random.nextLong()), producing, broken));
        }
        // Gathers take place one after the other, so that batches come in the order of the list of harvests.
        List<Harvest> harvests = new ArrayList<>();
        List<Result<List<Outcome<Job>>>> gathers = new ArrayList<>();
        producers.forEach(Thread::start);
        while (producing.get() > 0) {
            gathers.add(function.gatherSettled());
            LockSupport.parkNanos(random.nextInt(2_000_000));
        }
        gathers.add(function.gatherSettled());
        for (Thread producer : producers) {
            producer.join();
        }
        for (Result<List<Outcome<Job>>> gather : gathers) {
            harvests.add(
                    new Harvest(gather.await().stream().map(StressTest::job).toList()));
        }

        assertThat(broken).isEmpty();
        int[] next = new int[PRODUCERS];
        for (Harvest harvest : harvests) {
            for (Job job : harvest.jobs) {
                assertThat(job.number)
                        .as("the next of producer %s", job.producer)
                        .isEqualTo(next[job.producer]++);
            }
        }
        assertThat(next).containsOnly(SCATTERS_EACH);
    }

    private static Job job(Outcome<Job> outcome) {
        if (outcome instanceof Outcome.Success<Job> success) {
            assertThat(success.value().fails).isFalse();
            return success.value();
        }
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        Throwable failure = ((Outcome.Failure<Job>) outcome).error();
        assertThat(failure).isInstanceOf(Refused.class);
        return ((Refused) failure).job;
    }

    private static Thread producer(
            Face<Job, Job> function, int producer, Random random, AtomicInteger producing, Queue<Throwable> broken) {
        return new Thread(() -> {
            try {
                for (int i = 0; i < SCATTERS_EACH; i++) {
                    int pause = random.nextInt(100) == 0 ? random.nextInt(300) : 0;
                    function.scatter(new Job(producer, i, pause, random.nextInt(20) == 0));
                    if (random.nextInt(200) == 0) {
                        LockSupport.parkNanos(random.nextInt(100_000));
                    }
                }
            } catch (Throwable failure) {
                broken.add(failure);
            } finally {
                producing.decrementAndGet();
            }
        });
    }

    @OnConcurrentWorkers
    void shouldEndEveryGatherWhateverIsCancelledOrFails(Setup setup) throws InterruptedException {
        long seed = ThreadLocalRandom.current().nextLong();
        try {
            cancelAndFail(setup, new Random(seed));
        } catch (Throwable failure) {
            throw new AssertionError("with seed " + seed, failure);
        }
    }

    /** Several gatherers at once, of which some cancel. A list that arrives is whole and in order; a failure is a task's own. */
    private void cancelAndFail(Setup setup, Random random) throws InterruptedException {
        AtomicInteger received = new AtomicInteger();
        Site site = open(setup, 1 + random.nextInt(4), options -> options);
        Face<Job, Job> function = site.function(StressTest::run);
        Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
        AtomicInteger producing = new AtomicInteger(PRODUCERS);
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            threads.add(producer(function, p, new Random(random.nextLong()), producing, broken));
        }
        for (int g = 0; g < GATHERERS; g++) {
            Random own = new Random(random.nextLong());
            threads.add(new Thread(() -> {
                try {
                    while (!over.get()) {
                        gatherOnce(function, own, received);
                    }
                } catch (Throwable failure) {
                    broken.add(failure);
                }
            }));
        }
        threads.forEach(Thread::start);
        Eventually.until("all is scattered", () -> producing.get() == 0);
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        function.gatherSettled().await();
        for (int i = 0; i < 20; i++) { // and it still works
            function.scatter(new Job(0, i, 0, false));
        }
        assertThat(function.gather().await()).extracting(job -> job.number).isEqualTo(numbers(0, 20));

        site.end(); // or a gather that was cancelled could still have a task to fail
        takeDropped(setup).forEach(dropped -> {
            for (Throwable each :
                    setup.library().failuresOfTasks(dropped)) { // a combined one may be dropped as a whole
                if (!(each instanceof Refused)) {
                    broken.add(each);
                }
            }
        });
        assertThat(broken).isEmpty();
    }

    private static void gatherOnce(Face<Job, Job> function, Random random, AtomicInteger received) {
        Observation<List<Job>> gather =
                (random.nextBoolean() ? function.gather() : function.gatherDelayError()).subscribe();
        LockSupport.parkNanos(random.nextInt(500_000));
        if (random.nextInt(3) == 0) {
            gather.cancel();
            return;
        }
        Eventually.until("the gather ends", gather::isOver);
        try {
            int[] last = {-1, -1, -1};
            for (Job job : gather.value()) {
                assertThat(job.fails).isFalse();
                assertThat(job.number).isGreaterThan(last[job.producer]);
                last[job.producer] = job.number;
                received.incrementAndGet();
            }
        } catch (AssertionError failed) {
            if (failed.getCause() == null || failed.getCause() instanceof CancellationException) {
                throw failed;
            }
        }
    }
}
