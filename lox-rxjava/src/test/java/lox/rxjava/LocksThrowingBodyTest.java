package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

/** A body that throws where a publisher must not: its subscriber hears of it, on whichever thread that was. */
class LocksThrowingBodyTest {
    private final QLock lock = new QLock();

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

    /** RxJava's own types wrap what is thrown out of {@code subscribe}. */
    private static boolean isIt(Throwable failure) {
        Throwable thrown = failure instanceof NullPointerException ? failure.getCause() : failure;
        return thrown instanceof IllegalStateException && "thrown".equals(thrown.getMessage());
    }

    static Stream<Body> all() {
        return Stream.of(
                new Body("in subscribe", subscriber -> fail()),
                new Body("in request", requested(LocksThrowingBodyTest::fail)));
    }

    private void verify(Flowable<Integer> using) {
        TestSubscriber<Integer> subscriber = using.test();
        subscriber
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertNoValues()
                .assertError(LocksThrowingBodyTest::isIt);
        assertThat(Locks.usingSingle(lock, permit -> Single.just(1)).blockingGet())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSignalAtOnce(Body body) {
        verify(Locks.usingFlowable(lock, permit -> body.publisher()));
        verify(Locks.usingSingle(lock, permit -> Single.fromPublisher(body.publisher()))
                .toFlowable());
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSignalFromTheScheduler(Body body) {
        verify(Locks.usingFlowable(lock, Schedulers.single(), permit -> body.publisher()));
        verify(Locks.usingSingle(lock, Schedulers.single(), permit -> Single.fromPublisher(body.publisher()))
                .toFlowable());
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSignalAfterAWait(Body body) {
        Permit held = lock.tryAcquire().orElseThrow();
        Function<Permit, Publisher<Integer>> waiting = permit -> body.publisher();
        TestSubscriber<Integer> subscriber = Locks.usingFlowable(lock, waiting).test(1);
        subscriber.assertNotComplete().assertNoErrors();
        held.close();
        subscriber.assertNoValues().assertError(LocksThrowingBodyTest::isIt);
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
        TestSubscriber<Integer> subscriber =
                Locks.usingFlowable(lock, Schedulers.single(), permit -> body).test(1);
        Patience.until("the first has come", () -> requests.get() == 1);
        subscriber.request(1);
        subscriber
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertNoValues()
                .assertError(LocksThrowingBodyTest::isIt);
        assertThat(lock.held()).isZero();
    }
}
