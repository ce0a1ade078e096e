package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.AnnouncementSealedException;
import lox.sync.Buffer;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** What Announcement owes to Reactor. The rest is in tests/contract. */
class AnnouncementTest {
    private static final Duration LONG = Patience.LIMIT;

    @AfterEach
    void resetHooks() {
        Hooks.resetOnEachOperator();
        Hooks.resetOnErrorDropped();
    }

    @Test
    void shouldPassTheAssemblyHook() {
        AtomicInteger assembled = new AtomicInteger();
        Hooks.onEachOperator(publisher -> {
            assembled.incrementAndGet();
            return publisher;
        });
        Announcement<Integer> announcement = Announcement.create();
        announcement.asFlux();
        announcement.member().asFlux(Buffer.failing(1));
        assertThat(assembled).hasValue(2);
    }

    @Test
    void shouldBeScannable() {
        Announcement<Integer> announcement = Announcement.create();
        Flux<Integer> flux = announcement.asFlux(Buffer.dropOldest(7));
        Scannable scan = Scannable.from(flux);
        assertThat(scan.name()).startsWith("lox-announcement-");
        assertThat(flux).hasToString("lox(" + scan.name() + ")");
        assertThat(scan.scan(Scannable.Attr.CAPACITY)).isEqualTo(7);
        assertThat(scan.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.SYNC);
        List<Scannable> inner = new ArrayList<>();
        BaseSubscriber<Integer> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                inner.add(Scannable.from(subscription));
            }
        };
        flux.subscribe(subscriber);
        assertThat(inner.get(0).scanUnsafe(Scannable.Attr.ACTUAL)).isSameAs(subscriber);
        assertThat(inner.get(0).scan(Scannable.Attr.CANCELLED)).isEqualTo(false);
        subscriber.cancel();
        assertThat(inner.get(0).scan(Scannable.Attr.CANCELLED)).isEqualTo(true);
        assertThat(scan.scan(Scannable.Attr.TERMINATED)).isEqualTo(false);
        announcement.complete();
        assertThat(scan.scan(Scannable.Attr.TERMINATED)).isEqualTo(true);
    }

    @Test
    void shouldDiscardWhatTheBufferThrowsAwayByTheSubscribersContext() {
        Announcement<Integer> announcement = Announcement.create();
        List<Integer> discarded = Collections.synchronizedList(new ArrayList<>());
        StepVerifier.create(announcement.asFlux(Buffer.dropOldest(1)).doOnDiscard(Integer.class, discarded::add), 0)
                .then(() -> List.of(1, 2, 3).forEach(announcement::put))
                .thenRequest(1)
                .expectNext(3)
                .then(announcement::complete)
                .verifyComplete();
        assertThat(discarded).containsExactly(1, 2);
    }

    @Test
    void shouldDropWhatASubscriberThrowsByItsOwnContext() {
        List<Throwable> global = new ArrayList<>();
        List<Throwable> local = new ArrayList<>();
        Hooks.onErrorDropped(global::add);
        Announcement<Integer> announcement = Announcement.create();
        IllegalStateException planned = new IllegalStateException("planned");
        Context context =
                Context.of("reactor.onErrorDropped.local", (java.util.function.Consumer<Throwable>) local::add);
        announcement.asFlux().subscribe(new CoreSubscriber<>() {
            @Override
            public Context currentContext() {
                return context;
            }

            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(Integer item) {
                throw planned;
            }

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError(failure);
            }

            @Override
            public void onComplete() {
                throw new AssertionError("completed");
            }
        });
        announcement.put(1);
        assertThat(local).containsExactly(planned);
        assertThat(global).isEmpty();
        announcement.complete();
    }

    @Test
    void shouldGoThroughOperatorsThatChangeTheThread() {
        Announcement<Integer> announcement = Announcement.create();
        StepVerifier.create(announcement
                        .asFlux()
                        .publishOn(Schedulers.parallel(), 4)
                        .map(x -> 2 * x))
                .then(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        announcement.put(i);
                    }
                    announcement.complete();
                })
                .expectNextCount(1_000)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void shouldOverflowAsReactorDoes() {
        Announcement<Integer> announcement = Announcement.create();
        StepVerifier.create(announcement.asFlux(Buffer.failing(1)), 0)
                .then(() -> List.of(1, 2).forEach(announcement::put))
                .thenRequest(1)
                .expectNext(1)
                .verifyErrorMatches(Exceptions::isOverflow);
    }

    @Test
    void shouldRefuseToWaitOnANonBlockingThread() {
        Announcement<Integer> announcement = Announcement.create();
        StepVerifier.create(announcement.asFlux(Buffer.blocking(1, LONG)), 0)
                .then(() -> {
                    announcement.put(1);
                    Mono<Throwable> refused = Mono.fromRunnable(() -> announcement.put(2))
                            .subscribeOn(Schedulers.parallel())
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(Mono::just);
                    assertThat(refused.block(LONG))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("must not block");
                })
                .thenRequest(2)
                .expectNext(1)
                .then(() -> announcement.put(3))
                .expectNext(3)
                .thenCancel()
                .verify(LONG);
    }

    @Test
    void shouldFailWithTheSealAtSubscriptionAndNotBefore() {
        Announcement<Integer> announcement = Announcement.builder().backlog(1).build();
        Flux<Integer> flux = announcement.asFlux();
        announcement.seal();
        StepVerifier.create(flux).verifyError(AnnouncementSealedException.class);
    }
}
