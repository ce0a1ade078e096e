package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lox.sync.Joined;
import lox.sync.WhenFull;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A Funnel among Reactor's own: virtual time, hooks, scanning, threads that must not block. */
class FunnelTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private static final String KEY = "lox-funnel-test";

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnEachOperator(KEY);
    }

    @Test
    void shouldExpireInVirtualTime() {
        List<String> discarded = new ArrayList<>();
        StepVerifier.withVirtualTime(() -> {
                    Funnel<Integer> funnel = Funnel.<Integer>builder()
                            .expireAfter(Duration.ofMinutes(10))
                            .onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId()))
                            .build();
                    Funnel.Input<Integer, Long> photos = funnel.input("photos");
                    Funnel.Input<Integer, Long> tags = funnel.input("tags");
                    photos.from(Flux.interval(Duration.ofMinutes(1)).take(20), Long::intValue);
                    tags.from(Flux.interval(Duration.ofMinutes(1)).take(20).filter(i -> i % 2 == 0), Long::intValue);
                    return funnel.asFlux().map(Joined::jobId);
                })
                .thenAwait(Duration.ofMinutes(12))
                .expectNext(0, 2, 4, 6, 8, 10)
                .then(() -> assertThat(discarded).containsExactly("EXPIRED 1"))
                .thenAwait(Duration.ofMinutes(6))
                .expectNext(12, 14, 16)
                .then(() -> assertThat(discarded).containsExactly("EXPIRED 1", "EXPIRED 3", "EXPIRED 5", "EXPIRED 7"))
                .thenAwait(Duration.ofMinutes(2))
                .expectNext(18)
                .verifyComplete();
        assertThat(discarded).hasSize(10).contains("COMPLETED 19");
    }

    @Test
    void shouldUseTheSchedulerItIsGiven() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Funnel<Integer> funnel = Funnel.<Integer>builder()
                .expireAfter(Duration.ofSeconds(3))
                .scheduler(time)
                .build();
        Funnel.Input<Integer, String> left = funnel.input("left");
        funnel.input("right");
        left.put(1, "x");
        time.advanceTimeBy(Duration.ofMillis(2_999));
        assertThat(funnel.pendingJobs()).isEqualTo(1);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(funnel.pendingJobs()).isZero();
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
        StepVerifier.create(Mono.fromRunnable(() -> left.put(2, "y")).subscribeOn(Schedulers.parallel()))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("must not block")
                        .hasMessageContaining("pendingLimit 1"))
                .verify(LIMIT);
        assertThat(funnel.pendingJobs()).isEqualTo(1);
    }

    @Test
    void shouldSlowPublishersDownInsteadOfWaiting() {
        Funnel<Integer> funnel = Funnel.<Integer>builder()
                .pendingLimit(4, WhenFull.WAIT)
                .prefetch(8)
                .build();
        Funnel.Input<Integer, Integer> left = funnel.input("left");
        Funnel.Input<Integer, Integer> right = funnel.input("right");
        Flux<Integer> numbers = Flux.range(0, 1_000).publishOn(Schedulers.parallel());
        left.from(numbers, i -> i);
        right.from(numbers.delaySubscription(Duration.ofMillis(5)), i -> i);
        StepVerifier.create(funnel.asFlux().map(Joined::jobId).collectList())
                .assertNext(ids -> assertThat(ids).hasSize(1_000).doesNotHaveDuplicates())
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldBeAssembledThroughTheOperatorHookAndScannable() {
        Queue<String> assembled = new ConcurrentLinkedQueue<>();
        Hooks.onEachOperator(KEY, publisher -> {
            assembled.add(String.valueOf(publisher));
            return publisher;
        });
        Funnel<Integer> funnel = Funnel.<Integer>builder().named("pictures").build();
        Funnel.Input<Integer, String> only = funnel.input("only");
        Flux<Joined<Integer>> flux = funnel.asFlux();
        Flux<Integer> join = Joins.join(Flux.just(1), i -> i, Flux.just(1), i -> i, (id, a, b) -> a + b);
        assertThat(assembled).contains("lox(pictures)", "lox(join)");

        only.put(1, "x");
        Scannable scannable = Scannable.from(flux);
        assertThat(scannable.name()).isEqualTo("pictures");
        assertThat(scannable.scan(Scannable.Attr.BUFFERED)).isEqualTo(1);
        RecordingSubscriber<Joined<Integer>> subscriber = new RecordingSubscriber<>();
        flux.subscribe(subscriber);
        Scannable subscription = Scannable.from(subscriber.subscription());
        assertThat(subscription.scan(Scannable.Attr.TERMINATED)).isFalse();
        subscriber.subscription().request(3);
        assertThat(subscription.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(2);
        assertThat(subscription.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.ASYNC);
        funnel.complete();
        assertThat(subscription.scan(Scannable.Attr.TERMINATED)).isTrue();
        assertThat(subscription.scan(Scannable.Attr.CANCELLED)).isFalse();
        assertThat(subscriber.completions).hasValue(1);
        assertThat(join.collectList().block(LIMIT)).containsExactly(2);
    }
}
