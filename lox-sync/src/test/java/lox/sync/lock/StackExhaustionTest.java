package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import lox.sync.lock.Threads.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each operation, at each distance from the end of the stack: it has done what it says, or it has thrown and nothing has
 * happened, so that it can be called again.
 */
class StackExhaustionTest {
    /** Far enough from the end for everything. */
    private static final int DISTANCES = 600;

    /** So near to it, each call more or less makes a difference. */
    private static final int DENSE = 60;

    static Stream<Subject> all() {
        return Subject.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldCloseAPermitWithAWaiterOrLeaveItOpen(Subject subject) {
        atEachDistance(distance -> {
            Permit held = subject.fill();
            Acquisition<? extends Permit> waiting = subject.lock().request();
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
            Acquisition<? extends Permit> cancelled = subject.lock().request();
            Acquisition<? extends Permit> behind = subject.lock().request();
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
            Acquisition<? extends Permit> request = subject.lock().request();
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

    private static void atEachDistance(IntPredicate attempt) {
        atDistances(attempt, 1);
    }

    /** Where each attempt starts a thread. */
    private static void atSomeDistances(IntPredicate attempt) {
        atDistances(attempt, 7);
    }

    /** From the end of the stack to where nothing overflows any more, in larger steps where the probe alone overflows. */
    private static void atDistances(IntPredicate attempt, int step) {
        int overflows = 0;
        for (int distance = 0; distance < DISTANCES; distance += distance < DENSE ? step : 5 * step) {
            if (attempt.test(distance)) {
                overflows++;
            }
        }
        assertThat(overflows).as("the stack was never exhausted").isPositive();
        assertThat(attempt.test(5 * DISTANCES)).as("far from the end").isFalse();
    }

    private static boolean overflows(int distance, Runnable action) {
        Diver diver = new Diver(distance, action);
        Thread thread = new Thread(null, diver, "diver", 512 * 1024);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).as("hangs").isFalse();
        Throwable other = diver.other;
        if (other != null) {
            throw new AssertionError("at distance " + distance, other);
        }
        return diver.overflowed;
    }

    /** Goes down to the end of the stack, and acts when it has come up so many frames again. */
    private static final class Diver implements Runnable {
        private final int distance;
        private final Runnable action;
        volatile boolean overflowed;
        volatile @Nullable Throwable other;

        Diver(int distance, Runnable action) {
            this.distance = distance;
            this.action = action;
        }

        @Override
        public void run() {
            dive();
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
                try {
                    action.run();
                } catch (StackOverflowError noRoom) {
                    overflowed = true;
                } catch (Throwable unexpected) {
                    other = unexpected;
                }
            }
            return fromTheEnd;
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
            } else if (what instanceof Acquisition<?> request) {
                Threads.get(request.stage().toCompletableFuture()).close();
            } else if (what instanceof Permit permit) {
                permit.close();
            }
            assertThat(subject.isWholeAgain()).isTrue();
            return overflowed;
        }
    }
}
