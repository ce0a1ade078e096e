package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.lock.Threads.Running;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What hangs on a stage: where and in which order it runs, and what it may do. */
class CallbackTest {
    private static final int MANY = 100_000;

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldResumeAHundredThousandRequestsOnAFlatStack(Subject subject) {
        Permit all = subject.fill();
        AtomicInteger resumed = new AtomicInteger();
        for (int i = 0; i < MANY; i++) {
            subject.lock().request().stage().thenAccept(permit -> {
                resumed.incrementAndGet();
                permit.close();
            });
        }
        assertThat(subject.waitingCount()).isEqualTo(MANY);
        all.close();
        assertThat(resumed).hasValue(MANY);
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldLetNobodyCompleteOrCancelARequestThroughItsStage(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> request = subject.lock().request();
        CompletableFuture<? extends Permit> copy = request.stage().toCompletableFuture();
        assertThat(copy.completeExceptionally(new IllegalStateException("not the lock's")))
                .isTrue();
        assertThat(request.stage().toCompletableFuture().orTimeout(1, TimeUnit.MILLISECONDS))
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .isNotInstanceOf(TimeoutException.class); // which AssertJ takes for a failure, too
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> ((CompletableFuture<?>) request.stage()).cancel(true));
        all.close();
        assertThat(Threads.get(request.stage().toCompletableFuture())).isNotNull();
        request.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#exclusive")
    void shouldGoOnAfterACallbackThatThrows(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> first = subject.lock().request();
        first.stage().thenAccept(permit -> {
            permit.close();
            throw new IllegalStateException("on purpose");
        });
        first.stage().thenAccept(permit -> {
            throw new AssertionError("on purpose too");
        });
        PermitRequest<? extends Permit> second = subject.lock().request();
        List<Permit> seen = new ArrayList<>();
        second.stage().thenAccept(seen::add);
        all.close();
        assertThat(seen).hasSize(1);
        second.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldRunTheCallbacksOfARequestInTheOrderOfTheirComing(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> request = subject.lock().request();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            request.stage().thenRun(() -> order.add(number));
        }
        all.close();
        request.stage().thenRun(() -> order.add(10));
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        request.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @Test
    void shouldWakeBlockedThreadsBeforeTheFirstCallbackRuns() {
        RWLock lock = new RWLock();
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        CountDownLatch threadIsIn = new CountDownLatch(1);
        PermitRequest<Permit> callback = lock.read().request();
        // Runs on the thread that closes `writing`, and waits for one that stands behind it in the line.
        CompletableFuture<Boolean> metTheThread =
                callback.stage().thenApply(permit -> await(threadIsIn)).toCompletableFuture();
        Running<Boolean> thread = Threads.start(() -> {
            try (Permit reading = lock.read().acquire()) {
                assertThat(reading).isNotNull();
                threadIsIn.countDown();
            }
            return true;
        });
        Threads.until(() -> lock.waiting() == 2);
        writing.close();
        assertThat(metTheThread).isCompletedWithValue(true);
        thread.join();
        callback.close();
        assertThat(lock.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#exclusive")
    void shouldServeACallbackThatAsksAgain(Subject subject) {
        Permit all = subject.fill();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        subject.lock().request().stage().thenAccept(permit -> {
            subject.lock().request().stage().thenAccept(again -> {
                order.add("again");
                again.close();
            });
            order.add("first");
            permit.close();
        });
        subject.lock().request().stage().thenAccept(permit -> {
            order.add("second");
            permit.close();
        });
        all.close();
        assertThat(order).containsExactly("first", "second", "again");
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#exclusive")
    void shouldServeACallbackThatCancelsItsSibling(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> first = subject.lock().request();
        PermitRequest<? extends Permit> sibling = subject.lock().request();
        PermitRequest<? extends Permit> last = subject.lock().request();
        List<Boolean> withdrawn = new ArrayList<>();
        first.stage().thenAccept(permit -> {
            withdrawn.add(sibling.cancel());
            permit.close();
        });
        all.close();
        assertThat(withdrawn).containsExactly(true);
        assertThat(last.cancel()).isFalse();
        last.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @Test
    void shouldServeACallbackThatBlocksOnALockWhichACallbackBehindItGivesBack() {
        RWLock lock = new RWLock();
        QLock other = new QLock();
        Permit otherHeld = other.tryAcquire().orElseThrow();
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        PermitRequest<Permit> blocking = lock.read().request();
        CompletableFuture<Boolean> got = blocking.stage()
                .thenApply(permit -> {
                    try (Permit second = other.acquire()) {
                        return second != null;
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toCompletableFuture();
        PermitRequest<Permit> behind = lock.read().request();
        behind.stage().thenAccept(permit -> otherHeld.close());
        Threads.start(() -> {
                    writing.close();
                    return true;
                })
                .join();
        assertThat(got).isCompletedWithValue(true);
        blocking.close();
        behind.close();
        assertThat(lock.held()).isZero();
        assertThat(other.held()).isZero();
    }

    @Test
    void shouldKeepTheClockRunningWhileACallbackOfATimeoutBlocks() {
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        CountDownLatch released = new CountDownLatch(1);
        // In a thread of its own: should the request have ended before, the callback blocks there.
        Running<Boolean> blocked = Threads.start(() -> lock.request(Duration.ofMillis(20))
                .stage()
                .handle((permit, failure) -> await(released))
                .toCompletableFuture()
                .join());
        Threads.until(() -> lock.waiting() == 1 || blocked.thread().getState() == Thread.State.TIMED_WAITING);
        PermitRequest<Permit> later = lock.request(Duration.ofMillis(20));
        // Both requests end, though the first one's callback has not.
        Threads.until(() -> lock.waiting() == 0);
        released.countDown();
        assertThat(blocked.join()).isTrue();
        assertThat(later.cancel()).isFalse();
        held.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldRunCallbacksThoughTheAttendantIsKeptBusy() {
        RWLock lock = new RWLock();
        AtomicInteger heard = new AtomicInteger();
        List<Running<Integer>> busy = Threads.startAll(3, () -> {
            int asked = 0;
            for (; asked < 20_000; asked++) {
                PermitRequest<WritePermit> request = lock.write().request();
                request.stage().whenComplete((permit, failure) -> heard.incrementAndGet());
                request.close();
            }
            return asked;
        });
        int asked = busy.stream().mapToInt(Running::join).sum();
        Threads.until(() -> heard.get() == asked);
        assertThat(lock.held()).isZero();
        assertThat(lock.waiting()).isZero();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
