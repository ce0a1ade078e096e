package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Joined;
import lox.sync.WhenFull;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Funnel among RxJava's own: virtual time, plugins, threads that must not block, and {@code Joins.join}. */
class FunnelTest {
    @AfterEach
    void resetPlugins() {
        RxJavaPlugins.reset();
    }

    @Test
    void shouldExpireInVirtualTime() {
        TestScheduler time = new TestScheduler();
        List<String> discarded = new ArrayList<>();
        Funnel<Integer> funnel = Funnel.<Integer>builder()
                .expireAfter(Duration.ofMinutes(10))
                .scheduler(time)
                .onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId()))
                .build();
        Funnel.Input<Integer, Long> photos = funnel.input("photos");
        Funnel.Input<Integer, Long> tags = funnel.input("tags");
        photos.from(Flowable.interval(1, TimeUnit.MINUTES, time).take(20), Long::intValue);
        tags.from(Flowable.interval(1, TimeUnit.MINUTES, time).take(20).filter(i -> i % 2 == 0), Long::intValue);
        TestSubscriber<Integer> subscriber =
                funnel.asFlowable().map(Joined::jobId).test();

        time.advanceTimeBy(12, TimeUnit.MINUTES);
        subscriber.assertValues(0, 2, 4, 6, 8, 10).assertNotComplete();
        assertThat(discarded).containsExactly("EXPIRED 1");
        time.advanceTimeBy(8, TimeUnit.MINUTES);
        subscriber.assertValues(0, 2, 4, 6, 8, 10, 12, 14, 16, 18).assertComplete();
        assertThat(discarded).hasSize(10).contains("COMPLETED 19");
        assertThatThrownBy(() -> Funnel.<Integer>builder().scheduler(time).scheduler(time))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("scheduler has been set before");
    }

    @Test
    void shouldRefuseToWaitOnAThreadThatMustNotBlock() {
        Funnel<Integer> funnel =
                Funnel.<Integer>builder().pendingLimit(1, WhenFull.WAIT).build();
        Funnel.Input<Integer, String> left = funnel.input("left");
        funnel.input("right");
        left.put(1, "x");
        TestSubscriber<Object> subscriber = Flowable.fromAction(() -> left.put(2, "y"))
                .subscribeOn(Schedulers.computation())
                .test();
        subscriber.awaitDone(Patience.SECONDS, TimeUnit.SECONDS).assertError(IllegalStateException.class);
        assertThat(funnel.pendingJobs()).isEqualTo(1);
    }

    @Test
    void shouldBeAssembledThroughThePlugin() {
        Queue<String> assembled = new ConcurrentLinkedQueue<>();
        RxJavaPlugins.setOnFlowableAssembly(flowable -> {
            assembled.add(flowable.getClass().getSimpleName());
            return flowable;
        });
        Flowable<Joined<Integer>> flowable = Funnel.<Integer>create().asFlowable();
        Flowable<Integer> join = Joins.join(Flowable.just(1), i -> i, Flowable.just(1), i -> i, (id, a, b) -> a + b);
        assertThat(assembled).contains("FlowableFunnel", "FlowableJoin");
        flowable.test().assertEmpty();
        join.test().assertResult(2);
    }

    @Test
    void shouldJoinTwoThreeAndFour() {
        Flowable<Integer> numbers = Flowable.range(0, 3);
        Flowable<String> two = Joins.join(numbers, i -> i, numbers, i -> 2 - i, (id, a, b) -> "" + id + a + b);
        two.test().assertResult("220", "111", "002");
        two.test(1).assertValue("220");
        Joins.join(numbers, i -> i, numbers, i -> 2 - i, numbers, i -> i, (id, a, b, c) -> "" + id + a + b + c)
                .test()
                .assertResult("0020", "1111", "2202");
        Joins.join(
                        numbers,
                        i -> i,
                        numbers,
                        i -> i,
                        numbers,
                        i -> i,
                        numbers,
                        i -> i,
                        (id, a, b, c, d) -> id + a + b + c + d)
                .test()
                .assertResult(0, 5, 10);
    }

    @Test
    void shouldJoinWhatComesOnManyThreads() {
        int count = 80 * 256; // so that exclusive or with 255 stays in the range
        Flowable<Integer> numbers = Flowable.range(0, count).observeOn(Schedulers.computation());
        List<Integer> ids = Joins.join(numbers, i -> i, numbers, i -> i ^ 255, (id, a, b) -> id)
                .observeOn(Schedulers.single(), false, 16)
                .toList()
                .timeout(Patience.SECONDS, TimeUnit.SECONDS)
                .blockingGet();
        assertThat(ids).hasSize(count).doesNotHaveDuplicates();
    }

    @Test
    void shouldAskForNoMoreThanIsWanted() {
        AtomicInteger asked = new AtomicInteger();
        Flowable<Integer> numbers = Flowable.range(0, 100_000).doOnNext(i -> asked.incrementAndGet());
        TestSubscriber<Integer> subscriber =
                Joins.join(numbers, i -> i, numbers, i -> i, (id, a, b) -> id).test(10);
        subscriber.assertValueCount(10);
        assertThat(asked.get()).isLessThanOrEqualTo(6 * 256);
        subscriber.cancel();
    }

    @Test
    void shouldCompleteAsSoonAsNothingCanBeJoinedAnyMore() {
        PublishProcessor<Integer> left = PublishProcessor.create();
        PublishProcessor<Integer> right = PublishProcessor.create();
        TestSubscriber<Integer> subscriber =
                Joins.join(left, i -> i, right, i -> i, (id, a, b) -> a + b).test();
        left.onNext(1);
        left.onComplete();
        right.onNext(2);
        subscriber.assertEmpty();
        right.onNext(1);
        subscriber.assertResult(2);
        assertThat(right.hasSubscribers()).isFalse();
    }

    @Test
    void shouldFailWithAPublisherOrWithJoiningAndCancelTheOthers() {
        PublishProcessor<Integer> left = PublishProcessor.create();
        PublishProcessor<Integer> right = PublishProcessor.create();
        TestSubscriber<Integer> failing =
                Joins.join(left, i -> i, right, i -> i, (id, a, b) -> a + b).test();
        TestSubscriber<Integer> throwing = Joins.<Integer, Integer, Integer, Integer>join(
                        right, i -> i, right, i -> i, (id, a, b) -> {
                            throw new IOException("planned");
                        })
                .test();
        right.onNext(1);
        throwing.assertFailure(IOException.class);
        left.onError(new IllegalStateException("planned"));
        failing.assertFailure(IllegalStateException.class);
        assertThat(right.hasSubscribers()).isFalse();
    }

    @Test
    void shouldCancelThePublishers() {
        PublishProcessor<Integer> left = PublishProcessor.create();
        PublishProcessor<Integer> right = PublishProcessor.create();
        TestSubscriber<Integer> subscriber =
                Joins.join(left, i -> i, right, i -> i, (id, a, b) -> a + b).test();
        assertThat(left.hasSubscribers() && right.hasSubscribers()).isTrue();
        subscriber.cancel();
        assertThat(left.hasSubscribers() || right.hasSubscribers()).isFalse();
    }
}
