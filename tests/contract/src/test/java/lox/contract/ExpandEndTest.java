package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;

/** An {@code expand} that ends early: what is not begun any more, and which failures are told of. */
class ExpandEndTest extends ContractTest {
    private static final List<Integer> NONE = List.of();

    private static Thread start(Runnable action) {
        Thread thread = new Thread(action, "other");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Plain Java cancels in the thread that gathers, when it has been interrupted. */
    private static void cancel(Setup setup, Observation<?> expand) {
        expand.cancel();
        Eventually.until("it is cancelled", () -> setup.library().hasSubscribers() || expand.isOver());
    }

    @WithThreads("a call that is cancelled is over: what fails afterwards is the affair of what it returned")
    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldReportFailuresThatComeAfterTheCancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 2, i -> {
            turnstile.passStubbornly();
            throw new IllegalStateException("failure " + i);
        });
        Observation<List<Integer>> expand =
                function.expand(List.of(0, 1), i -> NONE).subscribe();
        turnstile.awaitArrivals(2);

        expand.cancel();
        turnstile.awaitInterrupts(2);
        turnstile.open();

        assertThat(awaitDropped(setup, 2))
                .extracting(Throwable::getMessage)
                .containsExactlyInAnyOrder("failure 0", "failure 1");
    }

    @WithThreads("a call that is cancelled is over: what fails afterwards is the affair of what it returned")
    @InThisJvm("a process whose task is cancelled is killed, and nothing comes after that")
    @OnConcurrentWorkers
    void shouldAttachFailuresThatComeAfterTheFirst(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 3, i -> {
            turnstile.passStubbornly();
            throw new IllegalStateException("failure " + i);
        });
        Observation<List<Integer>> expand =
                function.expand(List.of(0, 1, 2), i -> NONE).subscribe();
        turnstile.awaitArrivals(3);

        turnstile.open();

        Throwable first = setup.library().failureOfTask(expand.failure());
        Eventually.until("the others are attached", () -> messages(first).size() == 3);
        assertThat(messages(first)).containsExactlyInAnyOrder("failure 0", "failure 1", "failure 2");
    }

    private static List<String> messages(Throwable first) {
        List<String> messages = new ArrayList<>(List.of(String.valueOf(first.getMessage())));
        for (Throwable other : first.getSuppressed()) {
            if (other.getClass() == first.getClass()) {
                messages.add(String.valueOf(other.getMessage()));
            }
        }
        return messages;
    }

    @OnConcurrentWorkers
    void shouldReportAFailureOfTheFunctionOfTheResultsThatComesAfterTheCancel(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = function(setup, 1, i -> i);
        Observation<List<Integer>> expand = function.expand(List.of(0), i -> {
                    turnstile.passStubbornly();
                    throw new UnsupportedOperationException("of the results");
                })
                .subscribe();
        turnstile.awaitArrivals(1);

        cancel(setup, expand);
        turnstile.open();

        assertThat(awaitDropped(setup, 1)).extracting(Throwable::getMessage).containsExactly("of the results");
        assertThat(function.gather(List.of(7)).await()).containsExactly(7);
    }

    /** A result may lead to more arguments than there is time for. */
    @OnConcurrentWorkers
    void shouldTakeNoMoreArgumentsOfAResultAfterTheCancel(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        AtomicInteger taken = new AtomicInteger();
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> i);
        Iterable<Integer> many = () -> IntStream.rangeClosed(1, 10_000)
                .peek(i -> {
                    taken.set(i);
                    if (i == 3) {
                        turnstile.passStubbornly();
                    }
                })
                .iterator();
        Observation<List<Integer>> expand =
                function.expand(List.of(0), i -> i == 0 ? many : NONE).subscribe();
        turnstile.awaitArrivals(1);

        cancel(setup, expand);
        turnstile.open();
        site.end();

        assertThat(taken).hasValueLessThanOrEqualTo(4);
    }

    @OnAllWorkers
    void shouldTakeNoMoreSeedsAfterAFailure(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i == 0) {
                throw new IllegalStateException("planned");
            }
            return i;
        });
        AtomicInteger taken = new AtomicInteger();
        Iterable<Integer> seeds = () -> IntStream.range(0, 1_000)
                .peek(i -> {
                    taken.incrementAndGet();
                    assertThat(function.gather(List.of(1)).await())
                            .as("time for it to fail")
                            .containsExactly(1);
                })
                .boxed()
                .iterator();

        assertThat(setup.library().failureOfTask(refusal(() -> function.expand(seeds, i -> NONE))))
                .hasMessage("planned");
        assertThat(taken).hasValueLessThan(1_000);
    }

    /** While the workers are being closed, and before the expand has been told of it. */
    @InEachLibrary
    void shouldBeCancelledWhatEverLearnsOfTheCloseFirst(Setup setup) {
        Setup async = new Setup(setup.library(), Setup.Kind.ASYNC);
        for (int round = 0; round < 10; round++) {
            Workers workers = open(async, 20).workers();
            Turnstile deciding = new Turnstile();
            AtomicReference<@Nullable Observation<List<Integer>>> expand = new AtomicReference<>();
            Runnable goOn = () -> {
                deciding.open();
                Eventually.until("it is over", () -> {
                    Observation<List<Integer>> under = expand.get();
                    return under != null && under.isOver();
                });
            };
            List<Face<Integer, Integer>> bystanders = new ArrayList<>(); // some of which are closed before it
            for (int i = 0; i < 4; i++) {
                bystanders.add(bystander(async, workers, goOn));
            }
            Calls calls = new Calls();
            Face<Integer, Integer> function = setup.library().promising(workers, calls::begin);
            for (int i = 0; i < 4; i++) {
                bystanders.add(bystander(async, workers, goOn));
            }
            expand.set(function.expand(List.of(0), i -> {
                        deciding.passStubbornly();
                        return List.of(i + 1);
                    })
                    .subscribe());
            start(() -> calls.endNext());
            deciding.awaitArrivals(1);

            workers.close();

            Observation<List<Integer>> ended = Objects.requireNonNull(expand.get());
            assertThat(ended.failure()).isInstanceOf(CancellationException.class);
            assertThat(bystanders).hasSize(8);
        }
    }

    /** A function with a call under way. */
    private static Face<Integer, Integer> bystander(Setup setup, Workers workers, Runnable atTheClose) {
        Face<Integer, Integer> function =
                setup.library().promising(workers, i -> new Promise<Integer>().whenCancelled(atTheClose));
        function.scatter(0);
        return function;
    }
}
