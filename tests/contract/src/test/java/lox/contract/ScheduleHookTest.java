package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Outcome;
import org.junit.jupiter.api.AfterEach;

/** Each library's schedule hook sees every start of a lane, however the lane comes to run. */
@WithThreads("no lane is shown to a hook")
class ScheduleHookTest extends ContractTest {
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    @AfterEach
    void releaseHooks() {
        Library.all().forEach(Library::releaseSchedules);
    }

    private static Runnable inside(Runnable job) {
        return () -> {
            INSIDE.set(true);
            try {
                job.run();
            } finally {
                INSIDE.remove();
            }
        };
    }

    private static boolean isInside(int argument) throws InterruptedException {
        TimeUnit.MICROSECONDS.sleep(300); // the work: after some of it a lane has to make room for the other function's
        return INSIDE.get();
    }

    private static List<Throwable> failures(Face<Integer, ?> function) {
        return function.gatherSettled().await().stream()
                .map(outcome -> ((Outcome.Failure<?>) outcome).error())
                .toList();
    }

    /** A lane that the hook has seen before may still be on its way. */
    private static void assertWorksAgain(Face<Integer, Integer> function) {
        Eventually.until("the function works again", () -> {
            function.scatter(1);
            return function.gatherSettled().await().get(0) instanceof Outcome.Success<?>;
        });
    }

    @WithSubscribers
    void shouldRunEveryTaskInsideTheHookWhereLanesMakeRoomForEachOther(Setup setup) {
        if (setup.kind() == Setup.Kind.PROCESSES) {
            return; // tasks run elsewhere
        }
        setup.library().hookSchedules(ScheduleHookTest::inside);
        Site site = open(setup, 1);
        List<Face<Integer, Boolean>> functions = List.of(
                site.function(ScheduleHookTest::isInside),
                site.function(ScheduleHookTest::isInside),
                site.function((Integer i) -> isInside(i)).then(site.function(inside -> inside && isInside(0))));

        for (Face<Integer, Boolean> function : functions) {
            scatterAll(function, 0, 60);
        }

        for (Face<Integer, Boolean> function : functions) {
            assertThat(function.gather().await()).hasSize(60).containsOnly(true);
        }
    }

    @WithSubscribers
    void shouldCallTheHookOnTheWorkersThread(Setup setup) {
        if (setup.kind() == Setup.Kind.SCHEDULER) {
            return; // the scheduler calls it
        }
        Thread scattering = Thread.currentThread();
        AtomicBoolean inTheScatteringThread = new AtomicBoolean();
        AtomicInteger seen = new AtomicInteger();
        setup.library().hookSchedules(job -> {
            seen.incrementAndGet();
            if (Thread.currentThread() == scattering) {
                inTheScatteringThread.set(true);
            }
            return job;
        });
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        scatterAll(function, 0, 3);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 3));
        assertThat(seen).hasPositiveValue();
        assertThat(inTheScatteringThread).isFalse();
    }

    @WithSubscribers
    void shouldFailTheTasksWhoseHookThrows(Setup setup) {
        if (setup.kind() == Setup.Kind.SCHEDULER) {
            return; // it is thrown at the scheduler
        }
        setup.library().hookSchedules(job -> {
            throw new IllegalArgumentException("broken hook");
        });
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        scatterAll(function, 0, 3);

        assertThat(failures(function))
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("broken hook"));

        setup.library().releaseSchedules();
        assertWorksAgain(function);
    }

    @WithSubscribers
    void shouldFailTheTasksWhoseHookDropsTheLane(Setup setup) {
        if (setup.kind() == Setup.Kind.SCHEDULER) {
            return; // it hides that from lox
        }
        setup.library().hookSchedules(job -> () -> {});
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        scatterAll(function, 0, 3);

        assertThat(failures(function))
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(RejectedExecutionException.class)
                        .hasMessageContaining("schedule hook"));

        setup.library().releaseSchedules();
        assertWorksAgain(function);
    }
}
