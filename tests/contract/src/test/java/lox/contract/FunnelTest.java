package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import lox.sync.JobInput;
import lox.sync.Joined;
import lox.test.Patience;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What a Funnel does in every library. The engine is tested in lox-sync; this is what goes through the adapters. */
class FunnelTest extends ContractTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private final Queue<String> discarded = new ConcurrentLinkedQueue<>();

    private HotFunnel open(Setup setup) {
        return HotFunnel.open(
                setup.library(),
                options -> options.prefetch(8).onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId())));
    }

    private static Flux<Integer> ids(HotFunnel funnel) {
        return Flux.from(funnel.items()).map(Joined::jobId);
    }

    @InEachLibrary
    void shouldEmitJoinedJobsInTheOrderInWhichTheyWereFilled(Setup setup) {
        HotFunnel funnel = open(setup);
        HotFunnel.Input left = funnel.input("left");
        HotFunnel.Input right = funnel.input("right");
        for (int i = 0; i < 5; i++) {
            left.put(i, i);
        }
        for (int i : new int[] {3, 1, 4}) {
            right.put(i, -i);
        }
        StepVerifier.create(Flux.from(funnel.items()), 0)
                .thenRequest(1)
                .assertNext(job -> {
                    assertThat(job.jobId()).isEqualTo(3);
                    assertThat(job.get(left.input())).isEqualTo(3);
                    assertThat(job.get(right.input())).isEqualTo(-3);
                })
                .thenRequest(5)
                .assertNext(job -> assertThat(job.values()).containsExactly(1, -1))
                .assertNext(job -> assertThat(job.values()).containsExactly(4, -4))
                .then(() -> right.put(0, 0))
                .assertNext(job -> assertThat(job.jobId()).isZero())
                .then(funnel.funnel()::complete)
                .expectComplete()
                .verify(LIMIT);
        assertThat(discarded).containsExactly("COMPLETED 2");
    }

    @InEachLibrary
    void shouldLeaveWhatACancelledSubscriberHasNotBeenGiven(Setup setup) {
        HotFunnel funnel = open(setup);
        HotFunnel.Input only = funnel.input("only");
        for (int i = 0; i < 4; i++) {
            only.put(i, i);
        }
        StepVerifier.create(ids(funnel), 2).expectNext(0, 1).thenCancel().verify(LIMIT);
        assertThat(funnel.funnel().readyJobs()).isEqualTo(2);
        funnel.funnel().complete();
        StepVerifier.create(ids(funnel)).expectNext(2, 3).expectComplete().verify(LIMIT);
        StepVerifier.create(ids(funnel)).expectComplete().verify(LIMIT);
    }

    @InEachLibrary
    void shouldJoinWhatPublishersEmitAndSlowThemDown(Setup setup) {
        int count = 5_000;
        HotFunnel funnel = open(setup);
        HotFunnel.Input left = funnel.input("left");
        HotFunnel.Input right = funnel.input("right");
        Flux<Integer> numbers = Flux.range(0, count).publishOn(Schedulers.parallel());
        left.feed().from(numbers, i -> i);
        right.feed().from(numbers, i -> i ^ 3);
        Eventually.until(
                "both have filled what is asked in advance",
                () -> funnel.funnel().readyJobs() >= 8);
        assertThat(funnel.funnel().readyJobs()).isLessThanOrEqualTo(8 + 2 * 8);
        List<Integer> ids = ids(funnel).limitRate(3).collectList().block(LIMIT);
        assertThat(ids)
                .hasSize(count)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, count).boxed().toList());
        assertThat(discarded).isEmpty();
    }

    @InEachLibrary
    void shouldFailWithAPublisherAndCancelTheOthers(Setup setup) {
        HotFunnel funnel = open(setup);
        TestPublisher<Integer> left = TestPublisher.create();
        TestPublisher<Integer> right = TestPublisher.create();
        HotFunnel.Input leftInput = funnel.input("left");
        HotFunnel.Input rightInput = funnel.input("right");
        leftInput.feed().from(left, i -> i);
        rightInput.feed().from(right, i -> i);
        left.next(1, 2);
        right.next(1);
        left.error(new IllegalStateException("planned"));
        right.assertCancelled();
        assertThat(discarded).containsExactly("FAILED 2");
        StepVerifier.create(ids(funnel))
                .expectNext(1)
                .expectErrorMessage("planned")
                .verify(LIMIT);
        assertThatThrownBy(() -> rightInput.put(3, 3)).isInstanceOf(IllegalStateException.class);
    }

    @InEachLibrary
    void shouldCompleteWithItsPublishers(Setup setup) {
        HotFunnel funnel = open(setup);
        HotFunnel.Input left = funnel.input("left");
        HotFunnel.Input right = funnel.input("right");
        left.feed().from(Flux.just(1, 2, 3), i -> i);
        right.feed().from(Flux.just(3, 4, 1), i -> i);
        StepVerifier.create(ids(funnel)).expectNext(3, 1).expectComplete().verify(LIMIT);
        assertThat(discarded).containsExactlyInAnyOrder("COMPLETED 2", "COMPLETED 4");
    }

    @InEachLibrary
    void shouldExpireByTheLibrarysTimer(Setup setup) {
        HotFunnel funnel = HotFunnel.open(
                setup.library(),
                options -> options.expireAfter(Duration.ofMillis(10))
                        .onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId())));
        HotFunnel.Input left = funnel.input("left");
        JobInput<Integer, Integer> right = funnel.input("right").input();
        left.put(1, 1);
        Eventually.until("it expires", () -> !discarded.isEmpty());
        assertThat(discarded).containsExactly("EXPIRED 1");
        right.leave();
        assertThat(funnel.funnel().pendingJobs()).isZero();
    }

    @InEachLibrary
    void shouldJoinWhatIsPendingWhenTheLastInputLeaves(Setup setup) {
        HotFunnel funnel = open(setup);
        HotFunnel.Input left = funnel.input("left");
        HotFunnel.Input right = funnel.input("right");
        for (int i = 0; i < 3; i++) {
            left.put(i, i);
            right.put(i + 1, -i);
        }
        left.input().leave();
        right.input().leave();
        assertThat(ids(funnel).collectList().block(LIMIT)).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(discarded).isEmpty();
    }

    @InEachLibrary
    void shouldJoinWithoutTheValueOfAnOptionalInputThatHasCompleted(Setup setup) {
        HotFunnel funnel = open(setup);
        HotFunnel.Input left = funnel.input("left");
        HotFunnel.Input right = funnel.optionalInput("right");
        left.feed().from(Flux.just(1, 2, 3), i -> i);
        right.feed().from(Flux.just(3, 4, 1), i -> i);
        StepVerifier.create(Flux.from(funnel.items()).map(Object::toString))
                .expectNext("Joined[3, left=3, right=3]", "Joined[1, left=1, right=1]", "Joined[2, left=2]")
                .expectComplete()
                .verify(LIMIT);
        assertThat(discarded).containsExactly("COMPLETED 4");
    }

    @InEachLibrary
    void shouldReportWhatNobodyCanReceiveToTheLibrarysHook(Setup setup) {
        List<Throwable> planned = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            planned.add(new IllegalStateException("planned " + i));
        }
        HotFunnel funnel = HotFunnel.open(
                setup.library(),
                options -> options.onDiscard((job, reason) -> {
                    throw new IllegalStateException("of the hook");
                }));
        HotFunnel.Input left = funnel.input("left");
        funnel.input("right");
        left.put(1, 1);
        funnel.funnel().complete();
        funnel.funnel().fail(planned.get(0));
        List<Throwable> dropped = awaitDropped(setup, 2);
        assertThat(dropped).hasSize(2);
        assertThat(messages(dropped.get(0))).contains("of the hook");
        assertThat(messages(dropped.get(1))).contains("planned 0");
        TestPublisher<Integer> late = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        HotFunnel other = open(setup);
        HotFunnel.Input fed = other.input("fed");
        fed.feed().from(late, i -> i);
        other.funnel().complete();
        late.error(planned.get(1));
        assertThat(messages(awaitDropped(setup, 1).get(0))).contains("planned 1");
    }

    /** RxJava wraps what it cannot deliver. */
    private static String messages(Throwable failure) {
        return failure.getMessage() + " / "
                + (failure.getCause() == null ? "" : failure.getCause().getMessage());
    }

    @InEachLibrary
    void shouldGiveEachJobOnceWhileManyThreadsPutAndSubscribersComeAndGo(Setup setup) throws InterruptedException {
        int count = 10_000;
        HotFunnel funnel = open(setup);
        List<HotFunnel.Input> inputs = List.of(funnel.input("a"), funnel.input("b"), funnel.input("c"));
        Queue<Integer> delivered = new ConcurrentLinkedQueue<>();
        List<Thread> putters = new ArrayList<>();
        for (HotFunnel.Input input : inputs) {
            Thread putter = new Thread(() -> IntStream.range(0, count).forEach(i -> input.put(i, i)), "putter");
            putter.setDaemon(true);
            putter.start();
            putters.add(putter);
        }
        Publisher<Integer> ids = ids(funnel).doOnNext(delivered::add);
        while (putters.stream().anyMatch(Thread::isAlive)) {
            Flux.from(ids).take(100).timeout(Duration.ofMillis(5), Flux.empty()).blockLast(LIMIT);
        }
        for (Thread putter : putters) {
            putter.join(LIMIT.toMillis());
        }
        funnel.funnel().complete();
        Flux.from(ids).blockLast(LIMIT);
        assertThat(delivered).hasSize(count).doesNotHaveDuplicates();
        assertThat(discarded).isEmpty();
    }
}
