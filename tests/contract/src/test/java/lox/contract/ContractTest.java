package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.internal.core.TaskOrigin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Opens workers, closes them after the test, and looks at what every library's hook for failures nobody can receive has seen:
 * what a test does not ask for must not be there.
 */
abstract class ContractTest {
    /** What a hook has seen, and whose hook it was. */
    record Dropped(Library library, Throwable failure) {
        /** Between two tests a library has its own handler, which tells in its own way what plain Java hears of then. */
        boolean mayComeAtAnyTime() {
            return Library.all().stream()
                    .anyMatch(any -> any.failuresOfTasks(failure).stream().allMatch(ToldAtAnyTime.class::isInstance));
        }
    }

    static final Duration SOON = Duration.ofMillis(20);

    private final List<Site> sites = new ArrayList<>();
    private final Queue<Dropped> dropped = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void captureDroppedFailures() {
        for (Library library : Library.all()) {
            library.captureDropped(failure -> dropped.add(new Dropped(library, failure)));
        }
    }

    @AfterEach
    void closeAndLookForDroppedFailures() {
        List<Dropped> unexpected =
                dropped.stream().filter(one -> !one.mayComeAtAnyTime()).toList();
        sites.forEach(Site::leave);
        Library.all().forEach(Library::releaseDropped);
        assertThat(unexpected).as("failures dropped without the test's asking").isEmpty();
    }

    final Site open(Setup setup, int workers) {
        Site site = Site.open(setup, workers);
        sites.add(site);
        return site;
    }

    final Site open(Setup setup, int workers, UnaryOperator<Workers.Builder> options) {
        Site site = Site.open(setup, workers, options);
        sites.add(site);
        return site;
    }

    final <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> function(
            Setup setup, int workers, Task<T, R> task) {
        return open(setup, workers).function(task);
    }

    /** Takes what the library's hook has seen so far. */
    final List<Throwable> takeDropped(Setup setup) {
        List<Throwable> taken = new ArrayList<>();
        for (Dropped one : List.copyOf(dropped)) {
            if (one.library() == setup.library() && dropped.remove(one)) {
                taken.add(one.failure());
            }
        }
        return taken;
    }

    /** How much the hooks have seen and nobody has taken. */
    final int droppedSoFar() {
        return dropped.size();
    }

    /** Waits until the library's hook has seen so many failures, and takes them. */
    final List<Throwable> awaitDropped(Setup setup, int count) {
        Eventually.until(count + " failures dropped, but only " + dropped, () -> dropped.size() >= count);
        return takeDropped(setup);
    }

    /**
     * A limit that no task comes near but those that wait, on a busy machine either: one in another process has to call home, and few runs
     * of it are compiled.
     */
    static Duration soon(Setup setup) {
        return setup.kind() == Setup.Kind.PROCESSES ? Duration.ofSeconds(1) : Duration.ofMillis(200);
    }

    /**
     * A limit for tasks of which one is held up, and none of the others may be late: a thread may be suspended for half
     * a second in the midst of a task that does nothing, and a collection stops them all.
     */
    static final Duration LATER_THAN_A_STALL = Duration.ofSeconds(1);

    /** How often to try something that may cost a worker: a tenth as often where that means to start a JVM. */
    static int rounds(Setup setup, int rounds) {
        return setup.kind() == Setup.Kind.PROCESSES ? rounds / 10 : rounds;
    }

    /** What a failure says of the task that it comes from. */
    static String origin(Throwable failure) {
        List<Throwable> origins = Stream.of(failure.getSuppressed())
                .filter(TaskOrigin.class::isInstance)
                .toList();
        assertThat(origins).hasSize(1);
        return String.valueOf(origins.get(0).getMessage());
    }

    /** What a gather is refused with: at the call, or as its signal. */
    static Throwable refusal(Supplier<Result<?>> gather) {
        Result<?> refused;
        try {
            refused = gather.get();
        } catch (RuntimeException atTheCall) {
            return atTheCall;
        }
        return refused.awaitFailure();
    }

    /** That a gatherer has received what a task threw or returned: the very object, or a copy where it had to travel. */
    static void assertIs(Setup setup, Throwable received, Throwable original) {
        if (setup.kind() == Setup.Kind.PROCESSES) {
            assertThat(received).hasSameClassAs(original).hasMessage(original.getMessage());
        } else {
            assertThat(received).isSameAs(original);
        }
    }

    static void scatterAll(Face<Integer, ?> function, int from, int to) {
        IntStream.range(from, to).forEach(function::scatter);
    }

    static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
