package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** The workers as an RxJava scheduler, and an RxJava scheduler as workers. */
class SchedulerTest {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private int occupy(int i) {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        if (i % 10 == 0) {
            LockSupport.parkNanos(100_000);
        }
        now.decrementAndGet();
        return i;
    }

    @Test
    void shouldNeverRunMoreAtOnceThanThereAreWorkersTogetherWithScatters() {
        Scatter<Integer, Integer> function = Lox.thread(2, this::occupy);
        Scheduler scheduler = function.scheduler();
        assertThat(function.scheduler()).isSameAs(scheduler);

        IntStream.range(0, 300).forEach(function::scatter);
        Single<List<Integer>> piped = Flowable.range(0, 300)
                .flatMap(i -> Flowable.fromCallable(() -> occupy(i)).subscribeOn(scheduler), 8)
                .observeOn(scheduler)
                .map(this::occupy)
                .toList();
        List<List<Integer>> both = Single.zip(function.gather(), piped, List::of)
                .timeout(Patience.SECONDS, TimeUnit.SECONDS)
                .blockingGet();

        assertThat(both.get(0)).isEqualTo(IntStream.range(0, 300).boxed().toList());
        assertThat(both.get(1)).hasSize(300);
        assertThat(most).hasValueBetween(1, 2);
    }

    @Test
    void shouldRunOnTheWorkersThreads() {
        Scatter<Integer, Integer> function =
                Lox.on(Workers.threads(1).named("stage").build(), i -> i);

        assertThat(Single.fromCallable(() -> Thread.currentThread().getName())
                        .subscribeOn(function.scheduler())
                        .blockingGet())
                .startsWith("stage-");
    }

    @Test
    void shouldTimeDelays() {
        Scheduler scheduler = Lox.thread(1, (Integer i) -> i).scheduler();

        assertThat(Single.timer(5, TimeUnit.MILLISECONDS, scheduler)
                        .timeout(Patience.SECONDS, TimeUnit.SECONDS)
                        .blockingGet())
                .isZero();
    }

    @Test
    void shouldInterruptAScheduledTaskThatIsDisposedOf() throws InterruptedException {
        Scheduler scheduler = Lox.thread(1, (Integer i) -> i).scheduler();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);

        Disposable job = scheduler.scheduleDirect(() -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        assertThat(started.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        job.dispose();

        assertThat(interrupted.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldBeTheTrampolineWithoutWorkers() {
        Scheduler scheduler = Lox.thread(0, (Integer i) -> i).scheduler();

        assertThat(Single.fromCallable(Thread::currentThread)
                        .subscribeOn(scheduler)
                        .blockingGet())
                .isSameAs(Thread.currentThread());
    }

    @Test
    void shouldRunOnASchedulerOfTheUsers() {
        for (Scheduler own : List.of(Schedulers.io(), Schedulers.computation(), Schedulers.single())) {
            Scatter<Integer, String> function =
                    Lox.on(own, 2, i -> Thread.currentThread().getName());
            IntStream.range(0, 50).forEach(function::scatter);

            assertThat(function.gather().blockingGet())
                    .hasSize(50)
                    .allSatisfy(name -> assertThat(name).startsWith("Rx"));
        }
    }

    @Test
    void shouldRunInTheCallersThreadOnTheTrampoline() {
        Scatter<Integer, Thread> function = Lox.on(Schedulers.trampoline(), 2, i -> Thread.currentThread());
        IntStream.range(0, 5).forEach(function::scatter);

        assertThat(function.gather().blockingGet()).hasSize(5).containsOnly(Thread.currentThread());
    }
}
