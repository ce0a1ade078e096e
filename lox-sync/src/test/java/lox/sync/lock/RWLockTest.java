package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.api.Test;

class RWLockTest {
    private final RWLock lock = new RWLock();

    @Test
    void shouldLetReadersInTogetherAndWritersInAlone() {
        Permit one = lock.read().tryAcquire().orElseThrow();
        Permit two = lock.read().tryAcquire().orElseThrow();
        assertThat(lock.readers()).isEqualTo(2);
        assertThat(lock.write().tryAcquire()).isEmpty();
        one.close();
        assertThat(lock.write().tryAcquire()).isEmpty();
        two.close();
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        assertThat(lock.writers()).isEqualTo(1);
        assertThat(lock.readers()).isZero();
        assertThat(lock.read().tryAcquire()).isEmpty();
        assertThat(lock.write().tryAcquire()).isEmpty();
        writing.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldAdmitNeighbouringReadersTogether() {
        WritePermit held = lock.write().tryAcquire().orElseThrow();
        PermitRequest<Permit> one = lock.read().request();
        PermitRequest<Permit> two = lock.read().request();
        PermitRequest<WritePermit> writer = lock.write().request();
        PermitRequest<Permit> three = lock.read().request();
        held.close();
        assertThat(lock.readers()).isEqualTo(2);
        one.close();
        assertThat(lock.writers()).isZero();
        two.close();
        assertThat(lock.writers()).isEqualTo(1);
        assertThat(lock.waiting()).isEqualTo(1);
        writer.close();
        assertThat(lock.readers()).isEqualTo(1);
        three.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldHoldBackReadersBehindAWaitingWriter() {
        Permit reading = lock.read().tryAcquire().orElseThrow();
        PermitRequest<WritePermit> writer = lock.write().request();
        assertThat(lock.read().tryAcquire()).isEmpty();
        PermitRequest<Permit> behind = lock.read().request();
        assertThat(lock.readers()).isEqualTo(1);
        reading.close();
        assertThat(lock.writers()).isEqualTo(1);
        writer.close();
        behind.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldLetReadersInWhenTheWaitingWriterCancels() {
        Permit reading = lock.read().tryAcquire().orElseThrow();
        PermitRequest<WritePermit> writer = lock.write().request();
        PermitRequest<Permit> behind = lock.read().request();
        assertThat(writer.cancel()).isTrue();
        assertThat(lock.readers()).isEqualTo(2);
        reading.close();
        behind.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldLetReadersInWhenTheWaitingWriterTimesOut() throws InterruptedException {
        Permit reading = lock.read().tryAcquire().orElseThrow();
        PermitRequest<WritePermit> writer = lock.write().request(Duration.ofMillis(20));
        PermitRequest<Permit> behind = lock.read().request();
        Permit second = behind.await();
        assertThat(lock.readers()).isEqualTo(2);
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(writer::await);
        reading.close();
        second.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldLetReadersInWhenTheBlockedWriterIsInterrupted() throws InterruptedException {
        Permit reading = lock.read().tryAcquire().orElseThrow();
        Running<Boolean> writer = Threads.start(() -> {
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> lock.write().acquire());
            return true;
        });
        Threads.until(() -> lock.waiting() == 1);
        PermitRequest<Permit> behind = lock.read().request();
        writer.thread().interrupt();
        behind.await().close();
        assertThat(writer.join()).isTrue();
        reading.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldNotLetReadersPastAnotherWriterWhenTheFirstCancels() {
        Permit reading = lock.read().tryAcquire().orElseThrow();
        PermitRequest<WritePermit> first = lock.write().request();
        PermitRequest<Permit> between = lock.read().request();
        PermitRequest<WritePermit> second = lock.write().request();
        PermitRequest<Permit> behind = lock.read().request();
        assertThat(first.cancel()).isTrue();
        assertThat(lock.readers()).isEqualTo(2);
        assertThat(behind.cancel()).isTrue();
        reading.close();
        between.close();
        assertThat(lock.writers()).isEqualTo(1);
        second.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldDowngradeWithoutLettingAnotherWriterIn() {
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        PermitRequest<Permit> reader = lock.read().request();
        PermitRequest<WritePermit> writer = lock.write().request();
        Permit reading = writing.downgrade();
        assertThat(lock.readers()).isEqualTo(2);
        assertThat(lock.writers()).isZero();
        writing.close(); // means nothing any more
        assertThat(lock.readers()).isEqualTo(2);
        reading.close();
        reading.close();
        assertThat(lock.readers()).isEqualTo(1);
        reader.close();
        assertThat(lock.writers()).isEqualTo(1);
        writer.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldRefuseToDowngradeAClosedPermit() {
        WritePermit closed = lock.write().tryAcquire().orElseThrow();
        closed.close();
        assertThatIllegalStateException().isThrownBy(closed::downgrade);
        WritePermit twice = lock.write().tryAcquire().orElseThrow();
        Permit reading = twice.downgrade();
        assertThatIllegalStateException().isThrownBy(twice::downgrade);
        assertThat(lock.readers()).isEqualTo(1);
        reading.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldStarveNeitherSideUnderContinuousArrivals() {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger readers = new AtomicInteger();
        AtomicInteger writers = new AtomicInteger();
        List<Running<Integer>> crowd = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            crowd.add(Threads.start(() -> comeAgain(lock.read(), readers, done)));
            crowd.add(Threads.start(() -> comeAgain(lock.write(), writers, done)));
        }
        // Whoever asks now is served, though the others never stop coming.
        for (int i = 0; i < 50; i++) {
            Threads.start(() -> {
                        lock.write().acquire().close();
                        lock.read().acquire().close();
                        return true;
                    })
                    .join();
        }
        Threads.until(() -> readers.get() > 100 && writers.get() > 100);
        done.set(true);
        crowd.forEach(Running::join);
        assertThat(lock.held()).isZero();
    }

    private static int comeAgain(Acquirable<? extends Permit> side, AtomicInteger served, AtomicBoolean done)
            throws InterruptedException {
        while (!done.get()) {
            try (Permit permit = side.acquire()) {
                assertThat(permit).isNotNull();
                served.incrementAndGet();
            }
        }
        return served.get();
    }

    @Test
    void shouldKeepWritersApartFromEverybodyInAStorm() {
        AtomicInteger reading = new AtomicInteger();
        AtomicInteger writing = new AtomicInteger();
        List<Running<Boolean>> storm = Threads.startAll(4, () -> {
            for (int i = 0; i < 4_000; i++) {
                if (i % 5 == 0) {
                    WritePermit permit = lock.write().acquire();
                    assertThat(writing.incrementAndGet()).isEqualTo(1);
                    assertThat(reading.get()).isZero();
                    writing.decrementAndGet();
                    if (i % 10 == 0) {
                        Permit down = permit.downgrade();
                        reading.incrementAndGet();
                        assertThat(writing.get()).isZero();
                        reading.decrementAndGet();
                        down.close();
                    }
                    permit.close();
                } else {
                    try (Permit permit = lock.read().acquire()) {
                        assertThat(permit).isNotNull();
                        reading.incrementAndGet();
                        assertThat(writing.get()).isZero();
                        reading.decrementAndGet();
                    }
                }
            }
            return true;
        });
        storm.forEach(Running::join);
        assertThat(lock.held()).isZero();
        assertThat(lock.waiting()).isZero();
    }
}
