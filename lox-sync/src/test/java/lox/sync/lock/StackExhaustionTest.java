package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import lox.sync.lock.Threads.Running;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each operation, at each distance from the end of the stack: it has done what it says, or it has thrown and nothing has
 * happened, so that it can be called again.
 */
class StackExhaustionTest {
    /** Farther from the end of the stack than the dive went. */
    private static final int FAR = Integer.MAX_VALUE;

    /** So many distances are tried about the one at which the operation begins to succeed. */
    private static final int CLOSE_LOOKS = 40;

    /** One thread for all dives: the pages of a new one's stack would cost more than the dive. */
    private final ExecutorService diver = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(null, task, "diver", 256 * 1024);
        thread.setDaemon(true);
        return thread;
    });

    static Stream<Subject> all() {
        return Subject.all();
    }

    @AfterEach
    void endTheDiver() {
        diver.shutdownNow();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldCloseAPermitWithAWaiterOrLeaveItOpen(Subject subject) {
        atEachDistance(distance -> {
            Permit held = subject.fill();
            PermitRequest<? extends Permit> waiting = subject.lock().request();
            CompletableFuture<? extends Permit> granted = waiting.stage().toCompletableFuture();
            boolean overflowed = overflows(distance, held::close);
            if (overflowed) {
                held.close();
            }
            Threads.get(granted).close();
            assertThat(subject.isWholeAgain()).isTrue();
            return overflowed;
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldCloseAPermitForWhichNobodyWaitsOrLeaveItOpen(Subject subject) {
        atEachDistance(distance -> {
            Permit held = subject.lock().tryAcquire().orElseThrow();
            boolean overflowed = overflows(distance, held::close);
            if (overflowed) {
                held.close();
            }
            assertThat(subject.isWholeAgain()).isTrue();
            return overflowed;
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldCloseTheLastPermitWhileABlockedThreadWaits(Subject subject) {
        atSomeDistances(distance -> {
            Permit held = subject.fill();
            Running<Boolean> blocked = Threads.start(() -> {
                subject.lock().acquire().close();
                return true;
            });
            Threads.until(() -> subject.waitingCount() == 1);
            boolean overflowed = overflows(distance, held::close);
            if (overflowed) {
                held.close();
            }
            assertThat(blocked.join()).isTrue();
            assertThat(subject.isWholeAgain()).isTrue();
            return overflowed;
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldAcquireOrHoldNothing(Subject subject) {
        atEachDistance(distance -> {
            Taking taking = new Taking(() -> subject.lock().acquire());
            boolean overflowed = overflows(distance, taking);
            return taking.endsWell(overflowed, subject);
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldTryToAcquireOrHoldNothing(Subject subject) {
        atEachDistance(distance -> {
            Taking taking = new Taking(() -> subject.lock().tryAcquire());
            boolean overflowed = overflows(distance, taking);
            return taking.endsWell(overflowed, subject);
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldRequestOrHoldNothing(Subject subject) {
        atEachDistance(distance -> {
            Taking taking = new Taking(() -> subject.lock().request());
            boolean overflowed = overflows(distance, taking);
            return taking.endsWell(overflowed, subject);
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldStandInTheLineOrNot(Subject subject) {
        atEachDistance(distance -> {
            Permit held = subject.fill();
            Taking taking = new Taking(() -> subject.lock().request(Duration.ofHours(1)));
            boolean overflowed = overflows(distance, taking);
            held.close();
            return taking.endsWell(overflowed, subject);
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldTimeOutOrThrowAndHoldNothing(Subject subject) {
        atEachDistance(distance -> {
            Permit held = subject.fill();
            Taking taking = new Taking(() -> {
                try {
                    return subject.lock().acquire(Duration.ofNanos(1));
                } catch (AcquireTimeoutException inTime) {
                    return null;
                }
            });
            boolean overflowed = overflows(distance, taking);
            assertThat(taking.taken).isNull();
            held.close();
            assertThat(subject.isWholeAgain()).isTrue();
            return overflowed;
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldWaitForTheGrantOrLeaveTheLine(Subject subject) {
        atSomeDistances(distance -> {
            Permit held = subject.fill();
            Running<Boolean> closer = Threads.start(() -> {
                Threads.until(() ->
                        subject.waitingCount() == 1 || Thread.currentThread().isInterrupted());
                held.close();
                return true;
            });
            Taking taking = new Taking(() -> subject.lock().acquire());
            boolean overflowed = overflows(distance, taking);
            closer.thread().interrupt();
            assertThat(closer.join()).isTrue();
            return taking.endsWell(overflowed, subject);
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldCancelARequestOrLeaveItInTheLine(Subject subject) {
        atEachDistance(distance -> {
            Permit held = subject.fill();
            PermitRequest<? extends Permit> cancelled = subject.lock().request();
            PermitRequest<? extends Permit> behind = subject.lock().request();
            CompletableFuture<? extends Permit> granted = behind.stage().toCompletableFuture();
            boolean overflowed = overflows(distance, cancelled::cancel);
            if (overflowed) {
                assertThat(cancelled.cancel())
                        .as("withdrawn by the second call")
                        .isTrue();
            }
            held.close();
            Threads.get(granted).close();
            assertThat(subject.isWholeAgain()).isTrue();
            return overflowed;
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldCloseAGrantedRequestOrLeaveItOpen(Subject subject) {
        atEachDistance(distance -> {
            Permit held = subject.fill();
            PermitRequest<? extends Permit> request = subject.lock().request();
            held.close();
            boolean overflowed = overflows(distance, request::close);
            if (overflowed) {
                request.close();
            }
            assertThat(subject.isWholeAgain()).isTrue();
            return overflowed;
        });
    }

    @Test
    void shouldDowngradeOrGoOnWriting() {
        RWLock lock = new RWLock();
        atEachDistance(distance -> {
            WritePermit writing = lock.write().tryAcquire().orElseThrow();
            CompletableFuture<Permit> reader = lock.read().request().stage().toCompletableFuture();
            CompletableFuture<WritePermit> writer =
                    lock.write().request().stage().toCompletableFuture();
            Taking taking = new Taking(writing::downgrade);
            boolean overflowed = overflows(distance, taking);
            Permit reading = overflowed ? writing.downgrade() : (Permit) Objects.requireNonNull(taking.taken);
            Threads.get(reader).close();
            assertThat(writer).isNotDone();
            reading.close();
            Threads.get(writer).close();
            assertThat(lock.held()).isZero();
            assertThat(lock.waiting()).isZero();
            return overflowed;
        });
    }

    @Test
    void shouldCloseALightSwitchWhoseLockBelowIsWaitedFor() {
        IntPredicate attempt = distance -> {
            QLock room = new QLock();
            LightSwitch guests = new LightSwitch(new LightSwitch(room));
            Permit guest = guests.tryAcquire().orElseThrow();
            CompletableFuture<Permit> cleaner = room.request().stage().toCompletableFuture();
            boolean overflowed = overflows(distance, guest::close);
            if (overflowed) {
                guest.close();
            }
            Threads.get(cleaner).close();
            assertThat(guests.held()).isZero();
            assertThat(room.held()).isZero();
            return overflowed;
        };
        atEachDistance(attempt);
    }

    @Test
    void shouldResizeOrLeaveTheCapacity() {
        WeightedSemaphore semaphore = new WeightedSemaphore(2);
        atEachDistance(distance -> {
            Permit held = semaphore.tryAcquire().orElseThrow();
            CompletableFuture<Permit> heavy = semaphore.request(2).stage().toCompletableFuture();
            boolean overflowed = overflows(distance, () -> semaphore.resize(3));
            assertThat(semaphore.capacity()).isEqualTo(overflowed ? 2 : 3);
            if (overflowed) {
                assertThat(heavy).isNotDone();
                semaphore.resize(3);
            }
            Threads.get(heavy).close();
            held.close();
            semaphore.resize(2);
            assertThat(semaphore.available()).isEqualTo(2);
            return overflowed;
        });
    }

    @Test
    void shouldKeepNoKeyWhateverOverflows() {
        KeyedLock<Integer> lock = new KeyedLock<>();
        Acquirable<Permit> key = lock.forKey(1);
        atEachDistance(distance -> {
            Taking taking = new Taking(() -> key.tryAcquire().orElseThrow());
            boolean overflowed = overflows(distance, taking);
            assertThat(lock.table.isEmpty()).isEqualTo(overflowed);
            Permit held = overflowed ? key.tryAcquire().orElseThrow() : (Permit) Objects.requireNonNull(taking.taken);
            Taking waiting = new Taking(() -> key.request(Duration.ofHours(1)));
            overflowed |= overflows(distance, waiting);
            if (waiting.taken instanceof PermitRequest<?> request) {
                boolean cancelled = !overflows(distance, request::cancel);
                overflowed |= !cancelled;
                assertThat(request.cancel()).isNotEqualTo(cancelled);
            }
            overflowed |= overflows(distance, () -> assertThatTryIsEmpty(key));
            boolean closed = !overflows(distance, held::close);
            overflowed |= !closed;
            assertThat(lock.held()).isEqualTo(closed ? 0 : 1);
            held.close();
            Threads.until(lock.table::isEmpty);
            return overflowed;
        });
    }

    private static void assertThatTryIsEmpty(Acquirable<Permit> key) {
        if (key.tryAcquire().isPresent()) {
            throw new AssertionError("held twice");
        }
    }

    private void atEachDistance(IntPredicate attempt) {
        atDistances(attempt, CLOSE_LOOKS);
    }

    /** Where each attempt starts a thread. */
    private void atSomeDistances(IntPredicate attempt) {
        atDistances(attempt, CLOSE_LOOKS / 5);
    }

    /**
     * From the end of the stack to where nothing overflows any more, and once more where that changes: there the probe
     * finds just enough, and the operation needs it.
     */
    private void atDistances(IntPredicate attempt, int closeLooks) {
        int overflows = 0;
        int lastOverflow = 0;
        int distance = 0;
        for (int calm = 0; calm < 3; distance += 1 + distance / 8) {
            if (attempt.test(distance)) {
                overflows++;
                lastOverflow = distance;
                calm = 0;
            } else {
                calm++;
            }
        }
        for (int look = 0; look < closeLooks; look++) {
            overflows += attempt.test(lastOverflow + (distance - lastOverflow) * look / closeLooks) ? 1 : 0;
        }
        assertThat(overflows).as("the stack was never exhausted").isPositive();
        assertThat(attempt.test(FAR)).as("far from the end").isFalse();
    }

    private boolean overflows(int distance, Runnable action) {
        Diver dive = new Diver(distance, action);
        try {
            diver.submit(dive).get(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("at distance " + distance, e);
        }
        return dive.overflowed;
    }

    /** Goes down to the end of the stack, and acts when it has come up so many frames again, or all of them. */
    private static final class Diver implements Runnable {
        private final int distance;
        private final Runnable action;
        volatile boolean overflowed;

        Diver(int distance, Runnable action) {
            this.distance = distance;
            this.action = action;
        }

        @Override
        public void run() {
            int depth = dive();
            if (depth < distance) {
                act();
            }
        }

        @SuppressWarnings("InfiniteRecursion") // that is what it is for
        private int dive() {
            int fromTheEnd;
            try {
                fromTheEnd = dive() + 1;
            } catch (StackOverflowError end) {
                fromTheEnd = 0;
            }
            if (fromTheEnd == distance) {
                act();
            }
            return fromTheEnd;
        }

        private void act() {
            try {
                action.run();
            } catch (StackOverflowError noRoom) {
                overflowed = true;
            }
        }
    }

    /** Takes something, and keeps it where it needs no stack. */
    private static final class Taking implements Runnable {
        private final Callable<?> call;
        volatile @Nullable Object taken;

        Taking(Callable<?> call) {
            this.call = call;
        }

        @Override
        public void run() {
            try {
                taken = call.call();
            } catch (Exception unexpected) {
                throw new AssertionError(unexpected);
            }
        }

        boolean endsWell(boolean overflowed, Subject subject) {
            Object what = taken;
            assertThat(what == null).isEqualTo(overflowed);
            if (what instanceof Optional<?> optional) {
                ((Permit) optional.orElseThrow()).close();
            } else if (what instanceof PermitRequest<?> request) {
                Threads.get(request.stage().toCompletableFuture()).close();
            } else if (what instanceof Permit permit) {
                permit.close();
            }
            assertThat(subject.isWholeAgain()).isTrue();
            return overflowed;
        }
    }
}
