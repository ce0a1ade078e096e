package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.exceptions.UndeliverableException;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What RxJava signals to nobody, since the JVM may be broken: it goes up the stack, and the permit comes back. */
class LocksFatalErrorTest {
    private static final long LIMIT_SECONDS = 60;

    private final QLock lock = new QLock();

    /** One form of using, its body given and its result taken as a Flowable. */
    record Form(String name, Opened opened) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Opened {
        Flowable<Integer> over(QLock lock, @Nullable Scheduler scheduler, Function<Permit, Flowable<Integer>> body);
    }

    record Case(Form form, String place, Supplier<Error> error) {
        Function<Permit, Flowable<Integer>> body() {
            return switch (place) {
                case "body" ->
                    permit -> {
                        throw error.get();
                    };
                case "subscribe" ->
                    permit -> Flowable.unsafeCreate(subscriber -> {
                        throw error.get();
                    });
                case "request" ->
                    permit -> Flowable.<Integer>generate(emitter -> {
                        throw error.get();
                    });
                default -> permit -> Flowable.just(1);
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
                        "usingSingle",
                        (lock, scheduler, body) -> (scheduler == null
                                        ? Locks.<Permit, Integer>usingSingle(
                                                lock,
                                                permit -> body.apply(permit).singleOrError())
                                        : Locks.<Permit, Integer>usingSingle(
                                                lock,
                                                scheduler,
                                                permit -> body.apply(permit).singleOrError()))
                                .toFlowable()),
                new Form(
                        "usingMaybe",
                        (lock, scheduler, body) -> (scheduler == null
                                        ? Locks.<Permit, Integer>usingMaybe(
                                                lock,
                                                permit -> body.apply(permit).singleElement())
                                        : Locks.<Permit, Integer>usingMaybe(
                                                lock,
                                                scheduler,
                                                permit -> body.apply(permit).singleElement()))
                                .toFlowable()),
                new Form(
                        "usingCompletable",
                        (lock, scheduler, body) -> (scheduler == null
                                        ? Locks.usingCompletable(
                                                lock,
                                                permit -> body.apply(permit).ignoreElements())
                                        : Locks.usingCompletable(
                                                lock,
                                                scheduler,
                                                permit -> body.apply(permit).ignoreElements()))
                                .andThen(Flowable.just(1))),
                new Form(
                        "usingFlowable",
                        (lock, scheduler, body) -> scheduler == null
                                ? Locks.<Permit, Integer>usingFlowable(lock, body)
                                : Locks.<Permit, Integer>usingFlowable(lock, scheduler, body)));
        List<Supplier<Error>> errors =
                List.of(() -> new NoClassDefFoundError("lost"), LocksFatalErrorTest::overflow, InternalError::new);
        return forms.stream()
                .flatMap(form -> Stream.of("body", "subscribe", "request", "onNext")
                        .flatMap(place -> errors.stream().map(error -> new Case(form, place, error))));
    }

    private Flowable<Integer> flowable(Case each, @Nullable Scheduler scheduler) {
        Flowable<Integer> using = each.form().opened().over(lock, scheduler, each.body());
        return !each.place().equals("onNext")
                ? using
                : using.map(value -> {
                    throw each.error().get();
                });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldGiveThePermitBackAndThrowTheErrorOn(Case each) {
        Throwable thrown = catchThrowable(() -> flowable(each, null).subscribe());
        assertThat(thrown).isInstanceOf(each.error().get().getClass());
        assertThat(lock.held()).isZero();
        assertThat(Locks.usingSingle(lock, permit -> Single.just(1)).blockingGet())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldGiveThePermitBackAfterAWait(Case each) {
        LinkedBlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        Permit held = lock.tryAcquire().orElseThrow();
        flowable(each, null).subscribe();
        withUncaught(uncaught, held::close);
        assertThat(uncaught).hasSize(1);
        assertThat(uncaught.peek()).isInstanceOf(each.error().get().getClass());
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldGiveThePermitBackOnAScheduler(Case each) throws InterruptedException {
        LinkedBlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        ExecutorService executor = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "fatal");
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((where, failure) -> uncaught.add(failure));
            return thread;
        });
        try {
            Throwable thrown = catchThrowable(
                    () -> flowable(each, Schedulers.from(executor)).subscribe());
            if (thrown == null) { // usingFlowable's function itself runs where the lock was acquired
                UndeliverableException told = (UndeliverableException) uncaught.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                thrown = told == null ? null : told.getCause();
            }
            assertThat(thrown).isInstanceOf(each.error().get().getClass());
            assertThat(Locks.usingSingle(lock, permit -> Single.just(1))
                            .timeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                            .blockingGet())
                    .isEqualTo(1);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void shouldGiveThePermitBackWhenTheSubscriberThrowsOutOfALaterRequest() {
        TestSubscriber<Integer> subscriber = new TestSubscriber<>(0) {
            @Override
            public void onNext(Integer value) {
                throw new NoClassDefFoundError("lost");
            }
        };
        Locks.<Permit, Integer>usingFlowable(lock, permit -> Flowable.range(0, 10))
                .subscribe(subscriber);
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
