package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** The joined jobs as a publisher. */
class FunnelPublisherTest {
    private final Funnel<Integer> funnel = Funnel.create();
    private final Funnel.Input<Integer, String> a = funnel.input("a");
    private final Funnel.Input<Integer, String> b = funnel.input("b");

    private void join(int from, int to) {
        for (int i = from; i < to; i++) {
            a.put(i, "a");
            b.put(i, "b");
        }
    }

    private static List<Integer> ids(FlowRecorder<Joined<Integer>> subscriber) {
        return subscriber.values().stream().map(Joined::jobId).toList();
    }

    @Test
    void shouldKeepWhatNobodyHasRequested() {
        join(0, 3);
        FlowRecorder<Joined<Integer>> subscriber = FlowRecorder.requesting(0);
        funnel.asPublisher().subscribe(subscriber);
        join(3, 5);
        assertThat(ids(subscriber)).isEmpty();
        subscriber.request(2);
        assertThat(ids(subscriber)).containsExactly(0, 1);
        subscriber.request(2);
        subscriber.request(2);
        join(5, 8);
        assertThat(ids(subscriber)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(funnel.readyJobs()).isEqualTo(2);
        subscriber.request(Long.MAX_VALUE);
        subscriber.request(Long.MAX_VALUE);
        join(8, 9);
        assertThat(ids(subscriber)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void shouldGiveEachJobToOneSubscriber() {
        List<FlowRecorder<Joined<Integer>>> subscribers = IntStream.range(0, 3)
                .mapToObj(i -> FlowRecorder.<Joined<Integer>>requesting(10))
                .toList();
        subscribers.forEach(funnel.asPublisher()::subscribe);
        join(0, 35);
        List<Integer> all = new ArrayList<>();
        for (FlowRecorder<Joined<Integer>> subscriber : subscribers) {
            assertThat(ids(subscriber)).hasSize(10).isSorted();
            all.addAll(ids(subscriber));
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 30).boxed().toList());
        assertThat(funnel.readyJobs()).isEqualTo(5);
    }

    @Test
    void shouldLeaveWhatACancelledSubscriberHasNotBeenGiven() {
        FlowRecorder<Joined<Integer>> leaves = FlowRecorder.requesting(2);
        funnel.asPublisher().subscribe(leaves);
        join(0, 4);
        leaves.cancel();
        FlowRecorder<Joined<Integer>> comes = FlowRecorder.unbounded();
        funnel.asPublisher().subscribe(comes);
        join(4, 5);
        leaves.request(5);
        assertThat(ids(leaves)).containsExactly(0, 1);
        assertThat(ids(comes)).containsExactly(2, 3, 4);
    }

    @Test
    void shouldDeliverInOrderToASubscriberThatPutsFromInside() {
        FlowRecorder<Joined<Integer>> subscriber = FlowRecorder.unbounded();
        subscriber.onEach(job -> {
            if (job.jobId() < 10_000) {
                join(job.jobId() + 1, job.jobId() + 2);
            }
        });
        funnel.asPublisher().subscribe(subscriber);
        join(0, 1);
        assertThat(ids(subscriber)).hasSize(10_001).isSorted();
    }

    @Test
    void shouldEndOneThatRequestsNothingOrLessAndNoOther() {
        FlowRecorder<Joined<Integer>> bad = FlowRecorder.requesting(0);
        funnel.asPublisher().subscribe(bad);
        FlowRecorder<Joined<Integer>> good = FlowRecorder.unbounded();
        bad.request(-1);
        funnel.asPublisher().subscribe(good);
        join(0, 2);
        assertThat(bad.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("3.9")
                        .hasMessageContaining("-1"));
        assertThat(ids(good)).containsExactly(0, 1);
        assertThat(bad.values()).isEmpty();
    }

    @Test
    void shouldCancelOneThatThrowsAndNoOther() {
        List<Throwable> uncaught = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        try {
            IllegalStateException failure = new IllegalStateException("planned");
            FlowRecorder<Joined<Integer>> throwing = FlowRecorder.unbounded();
            throwing.onEach(job -> {
                throw failure;
            });
            funnel.asPublisher().subscribe(throwing);
            join(0, 2);
            FlowRecorder<Joined<Integer>> good = FlowRecorder.unbounded();
            funnel.asPublisher().subscribe(good);
            assertThat(ids(throwing)).containsExactly(0);
            assertThat(throwing.failures()).isEmpty();
            assertThat(ids(good)).containsExactly(1);
            assertThat(uncaught).containsExactly(failure);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }
    }

    @Test
    void shouldNotHoldUpOthersWithASlowSubscriber() throws Exception {
        CountDownLatch slowIsInside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FlowRecorder<Joined<Integer>> slow = FlowRecorder.unbounded();
        slow.onEach(job -> {
            slowIsInside.countDown();
            try {
                Elsewhere.await(goOn);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        funnel.asPublisher().subscribe(slow);
        Elsewhere<Boolean> putting = Elsewhere.call(() -> {
            join(0, 1);
            return true;
        });
        Elsewhere.await(slowIsInside);
        FlowRecorder<Joined<Integer>> quick = FlowRecorder.unbounded();
        funnel.asPublisher().subscribe(quick);
        join(1, 100);
        assertThat(ids(quick)).hasSize(99).isSorted();
        goOn.countDown();
        assertThat(putting.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(ids(slow)).containsExactly(0);
    }

    @Test
    void shouldShareWithThreadsThatTake() throws Exception {
        FlowRecorder<Joined<Integer>> subscriber = FlowRecorder.requesting(1);
        funnel.asPublisher().subscribe(subscriber);
        Elsewhere<Integer> taking = Elsewhere.call(() -> funnel.take().jobId()).waiting();
        join(0, 2);
        assertThat(taking.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isIn(0, 1);
        assertThat(subscriber.values()).hasSize(1);
        assertThat(funnel.readyJobs()).isZero();
    }

    /** A subscriber of this Funnel, told to wait, and the thread that has run into it. */
    private Elsewhere<Boolean> stuckIn(Funnel<Integer> one, CountDownLatch goOn, Runnable putting) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        FlowRecorder<Joined<Integer>> slow = FlowRecorder.unbounded();
        slow.onEach(job -> {
            inside.countDown();
            try {
                Elsewhere.await(goOn);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        one.asPublisher().subscribe(slow);
        Elsewhere<Boolean> stuck = Elsewhere.call(() -> {
            putting.run();
            return true;
        });
        Elsewhere.await(inside);
        return stuck;
    }

    @Test
    void shouldWakeWhoWaitsForRoomBesideASlowSubscriber() throws Exception {
        Funnel<Integer> small =
                Funnel.<Integer>builder().pendingLimit(1, WhenFull.WAIT).build();
        Funnel.Input<Integer, String> left = small.input("left");
        Funnel.Input<Integer, String> right = small.input("right");
        left.put(1, "l");
        Elsewhere<Boolean> waiting = Elsewhere.call(() -> {
                    left.put(2, "l");
                    return true;
                })
                .waiting();
        CountDownLatch goOn = new CountDownLatch(1);
        Elsewhere<Boolean> stuck = stuckIn(small, goOn, () -> right.put(1, "r"));
        assertThat(waiting.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(small.pendingJobs()).isEqualTo(1);
        goOn.countDown();
        assertThat(stuck.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldJoinAllThatWaitedForAnInputThatLeavesBesideASlowSubscriber() throws Exception {
        for (int i = 0; i < 5; i++) {
            a.put(i, "a");
        }
        CountDownLatch goOn = new CountDownLatch(1);
        Elsewhere<Boolean> leaving = stuckIn(funnel, goOn, b::leave);
        assertThat(funnel.pendingJobs()).isZero();
        assertThat(funnel.readyJobs()).isEqualTo(4);
        FlowRecorder<Joined<Integer>> quick = FlowRecorder.requesting(3);
        funnel.asPublisher().subscribe(quick);
        assertThat(quick.values()).hasSize(3);
        assertThat(funnel.take().values()).containsExactly("a");
        goOn.countDown();
        assertThat(leaving.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
