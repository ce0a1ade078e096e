package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reactor's hooks and instrumentation see lox as they see Reactor's own. */
class HooksTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private static final String KEY = "lox-hooks-test";

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnEachOperator(KEY);
        Schedulers.resetOnScheduleHook(KEY);
    }

    @Test
    void shouldGiveAFailureNobodyCanReceiveToOnErrorDropped() throws InterruptedException {
        BlockingQueue<Throwable> dropped = new LinkedBlockingQueue<>();
        Hooks.onErrorDropped(dropped::add);
        CountDownLatch started = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cancelled) {
                throw new IllegalStateException("after the cancel");
            }
            return i;
        });
        function.scatter(1);
        Disposable subscription = function.gather().subscribe();
        assertThat(started.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();

        subscription.dispose();

        assertThat(dropped.poll(Patience.SECONDS, TimeUnit.SECONDS)).hasMessage("after the cancel");
        function.scatter(1);
        assertThat(dropped).isEmpty();
    }

    @Test
    void shouldRunLanesThroughTheScheduleHook() {
        AtomicInteger wrapped = new AtomicInteger();
        ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
        Schedulers.onScheduleHook(KEY, job -> {
            wrapped.incrementAndGet();
            return () -> {
                inside.set(true);
                try {
                    job.run();
                } finally {
                    inside.remove();
                }
            };
        });
        Scatter<Integer, Boolean> function = Lox.thread(2, i -> inside.get());

        for (int i = 0; i < 5; i++) {
            function.scatter(i);
        }

        assertThat(function.gather().block(LIMIT)).hasSize(5).containsOnly(true);
        assertThat(wrapped).hasPositiveValue();
    }

    @Test
    void shouldBeAssembledThroughTheOperatorHook() {
        Queue<String> assembled = new ConcurrentLinkedQueue<>();
        Hooks.onEachOperator(KEY, publisher -> {
            assembled.add(String.valueOf(publisher));
            return publisher;
        });
        Scatter<Integer, Integer> function = Lox.thread(1, i -> i);

        Mono<Integer> single = function.submit(1);
        function.scatter(2);
        Mono<List<Integer>> gather = function.gather();
        Mono<List<Integer>> delayed = function.gatherDelayError();
        Mono<?> settled = function.gatherSettled();

        assertThat(assembled)
                .anySatisfy(name -> assertThat(name).contains("submit"))
                .anySatisfy(name -> assertThat(name).contains("gather)"))
                .anySatisfy(name -> assertThat(name).contains("gatherDelayError"))
                .anySatisfy(name -> assertThat(name).contains("gatherSettled"));
        assertThat(single.block(LIMIT)).isEqualTo(1);
        assertThat(gather.block(LIMIT)).containsExactly(2);
        assertThat(delayed.block(LIMIT)).isEmpty();
        assertThat(settled.block(LIMIT)).isEqualTo(List.of());
    }

    @Test
    void shouldTellAScannerWhatItIs() {
        CountDownLatch open = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            assertThat(open.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            return i;
        });
        function.scatter(1);
        Mono<List<Integer>> gather = function.gather();
        Scannable scannable = Scannable.from(gather);
        RecordingSubscriber<List<Integer>> subscriber = new RecordingSubscriber<>();
        gather.subscribe(subscriber);
        Scannable subscription = Scannable.from(subscriber.subscription());

        assertThat(scannable.isScanAvailable()).isTrue();
        assertThat(scannable.name()).contains("gather");
        assertThat(scannable.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.ASYNC);
        assertThat(scannable.scan(Scannable.Attr.TERMINATED)).isFalse();
        assertThat(subscription.scan(Scannable.Attr.TERMINATED)).isFalse();
        assertThat(subscription.scan(Scannable.Attr.CANCELLED)).isFalse();
        open.countDown();
        assertThat(gather.block(LIMIT)).containsExactly(1);
        assertThat(scannable.scan(Scannable.Attr.TERMINATED)).isTrue();
    }

    @Test
    void shouldTellAScannerThatASubscriberHasLeft() {
        CountDownLatch open = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            assertThat(open.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            return i;
        });
        function.scatter(1);
        Mono<List<Integer>> gather = function.gather();
        RecordingSubscriber<List<Integer>> leaves = new RecordingSubscriber<>();
        RecordingSubscriber<List<Integer>> stays = new RecordingSubscriber<>();
        gather.subscribe(leaves);
        gather.subscribe(stays);

        leaves.subscription().cancel();

        assertThat(Scannable.from(leaves.subscription()).scan(Scannable.Attr.CANCELLED))
                .isTrue();
        assertThat(Scannable.from(stays.subscription()).scan(Scannable.Attr.CANCELLED))
                .isFalse();
        open.countDown();
        assertThat(gather.block(LIMIT)).containsExactly(1);
        assertThat(leaves.values).isEmpty();
    }
}
