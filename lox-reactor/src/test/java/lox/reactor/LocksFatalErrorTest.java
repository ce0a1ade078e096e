package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What Reactor signals to nobody, since the JVM may be broken: it goes up the stack, and the permit comes back. */
class LocksFatalErrorTest {
    private static final long LIMIT_SECONDS = 60;

    private final QLock lock = new QLock();

    /** One form of using, its body given. */
    record Form(String name, Opened opened) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Opened {
        Publisher<Integer> over(QLock lock, @Nullable Scheduler scheduler, Function<Permit, Flux<Integer>> body);
    }

    record Case(Form form, String place, Supplier<Error> error) {
        Function<Permit, Flux<Integer>> body() {
            return switch (place) {
                case "body" ->
                    permit -> {
                        throw error.get();
                    };
                case "subscribe" ->
                    permit -> Flux.from(subscriber -> {
                        throw error.get();
                    });
                case "request" ->
                    permit -> Flux.<Integer>generate(sink -> {
                        throw error.get();
                    });
                default -> permit -> Flux.just(1);
            };
        }

        @Override
        public String toString() {
            return form + ", " + error.get().getClass().getSimpleName() + " in " + place;
        }
    }

    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    private static Error overflow() {
        try {
            return new AssertionError("no overflow at " + recurse(0));
        } catch (StackOverflowError overflow) {
            overflow.setStackTrace(Arrays.copyOf(overflow.getStackTrace(), 10)); // it is printed a hundred times
            return overflow;
        }
    }

    static Stream<Case> all() {
        List<Form> forms = List.of(
                new Form(
                        "usingMono",
                        (lock, scheduler, body) -> scheduler == null
                                ? Locks.usingMono(
                                        lock, permit -> body.apply(permit).singleOrEmpty())
                                : Locks.usingMono(
                                        lock,
                                        scheduler,
                                        permit -> body.apply(permit).singleOrEmpty())),
                new Form(
                        "usingFlux",
                        (lock, scheduler, body) -> scheduler == null
                                ? Locks.usingFlux(lock, body)
                                : Locks.usingFlux(lock, scheduler, body)));
        List<Supplier<Error>> errors =
                List.of(() -> new NoClassDefFoundError("lost"), LocksFatalErrorTest::overflow, InternalError::new);
        return forms.stream()
                .flatMap(form -> Stream.of("body", "subscribe", "request", "onNext")
                        .flatMap(place -> errors.stream().map(error -> new Case(form, place, error))));
    }

    private Publisher<Integer> publisher(Case each, @Nullable Scheduler scheduler) {
        Publisher<Integer> using = each.form().opened().over(lock, scheduler, each.body());
        return !each.place().equals("onNext")
                ? using
                : Flux.from(using).map(value -> {
                    throw each.error().get();
                });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldGiveThePermitBackAndThrowTheErrorOn(Case each) {
        Throwable thrown = catchThrowable(() -> Flux.from(publisher(each, null)).subscribe());
        assertThat(thrown).isInstanceOf(each.error().get().getClass());
        assertThat(lock.held()).isZero();
        assertThat(Locks.usingMono(lock, permit -> Mono.just(1)).block()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldGiveThePermitBackAfterAWait(Case each) {
        LinkedBlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        Permit held = lock.tryAcquire().orElseThrow();
        Flux.from(publisher(each, null)).subscribe();
        withUncaught(uncaught, held::close);
        assertThat(uncaught).hasSize(1);
        assertThat(uncaught.peek()).isInstanceOf(each.error().get().getClass());
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldGiveThePermitBackOnAScheduler(Case each) throws InterruptedException {
        LinkedBlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        Scheduler scheduler = Schedulers.newSingle(work -> {
            Thread thread = new Thread(work, "fatal");
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((where, failure) -> uncaught.add(failure));
            return thread;
        });
        try {
            Throwable thrown =
                    catchThrowable(() -> Flux.from(publisher(each, scheduler)).subscribe());
            if (thrown == null) { // the body's function itself runs where the lock was acquired
                thrown = uncaught.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(thrown).isInstanceOf(each.error().get().getClass());
            assertThat(Locks.usingMono(lock, permit -> Mono.just(1)).block(Duration.ofSeconds(LIMIT_SECONDS)))
                    .isEqualTo(1);
        } finally {
            scheduler.dispose();
        }
    }

    @Test
    void shouldGiveThePermitBackWhenTheSubscriberThrowsOutOfALaterRequest() {
        BaseSubscriber<Integer> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

            @Override
            protected void hookOnNext(Integer value) {
                throw new NoClassDefFoundError("lost");
            }
        };
        Locks.usingFlux(lock, permit -> Flux.range(0, 10)).subscribe(subscriber);
        assertThat(lock.held()).isEqualTo(1);
        assertThat(catchThrowable(() -> subscriber.request(1))).isInstanceOf(NoClassDefFoundError.class);
        assertThat(lock.held()).isZero();
    }

    private static void withUncaught(LinkedBlockingQueue<Throwable> uncaught, Runnable action) {
        Thread thread = new Thread(action, "releasing");
        thread.setUncaughtExceptionHandler((where, failure) -> uncaught.add(failure));
        thread.start();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
