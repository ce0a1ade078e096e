package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lox.sync.lock.Acquirable;
import lox.sync.lock.IndexSemaphore;
import lox.sync.lock.LightSwitch;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.sync.lock.RWLock;
import lox.test.Patience;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Nothing in a pipeline that uses a lock blocks a thread that must not block, however many want the lock. */
@Tag("blockhound")
class LocksBlockHoundTest {
    @BeforeAll
    static void arm() {
        BlockHound.install();
    }

    @Test
    void shouldBeArmed() {
        StepVerifier.create(Mono.fromRunnable(() -> LockSupport.parkNanos(1)).subscribeOn(Schedulers.parallel()))
                .expectErrorMatches(error ->
                        error instanceof BlockingOperationError || error.getCause() instanceof BlockingOperationError)
                .verify(Patience.LIMIT);
    }

    @Test
    void shouldFindABlockingAcquire() {
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        StepVerifier.create(Mono.fromCallable(lock::acquire).subscribeOn(Schedulers.parallel()))
                .expectErrorMatches(error ->
                        error instanceof BlockingOperationError || error.getCause() instanceof BlockingOperationError)
                .verify(Patience.LIMIT);
        held.close();
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
        Flux.range(0, 5_000)
                .flatMap(
                        i -> {
                            Acquirable<? extends Permit> lock = switch (name) {
                                case "RWLock" -> i % 3 == 0 ? readersAndWriters.write() : readersAndWriters.read();
                                case "LightSwitch" -> i % 3 == 0 ? room : guests;
                                case "IndexSemaphore" -> cards;
                                default -> single;
                            };
                            Mono<Integer> work = Locks.usingMono(
                                            lock, permit -> Mono.fromCallable(done::incrementAndGet))
                                    .subscribeOn(Schedulers.parallel());
                            return i % 5 == 0 ? work.timeout(Duration.ofMillis(1), Mono.empty()) : work;
                        },
                        64)
                .blockLast(Patience.LIMIT);
        assertThat(done.get()).isPositive();
    }
}
