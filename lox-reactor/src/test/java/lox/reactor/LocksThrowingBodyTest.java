package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A body that throws where a publisher must not: its subscriber hears of it, on whichever thread that was. */
class LocksThrowingBodyTest {
    private final QLock lock = new QLock();
    private final Scheduler scheduler = Schedulers.newSingle("body", true);

    @AfterEach
    void dispose() {
        scheduler.dispose();
    }

    record Body(String name, Publisher<Integer> publisher) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Publisher<Integer> requested(Runnable request) {
        return subscriber -> subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                request.run();
            }

            @Override
            public void cancel() {}
        });
    }

    private static void fail() {
        throw new IllegalStateException("thrown");
    }

    static Stream<Body> all() {
        return Stream.of(
                new Body("in subscribe", subscriber -> fail()),
                new Body("in request", requested(LocksThrowingBodyTest::fail)));
    }

    private void verify(Flux<Integer> using) {
        StepVerifier.create(using).expectErrorMessage("thrown").verify(Patience.LIMIT);
        assertThat(Locks.usingMono(lock, permit -> Mono.just(1)).block(Patience.LIMIT))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSignalAtOnce(Body body) {
        verify(Locks.usingFlux(lock, permit -> body.publisher()));
        verify(Locks.usingMono(lock, permit -> Mono.fromDirect(body.publisher()))
                .flux());
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSignalFromTheScheduler(Body body) {
        verify(Locks.usingFlux(lock, scheduler, permit -> body.publisher()));
        verify(Locks.usingMono(lock, scheduler, permit -> Mono.fromDirect(body.publisher()))
                .flux());
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSignalAfterAWait(Body body) {
        RecordingSubscriber<Integer> subscriber = new RecordingSubscriber<>();
        Permit held = lock.tryAcquire().orElseThrow();
        Function<Permit, Publisher<Integer>> waiting = permit -> body.publisher();
        Locks.usingFlux(lock, waiting).subscribe(subscriber);
        subscriber.subscription().request(1);
        held.close();
        assertThat(subscriber.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("thrown"));
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldSignalWhatALaterRequestThrowsOnTheScheduler() {
        AtomicInteger requests = new AtomicInteger();
        Publisher<Integer> body = requested(() -> {
            if (requests.incrementAndGet() == 2) {
                fail();
            }
        });
        StepVerifier.create(Locks.usingFlux(lock, scheduler, permit -> body), 1)
                .expectSubscription()
                .then(() -> Patience.until("the first has come", () -> requests.get() == 1))
                .thenRequest(1)
                .expectErrorMessage("thrown")
                .verify(Patience.LIMIT);
        assertThat(Locks.usingMono(lock, permit -> Mono.just(1)).block(Patience.LIMIT))
                .isEqualTo(1);
    }
}
