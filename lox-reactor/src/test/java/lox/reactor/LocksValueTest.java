package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.lock.QLock;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The one value of a body that is a Mono: which it is, and where it goes if nobody receives it. */
class LocksValueTest {
    private final QLock lock = new QLock();
    private final ConcurrentLinkedQueue<Object> dropped = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Integer> discarded = new ConcurrentLinkedQueue<>();
    private final RecordingSubscriber<Integer> subscriber = new RecordingSubscriber<>();

    @BeforeEach
    void hook() {
        Hooks.onNextDropped(dropped::add);
    }

    @AfterEach
    void unhook() {
        Hooks.resetOnNextDropped();
    }

    private Mono<Integer> using(boolean elsewhere, Publisher<Integer> body) {
        Mono<Integer> using = elsewhere
                ? Locks.usingMono(lock, Schedulers.boundedElastic(), permit -> Mono.fromDirect(body))
                : Locks.usingMono(lock, permit -> Mono.fromDirect(body));
        return using.doOnDiscard(Integer.class, discarded::add);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHandOnTheFirstOfManyAlthoughOneIsRequested(boolean elsewhere) {
        StepVerifier.create(using(elsewhere, Flux.range(1, 5)).flux(), 1)
                .expectNext(1)
                .expectComplete()
                .verify(Patience.LIMIT);
        assertThat(lock.held()).isZero();
        assertThat(dropped).containsExactly(2, 3, 4, 5);
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldRequestNothingBeforeTheDownstreamDoes() {
        AtomicLong requested = new AtomicLong();
        AtomicInteger ended = new AtomicInteger();
        StepVerifier.create(
                        using(false, Flux.just(1).doOnRequest(requested::set).doOnComplete(ended::incrementAndGet)), 0)
                .expectSubscription()
                .then(() -> assertThat(requested).hasValue(0))
                .then(() -> assertThat(ended).hasValue(0))
                .thenRequest(1)
                .expectNext(1)
                .verifyComplete();
        assertThat(requested).hasValue(Long.MAX_VALUE);
    }

    @Test
    void shouldDiscardTheValueWhenTheBodyFailsAfterIt() {
        using(false, Flux.concat(Flux.just(1), Mono.error(new IllegalStateException("late"))))
                .subscribe(subscriber);
        subscriber.subscription().request(1);
        assertThat(subscriber.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("late"));
        assertThat(subscriber.values).isEmpty();
        assertThat(discarded).containsExactly(1);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldDiscardTheValueOfACancelledBodyOnce() {
        Deaf source = new Deaf();
        using(false, source).subscribe(subscriber);
        subscriber.subscription().request(1);
        source.next(1);
        assertThat(lock.held()).isEqualTo(1);
        subscriber.subscription().cancel();
        assertThat(lock.held()).isZero();
        assertThat(discarded).containsExactly(1);
        source.complete();
        subscriber.subscription().cancel();
        assertThat(discarded).containsExactly(1);
        assertThat(subscriber.values).isEmpty();
        assertThat(subscriber.completions).hasValue(0);
    }

    @Test
    void shouldLoseNoValueInARaceOfTheEndWithACancel() throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            discarded.clear();
            dropped.clear();
            RecordingSubscriber<Integer> each = new RecordingSubscriber<>();
            Deaf source = new Deaf();
            using(false, source).subscribe(each);
            each.subscription().request(1);
            Thread ends = new Thread(() -> {
                source.next(1);
                source.complete();
            });
            ends.start();
            each.subscription().cancel();
            ends.join();
            assertThat(each.values.size() + discarded.size() + dropped.size()).isEqualTo(1);
            assertThat(lock.held()).isZero();
        }
    }

    /** Hears no cancel: it signals whatever it is told to. */
    private static final class Deaf implements Publisher<Integer>, Subscription {
        private @Nullable Subscriber<? super Integer> subscribed;

        @Override
        public void subscribe(Subscriber<? super Integer> subscriber) {
            subscribed = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}

        void next(int value) {
            Objects.requireNonNull(subscribed).onNext(value);
        }

        void complete() {
            Objects.requireNonNull(subscribed).onComplete();
        }
    }
}
