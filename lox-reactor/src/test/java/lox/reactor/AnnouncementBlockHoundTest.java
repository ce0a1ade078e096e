package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A put on a thread that must not block does not, not even beside a subscriber that does not return. */
@Tag("blockhound")
class AnnouncementBlockHoundTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private final Scheduler nonBlocking = Schedulers.newParallel("putter", 3);
    private final Announcement<Integer> announcement = Announcement.create();

    @BeforeAll
    static void arm() {
        BlockHound.install();
    }

    @AfterEach
    void stop() {
        nonBlocking.dispose();
    }

    /** Does not return from its first item before it is told to, without a call that might be taken for blocking. */
    private final class Stuck {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final List<Integer> items = new CopyOnWriteArrayList<>();

        Stuck() {
            announcement.asFlux().subscribe(item -> {
                entered.countDown();
                while (released.getCount() != 0) {
                    assertThat(item).isNotNull();
                }
                items.add(item);
            });
        }
    }

    private Mono<Void> put(int item) {
        return Mono.<Void>fromRunnable(() -> announcement.put(item)).subscribeOn(nonBlocking);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldBeArmed() {
        StepVerifier.create(Mono.fromRunnable(() -> LockSupport.parkNanos(1)).subscribeOn(nonBlocking))
                .expectErrorMatches(error ->
                        error instanceof BlockingOperationError || error.getCause() instanceof BlockingOperationError)
                .verify(LIMIT);
    }

    @Test
    void shouldNotBlockWhoPassesAStuckOneBy() throws InterruptedException {
        Stuck stuck = new Stuck();
        List<Integer> others = new CopyOnWriteArrayList<>();
        announcement.asFlux().subscribe(others::add);
        Mono<Void> first = put(1).cache();
        first.subscribe();
        await(stuck.entered);
        StepVerifier.create(put(2)).expectComplete().verify(LIMIT);
        assertThat(others).containsExactly(1, 2);
        stuck.released.countDown();
        StepVerifier.create(first).expectComplete().verify(LIMIT);
        assertThat(stuck.items).containsExactly(1, 2);
    }

    @Test
    void shouldNotBlockWhoWasRelieved() throws InterruptedException {
        Stuck first = new Stuck();
        Stuck second = new Stuck();
        List<Integer> others = new CopyOnWriteArrayList<>();
        announcement.asFlux().subscribe(others::add);
        Mono<Void> put = put(1).cache();
        put.subscribe();
        await(second.entered); // by a thread of lox's own
        first.released.countDown();
        StepVerifier.create(put).expectComplete().verify(LIMIT);
        assertThat(others).containsExactly(1);
        second.released.countDown();
    }
}
