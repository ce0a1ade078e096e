package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The workers as a Reactor scheduler, and a Reactor scheduler as workers. */
class SchedulerTest {
    private static final Duration LIMIT = Patience.LIMIT;
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
        Mono<List<Integer>> piped = Flux.range(0, 300)
                .flatMap(i -> Mono.fromCallable(() -> occupy(i)).subscribeOn(scheduler), 8)
                .publishOn(scheduler)
                .map(this::occupy)
                .collectList();

        StepVerifier.create(Mono.zip(function.gather(), piped))
                .assertNext(both -> {
                    assertThat(both.getT1())
                            .isEqualTo(IntStream.range(0, 300).boxed().toList());
                    assertThat(both.getT2()).hasSize(300);
                })
                .expectComplete()
                .verify(LIMIT);
        assertThat(most).hasValueBetween(1, 2);
    }

    @Test
    void shouldRunOnTheWorkersThreads() {
        Scatter<Integer, Integer> function =
                Lox.on(Workers.threads(1).named("stage").build(), i -> i);

        Mono<String> thread =
                Mono.fromCallable(() -> Thread.currentThread().getName()).subscribeOn(function.scheduler());

        StepVerifier.create(thread)
                .assertNext(name -> assertThat(name).startsWith("stage-"))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldTimeDelays() {
        Scheduler scheduler = Lox.thread(1, (Integer i) -> i).scheduler();

        StepVerifier.create(Mono.delay(Duration.ofMillis(5), scheduler))
                .expectNext(0L)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldBelongToTheFirstFunctionOfAChain() {
        Scatter<Integer, Integer> first = Lox.thread(1, i -> i);

        assertThat(first.andThen(Lox.thread(1, i -> i)).scheduler()).isSameAs(first.scheduler());
    }

    @Test
    void shouldTellOfItself() {
        Workers workers = Workers.threads(3).named("stage").build();
        Scheduler scheduler = Lox.on(workers, (Integer i) -> i).scheduler();

        Scannable scannable = Scannable.from(scheduler);
        assertThat(scannable.isScanAvailable()).isTrue();
        assertThat(scannable.scan(Scannable.Attr.NAME)).isEqualTo("lox(stage)");
        assertThat(scannable.scan(Scannable.Attr.CAPACITY)).isEqualTo(3);
        assertThat(scannable.scan(Scannable.Attr.TERMINATED)).isFalse();
        workers.close();
        assertThat(scannable.scan(Scannable.Attr.TERMINATED)).isTrue();
        assertThat(scannable.scan(Scannable.Attr.CANCELLED)).isTrue();
        assertThat(scheduler.isDisposed()).isTrue();
    }

    @Test
    void shouldBeImmediateWithoutWorkers() {
        Scheduler scheduler = Lox.thread(0, (Integer i) -> i).scheduler();

        assertThat(Mono.fromCallable(Thread::currentThread)
                        .subscribeOn(scheduler)
                        .block(LIMIT))
                .isSameAs(Thread.currentThread());
    }

    @Test
    void shouldRunOnASchedulerOfTheUsersAndLeaveItAlone() {
        Scheduler own = Schedulers.newBoundedElastic(4, 100, "own");
        try {
            Scatter<Integer, String> function =
                    Lox.on(own, 2, i -> Thread.currentThread().getName());
            IntStream.range(0, 20).forEach(function::scatter);

            assertThat(function.gather().block(LIMIT))
                    .hasSize(20)
                    .allSatisfy(name -> assertThat(name).startsWith("own-"));
            assertThat(own.isDisposed()).isFalse();
        } finally {
            own.dispose();
        }
    }

    @Test
    void shouldScatterAndGatherOnASingleThreadOfTheUsers() {
        Scatter<Integer, Integer> function = Lox.on(Schedulers.single(), 1, i -> i * 2);
        IntStream.range(0, 100).forEach(function::scatter);

        StepVerifier.create(function.gather())
                .expectNext(IntStream.range(0, 100).mapToObj(i -> i * 2).toList())
                .expectComplete()
                .verify(LIMIT);
    }
}
