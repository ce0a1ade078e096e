package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** What a lock tells of itself. */
class ObservationTest {
    @Test
    void shouldTellHoldersAndWaiting() {
        QLock lock = new QLock();
        assertThat(lock).hasToString("QLock[0 inside, nobody waits]");
        Permit held = lock.tryAcquire().orElseThrow();
        assertThat(held).hasToString("a permit of QLock[1 inside, nobody waits]");
        PermitRequest<Permit> first = lock.request();
        PermitRequest<Permit> second = lock.request();
        assertThat(lock.held()).isEqualTo(1);
        assertThat(lock.waiting()).isEqualTo(2);
        assertThat(lock.toString()).startsWith("QLock[1 inside, 2 waiting, the first for ");
        assertThat(first.toString()).startsWith("a request, waiting, for QLock[");
        held.close();
        first.close();
        assertThat(first.toString()).startsWith("a request, granted, for QLock[");
        second.close();
        assertThat(lock.snapshot()).isEqualTo(new LockSnapshot(0, 0, Duration.ZERO));
    }

    @Test
    void shouldTellHowLongTheFirstHasWaited() {
        RWLock lock = new RWLock();
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        PermitRequest<Permit> reader = lock.read().request();
        Threads.until(() -> lock.snapshot().longestWait().compareTo(Duration.ofMillis(3)) > 0);
        assertThat(lock.snapshot().holders()).isEqualTo(1);
        assertThat(lock.snapshot().waiting()).isEqualTo(1);
        assertThat(lock.toString()).startsWith("RWLock[written: 1 inside, 1 waiting, the first for ");
        writing.close();
        assertThat(lock).hasToString("RWLock[read: 1 inside, nobody waits]");
        assertThat(lock.read()).hasToString("read side of RWLock[read: 1 inside, nobody waits]");
        reader.close();
        assertThat(lock).hasToString("RWLock[0 inside, nobody waits]");
        assertThat(lock.write()).hasToString("write side of RWLock[0 inside, nobody waits]");
    }

    @Test
    void shouldTellEntrantsAndTheLockBelow() {
        QLock room = new QLock();
        LightSwitch guests = new LightSwitch(room);
        Permit one = guests.tryAcquire().orElseThrow();
        Permit two = guests.tryAcquire().orElseThrow();
        assertThat(guests.entrants()).isEqualTo(2);
        assertThat(guests.held()).isEqualTo(2);
        assertThat(guests.snapshot()).isEqualTo(new LockSnapshot(2, 0, Duration.ZERO));
        assertThat(guests).hasToString("LightSwitch[2 inside, nobody waits; below: QLock[1 inside, nobody waits]]");
        one.close();
        two.close();
    }

    @Test
    void shouldTellWhichResourceIsWhose() {
        IndexSemaphore cards = new IndexSemaphore(2);
        IndexPermit zero = cards.tryAcquire().orElseThrow();
        assertThat(cards).hasToString("IndexSemaphore[of 2: 1 inside, nobody waits]");
        assertThat(zero).hasToString("resource 0 of IndexSemaphore[of 2: 1 inside, nobody waits]");
        assertThat(cards.snapshot()).isEqualTo(new LockSnapshot(1, 0, Duration.ZERO));
        zero.close();
        assertThat(zero.index()).isZero();
    }

    @Test
    void shouldSayInTheTimeoutWhatWasWaitedFor() {
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        assertThat(lock.request(Duration.ZERO).stage().toCompletableFuture())
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .withMessageContaining("QLock[1 inside, nobody waits]");
        held.close();
    }
}
