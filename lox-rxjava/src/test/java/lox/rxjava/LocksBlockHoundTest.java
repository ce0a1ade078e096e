package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lox.sync.lock.Acquirable;
import lox.sync.lock.IndexSemaphore;
import lox.sync.lock.LightSwitch;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.sync.lock.RWLock;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.blockhound.BlockingOperationError;

/** Nothing in a pipeline that uses a lock blocks a thread that must not block, however many want the lock. */
@Tag("blockhound")
class LocksBlockHoundTest {
    @BeforeAll
    static void arm() {
        NonBlockingThreads.watch();
    }

    private final Queue<Throwable> undelivered = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void collect() {
        RxJavaPlugins.setErrorHandler(undelivered::add);
    }

    @AfterEach
    void shouldLeaveNoFailureUndelivered() {
        RxJavaPlugins.setErrorHandler(null);
        assertThat(undelivered).isEmpty();
    }

    @Test
    void shouldBeArmed() {
        onAComputationThread(() -> {
                    LockSupport.parkNanos(1);
                    return 1;
                })
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertError(BlockingOperationError.class);
    }

    @Test
    void shouldFindABlockingAcquire() {
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        onAComputationThread(lock::acquire)
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertError(BlockingOperationError.class);
        held.close();
    }

    private static <T> Single<T> onAComputationThread(Callable<T> callable) {
        return Single.fromCallable(callable).subscribeOn(Schedulers.computation());
    }

    @ParameterizedTest
    @ValueSource(strings = {"QLock", "RWLock", "LightSwitch", "IndexSemaphore"})
    void shouldNeverBlockHoweverManyWantTheLock(String name) {
        RWLock readersAndWriters = new RWLock();
        QLock room = new QLock();
        LightSwitch guests = new LightSwitch(room);
        IndexSemaphore cards = new IndexSemaphore(2);
        QLock single = new QLock();
        AtomicInteger done = new AtomicInteger();
        Flowable.range(0, 5_000)
                .flatMap(
                        i -> {
                            Acquirable<? extends Permit> lock = switch (name) {
                                case "RWLock" -> i % 3 == 0 ? readersAndWriters.write() : readersAndWriters.read();
                                case "LightSwitch" -> i % 3 == 0 ? room : guests;
                                case "IndexSemaphore" -> cards;
                                default -> single;
                            };
                            Flowable<Integer> work = Locks.usingSingle(
                                            lock, permit -> Single.fromCallable(done::incrementAndGet))
                                    .toFlowable()
                                    .subscribeOn(Schedulers.computation());
                            return i % 5 == 0 ? work.timeout(1, TimeUnit.MILLISECONDS, Flowable.empty()) : work;
                        },
                        64)
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertComplete();
        assertThat(done.get()).isPositive();
    }
}
