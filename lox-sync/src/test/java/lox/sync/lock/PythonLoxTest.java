package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.api.Test;

/** The seven faults of the locks of Python's lox, each provoked as it was found there. */
class PythonLoxTest {
    @Test
    void shouldNotLetANewcomerInWhileTheLockIsHandedOver() {
        QLock lock = new QLock();
        AtomicInteger inside = new AtomicInteger();
        List<Running<Boolean>> threads = Threads.startAll(6, () -> {
            for (int i = 0; i < 3_000; i++) {
                try (Permit permit = lock.acquire()) {
                    assertThat(permit).isNotNull();
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    inside.decrementAndGet();
                }
            }
            return true;
        });
        threads.forEach(Running::join);
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldNotWasteAWakeUpOnAWaiterThatTimedOut() {
        Duration timeout = Duration.ofMillis(50);
        while (!timesOutInFrontOfALiveWaiter(timeout)) {
            timeout = timeout.multipliedBy(3); // on a busy machine the live one may have come too late to stand behind
            assertThat(timeout).isLessThan(Duration.ofSeconds(30));
        }
    }

    /** False if the one that is to time out had done so before the live one stood behind it. */
    private static boolean timesOutInFrontOfALiveWaiter(Duration timeout) {
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        Running<Boolean> dead = Threads.start(() -> {
            assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> lock.acquire(timeout));
            return true;
        });
        Threads.until(() -> lock.waiting() == 1 || dead.result().isDone());
        PermitRequest<Permit> alive = lock.request();
        boolean behind = lock.waiting() == 2;
        dead.join();
        Threads.until(
                () -> lock.waiting() == 1); // who withdraws may leave it to another thread to strike it off the line
        CompletableFuture<Permit> granted = alive.stage().toCompletableFuture();
        assertThat(granted).isNotDone();
        held.close();
        Threads.get(granted).close();
        assertThat(lock.held()).isZero();
        return behind;
    }

    @Test
    void shouldNotRunTheBodyWhenAReaderTimesOut() {
        RWLock lock = new RWLock();
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        List<String> body = new ArrayList<>();
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> {
            try (Permit reading = lock.read().acquire(Duration.ofMillis(1))) {
                body.add("ran with " + reading);
            }
        });
        assertThat(body).isEmpty();
        writing.close();
        Permit reading = lock.read().tryAcquire().orElseThrow();
        assertThat(lock.write().tryAcquire()).isEmpty();
        reading.close();
        lock.write().tryAcquire().orElseThrow().close();
    }

    @Test
    void shouldCountOneDeadlineOverAllStages() throws InterruptedException {
        // The switch waits for the readers' side of a lock that a writer has: two stages, one deadline.
        RWLock below = new RWLock();
        LightSwitch guests = new LightSwitch(below.read());
        WritePermit first = below.write().tryAcquire().orElseThrow();
        PermitRequest<WritePermit> second = below.write().request();
        Running<Long> guest = Threads.start(() -> {
            long start = System.nanoTime();
            assertThatExceptionOfType(AcquireTimeoutException.class)
                    .isThrownBy(() -> guests.acquire(Duration.ofMillis(200)));
            return System.nanoTime() - start;
        });
        // on a busy machine its time may be over before it has got there
        Threads.until(() -> (guests.waiting() == 1 && below.waiting() == 2)
                || guest.result().isDone());
        first.close(); // the guest's wait goes on behind the second writer
        assertThat(second.await()).isNotNull();
        assertThat(guest.join()).isGreaterThanOrEqualTo(200_000_000);
        Threads.until(() -> below.waiting() == 0); // and nothing of it is left behind
        second.close();
        assertThat(below.held()).isZero();
        assertThat(guests.entrants()).isZero();
    }

    @Test
    void shouldServeAReaderBeforeTheWritersThatCameLater() {
        RWLock lock = new RWLock();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        WritePermit held = lock.write().tryAcquire().orElseThrow();
        serve(lock.read(), "reader", order);
        for (int i = 1; i <= 5; i++) {
            serve(lock.write(), "writer " + i, order);
        }
        held.close();
        assertThat(order).containsExactly("reader", "writer 1", "writer 2", "writer 3", "writer 4", "writer 5");
    }

    private static void serve(Acquirable<? extends Permit> lock, String name, List<String> order) {
        lock.request().stage().thenAccept(permit -> {
            order.add(name);
            permit.close();
        });
    }

    @Test
    void shouldTakeTheLockForTheNextEntrantHoweverOftenTheSwitchWasReleased() {
        QLock below = new QLock();
        LightSwitch guests = new LightSwitch(below);
        Permit guest = guests.tryAcquire().orElseThrow();
        guest.close();
        guest.close();
        guest.close();
        assertThat(guests.entrants()).isZero();
        Permit next = guests.tryAcquire().orElseThrow();
        assertThat(below.held()).isEqualTo(1);
        next.close();
        assertThat(below.held()).isZero();
    }

    @Test
    void shouldHandOutEveryIndexOnceHoweverOftenItIsReleased() {
        IndexSemaphore cards = new IndexSemaphore(2);
        IndexPermit zero = cards.tryAcquire().orElseThrow();
        IndexPermit one = cards.tryAcquire().orElseThrow();
        zero.close();
        zero.close();
        Set<Integer> indices = new HashSet<>();
        IndexPermit again = cards.tryAcquire().orElseThrow();
        indices.add(again.index());
        assertThat(cards.tryAcquire()).isEmpty();
        indices.add(one.index());
        assertThat(indices).containsExactlyInAnyOrder(0, 1);
        // That a body's exception is not swallowed: PermitTest.
        again.close();
        one.close();
        assertThat(cards.held()).isZero();
    }
}
