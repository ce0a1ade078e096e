package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Completable;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import lox.sync.QueueFullException;
import lox.sync.Task;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@OnceOverProcesses("SubmitTest and BatchTest: the parent alone counts what waits")
class QueueLimitTest extends ContractTest {
    private Face<Integer, Integer> limited(Setup setup, int workers, int limit, Task<Integer, Integer> task) {
        return open(setup, workers, builder -> builder.named("narrow").queueLimit(limit))
                .function(task);
    }

    private static Thread start(Runnable action) {
        Thread thread = new Thread(action);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaitWaiting(Thread thread) {
        Eventually.until("the producer waits", () -> thread.getState() == Thread.State.WAITING);
    }

    @OnSharedWorkers
    void shouldLetScatterWaitWhileTheLimitIsReached(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = limited(setup, 1, 2, i -> {
            turnstile.pass();
            return i;
        });

        function.scatter(0);
        turnstile.awaitArrivals(1);
        scatterAll(function, 1, 3); // two wait, which is the limit
        AtomicBoolean scattered = new AtomicBoolean();
        Thread producer = start(() -> {
            function.scatter(3);
            scattered.set(true);
        });
        awaitWaiting(producer);
        assertThat(scattered).isFalse();
        assertThat(function.pending()).isEqualTo(2);

        turnstile.open();
        producer.join();
        assertThat(function.gather().await()).isEqualTo(numbers(0, 4));
    }

    @OnSharedWorkers
    void shouldLoseNothingAtTheLimit(Setup setup) {
        Face<Integer, Integer> function = limited(setup, 2, 1, i -> i);

        for (int batch = 0; batch < 3; batch++) {
            scatterAll(function, 0, 500);
            assertThat(function.gather().await()).isEqualTo(numbers(0, 500));
        }
    }

    @OnSharedWorkers
    void shouldLetAnInterruptedProducerGoWithNothingScattered(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = limited(setup, 1, 1, i -> {
            turnstile.pass();
            return i;
        });

        function.scatter(0);
        turnstile.awaitArrivals(1);
        function.scatter(1);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread producer = start(() -> {
            try {
                function.scatter(2);
                thrown.complete(new AssertionError("scattered"));
            } catch (Throwable failure) {
                flag.set(Thread.currentThread().isInterrupted());
                thrown.complete(failure);
            }
        });
        awaitWaiting(producer);
        producer.interrupt();

        assertThat(thrown.join())
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("narrow")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(flag).isTrue();
        turnstile.open();
        assertThat(function.gather().await()).containsExactly(0, 1);
    }

    @WithThreads("it scatters from a thread that lox does not know")
    @InThisJvm("a task in another process cannot scatter to its own function, which is here")
    @OnSharedWorkers
    void shouldNotLetATaskWaitForItsOwnPlace(Setup setup) throws InterruptedException {
        CompletableFuture<Face<Integer, Integer>> self = new CompletableFuture<>();
        CountDownLatch all = new CountDownLatch(1 + 10 + 10);
        Face<Integer, Integer> function = limited(setup, 1, 2, i -> {
            if (i > 0) {
                for (int k = 0; k < 10; k++) {
                    self.join().scatter(i - 2);
                }
            }
            all.countDown();
            return i;
        });
        self.complete(function);

        function.scatter(1); // scatters ten that scatter nothing
        Eventually.until("the task has scattered", () -> all.getCount() <= 10 + 10);
        scatterAll(function, -10, 0);
        Eventually.open(all);

        assertThat(function.gather().await()).hasSize(21);
    }

    @OnSharedWorkers
    void shouldLetProducersGoOnWhenTheBatchIsCancelled(Setup setup) throws InterruptedException {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = limited(setup, 1, 3, i -> {
            if (i == 0) {
                turnstile.pass();
            }
            return i;
        });

        function.scatter(0);
        turnstile.awaitArrivals(1);
        scatterAll(function, 1, 4);
        Observation<List<Integer>> gather = function.gather().subscribe();
        Thread producer = start(() -> scatterAll(function, 10, 20));
        awaitWaiting(producer);
        gather.cancel();
        producer.join();

        assertThat(function.gather().await()).isEqualTo(numbers(10, 20));
    }

    @OnSharedWorkers
    void shouldRefuseWaitingProducersWhenTheWorkersAreClosed(Setup setup) {
        Turnstile turnstile = new Turnstile();
        Site site = open(setup, 1, builder -> builder.named("narrow").queueLimit(1));
        Face<Integer, Integer> function = site.function(i -> {
            turnstile.pass();
            return i;
        });

        function.scatter(0);
        turnstile.awaitArrivals(1);
        function.scatter(1);
        FutureTask<Integer> scatter = new FutureTask<>(() -> function.scatter(2));
        awaitWaiting(start(scatter));
        site.workers().close();

        assertThatThrownBy(() -> scatter.get(Eventually.SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("closed");
    }

    @InEachLibrary
    void shouldNotWaitWhereTasksRunInTheCallersThread(Setup setup) {
        Site site = open(new Setup(setup.library(), Setup.Kind.INLINE), 0, builder -> builder.queueLimit(1));
        Face<Integer, Integer> function = site.function(i -> i);

        scatterAll(function, 0, 10);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 10));
    }

    @Test
    void shouldRefuseToWaitOnANonBlockingThreadOfReactor() {
        refusesToWait(
                Library.REACTOR,
                action -> Mono.fromRunnable(action)
                        .subscribeOn(Schedulers.parallel())
                        .block());
    }

    @Test
    void shouldRefuseToWaitOnANonBlockingThreadOfRxJava() {
        refusesToWait(
                Library.RXJAVA,
                action -> Completable.fromRunnable(action)
                        .subscribeOn(io.reactivex.rxjava3.schedulers.Schedulers.computation())
                        .blockingAwait());
    }

    /** Runs on a thread that must not block, and throws what is thrown there. */
    private interface Producer {
        void produce(Runnable action);
    }

    /** Every way in which an argument comes to a function. */
    private static final List<Consumer<Face<Integer, Integer>>> WAYS = List.of(
            function -> function.scatter(2),
            function -> function.submit(2),
            function -> function.gather(List.of(2)),
            function -> function.batch().scatter(2));

    private void refusesToWait(Library library, Producer producer) {
        Turnstile turnstile = new Turnstile();
        Face<Integer, Integer> function = limited(new Setup(library, Setup.Kind.THREADS), 1, 1, i -> {
            turnstile.pass();
            return i;
        });
        function.scatter(0);
        turnstile.awaitArrivals(1);
        function.scatter(1);

        for (Consumer<Face<Integer, Integer>> way : WAYS) {
            assertThatThrownBy(() -> producer.produce(() -> way.accept(function)))
                    .isInstanceOf(QueueFullException.class)
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("narrow")
                    .hasMessageContaining("must not block");
        }
        assertThat(function.pending()).as("nothing was scattered").isEqualTo(1);

        turnstile.open();
        assertThat(function.gather().await()).containsExactly(0, 1);
        producer.produce(() -> function.scatter(2)); // below the limit it is welcome
        assertThat(function.gather().await()).containsExactly(2);
    }

    @InEachLibrary
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldCountNullsAgainstTheLimitToo(Setup setup) {
        Site site = open(setup, 1, builder -> builder.queueLimit(1));
        Face<@Nullable Integer, @Nullable Integer> function = site.function(i -> i);

        for (int i = 0; i < 20; i++) {
            function.scatter(null);
        }

        assertThat(function.gather().await()).hasSize(20).containsOnlyNulls();
    }
}
