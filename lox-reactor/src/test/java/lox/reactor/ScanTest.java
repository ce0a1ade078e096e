package lox.reactor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.Buffer;
import lox.sync.lock.QLock;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

/** What publishers and subscriptions tell a scan, as reactor-core's own operators do. */
class ScanTest {
    private final IllegalStateException planned = new IllegalStateException("planned");

    private final RecordingSubscriber<Object> subscriber = new RecordingSubscriber<>();

    /** The subscription that a subscriber gets. */
    private Scannable subscribe(Publisher<?> publisher) {
        AtomicReference<@Nullable Scannable> seen = new AtomicReference<>();
        Flux.from(publisher)
                .<Object>map(value -> value)
                .doOnSubscribe(subscription -> seen.set(Scannable.from(subscription)))
                .subscribe(subscriber);
        Scannable ofMap = requireNonNull(seen.get());
        Scannable ours = Scannable.from(ofMap.scan(Attr.PARENT));
        assertThat(ours.isScanAvailable()).isTrue();
        assertThat(ours.scan(Attr.ACTUAL)).isInstanceOf(CoreSubscriber.class);
        return ours;
    }

    private static void assertRunning(Scannable inner) {
        assertThat(inner.scan(Attr.TERMINATED)).isFalse();
        assertThat(inner.scan(Attr.CANCELLED)).isFalse();
        assertThat(inner.scan(Attr.ERROR)).isNull();
    }

    private static void assertCancelled(Scannable inner) {
        assertThat(inner.scan(Attr.TERMINATED)).isFalse();
        assertThat(inner.scan(Attr.CANCELLED)).isTrue();
        assertThat(inner.scan(Attr.ERROR)).isNull();
    }

    private static void assertFailed(Scannable inner, Throwable failure) {
        Patience.until("it has failed", () -> inner.scanOrDefault(Attr.TERMINATED, false));
        assertThat(inner.scan(Attr.CANCELLED)).isFalse();
        assertThat(inner.scan(Attr.ERROR)).isSameAs(failure);
    }

    private static void assertCompleted(Scannable inner) {
        Patience.until("it has completed", () -> inner.scanOrDefault(Attr.TERMINATED, false));
        assertThat(inner.scan(Attr.CANCELLED)).isFalse();
        assertThat(inner.scan(Attr.ERROR)).isNull();
    }

    // ---- map -------------------------------------------------------------------------------------------------------

    private int odd(int i) {
        if (i % 2 == 0) {
            throw planned;
        }
        return i;
    }

    @Test
    void shouldTellOfTheErrorOfAMap() {
        Flux<Integer> flux = Lox.thread(1, this::odd).map(Flux.just(2));
        assertThat(Scannable.from(flux).scan(Attr.DELAY_ERROR)).isFalse();

        Scannable inner = subscribe(flux);

        assertThat(inner.scan(Attr.DELAY_ERROR)).isFalse();
        assertFailed(inner, planned);
    }

    @Test
    void shouldTellOfADelayedErrorBeforeItIsSignalled() {
        TestPublisher<Integer> source = TestPublisher.create();
        Flux<Integer> flux = Lox.thread(1, this::odd).mapDelayError(source);
        assertThat(Scannable.from(flux).scan(Attr.DELAY_ERROR)).isTrue();

        Scannable inner = subscribe(flux);
        assertThat(inner.scan(Attr.DELAY_ERROR)).isTrue();
        assertRunning(inner);
        subscriber.subscription().request(1);
        source.next(2);

        Patience.until("the failure is known", () -> inner.scan(Attr.ERROR) != null);
        assertThat(inner.scan(Attr.ERROR)).isSameAs(planned);
        assertThat(inner.scan(Attr.TERMINATED)).isFalse();
        source.complete();
        assertFailed(inner, planned);
    }

    @Test
    void shouldTellOfAnErrorOfTheSourceThatWaitsForResults() throws InterruptedException {
        CountDownLatch mayEnd = new CountDownLatch(1);
        TestPublisher<Integer> source = TestPublisher.create();
        Scannable inner = subscribe(Lox.thread(1, (Integer i) -> {
                    assertThat(mayEnd.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
                    return i;
                })
                .map(source, 2));
        subscriber.subscription().request(1);
        source.next(1);
        source.error(planned);

        assertThat(inner.scan(Attr.ERROR)).isSameAs(planned);
        assertThat(inner.scan(Attr.TERMINATED)).isFalse();
        mayEnd.countDown();
        assertFailed(inner, planned);
    }

    @Test
    void shouldTellOfACancelledMap() {
        Scannable inner = subscribe(Lox.thread(1, this::odd).map(Flux.never()));
        assertRunning(inner);
        subscriber.subscription().cancel();
        assertCancelled(inner);
    }

    // ---- gather and submit -----------------------------------------------------------------------------------------

    @Test
    void shouldTellOfAGather() throws InterruptedException {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            assertThat(mayEnd.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            return odd(i);
        });
        for (int argument : List.of(1, 2)) {
            function.scatter(argument);
            Mono<List<Integer>> gather = function.gather();
            Scannable publisher = Scannable.from(gather);
            assertThat(publisher.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.ASYNC);
            if (argument == 1) {
                assertRunning(publisher);
            }
            AtomicReference<@Nullable Scannable> seen = new AtomicReference<>();
            gather.subscribe(new reactor.core.publisher.BaseSubscriber<List<Integer>>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                    seen.set(Scannable.from(subscription));
                    if (argument == 2) {
                        subscription.request(1);
                    }
                }

                @Override
                protected void hookOnError(Throwable failure) {
                    assertThat(failure).isSameAs(planned);
                }
            });
            Scannable inner = requireNonNull(seen.get());
            assertThat(inner.scan(Attr.PARENT)).isSameAs(gather);
            if (argument == 1) {
                assertRunning(inner);
                assertThat(inner.scan(Attr.REQUESTED_FROM_DOWNSTREAM)).isZero();
                mayEnd.countDown();
                Patience.until("it has ended", () -> publisher.scanOrDefault(Attr.TERMINATED, false));
                assertRunning(inner); // nothing was requested
                ((org.reactivestreams.Subscription) inner).request(1);
                assertCompleted(inner);
                assertThat(publisher.scan(Attr.ERROR)).isNull();
            } else {
                assertFailed(inner, planned);
                assertThat(publisher.scan(Attr.ERROR)).isSameAs(planned);
            }
        }
    }

    @Test
    void shouldTellOfACancelledGather() {
        Scatter<Integer, Integer> function = Lox.thread(1, i -> i);
        AtomicReference<@Nullable Scannable> seen = new AtomicReference<>();
        function.gather().subscribe(new reactor.core.publisher.BaseSubscriber<List<Integer>>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                seen.set(Scannable.from(subscription));
                subscription.cancel();
                subscription.cancel();
            }
        });
        assertCancelled(requireNonNull(seen.get()));
    }

    // ---- hot publishers --------------------------------------------------------------------------------------------

    @Test
    void shouldTellOfAnAnnouncement() {
        Announcement<String> news = Announcement.create();
        Flux<String> flux = news.asFlux(Buffer.dropOldest(4));
        assertThat(Scannable.from(flux).scan(Attr.PREFETCH)).isEqualTo(4);
        Scannable inner = subscribe(flux);
        assertThat(inner.scan(Attr.PARENT)).isSameAs(flux);
        assertThat(inner.scan(Attr.PREFETCH)).isEqualTo(4);
        assertThat(inner.scan(Attr.REQUESTED_FROM_DOWNSTREAM)).isZero();
        subscriber.subscription().request(3);
        news.put("one");
        assertThat(inner.scan(Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(2);
        assertRunning(inner);
        news.fail(planned);
        assertFailed(inner, planned);
    }

    @Test
    void shouldTellOfAFunnelAndAJoin() {
        Funnel<Long> funnel = Funnel.create();
        Flux<?> joined = funnel.asFlux();
        Scannable inner = subscribe(joined);
        assertThat(inner.scan(Attr.PARENT)).isSameAs(joined);
        assertRunning(inner);
        subscriber.subscription().cancel();
        assertCancelled(inner);

        Scannable ofJoin = subscribe(
                Joins.join(Flux.<Integer>error(planned), i -> i, Flux.<Integer>never(), i -> i, (id, a, b) -> id));
        assertFailed(ofJoin, planned);
    }

    // ---- locks -----------------------------------------------------------------------------------------------------

    @Test
    void shouldTellOfABodyUnderALock() {
        QLock lock = new QLock();
        Flux<Integer> flux = Locks.usingFlux(lock, permit -> Flux.never());
        assertThat(Scannable.from(flux).isScanAvailable()).isTrue();
        assertThat(Scannable.from(flux).scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
        Scannable inner = subscribe(flux);
        assertThat(inner.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
        assertRunning(inner);
        subscriber.subscription().cancel();
        assertCancelled(inner);

        Scannable failing = subscribe(Locks.usingFlux(lock, permit -> Flux.error(planned)));
        assertFailed(failing, planned);

        Mono<Integer> elsewhere = Locks.usingMono(lock, Schedulers.boundedElastic(), permit -> Mono.error(planned));
        assertThat(Scannable.from(elsewhere).scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.ASYNC);
        assertFailed(subscribe(elsewhere), planned);
    }
}
