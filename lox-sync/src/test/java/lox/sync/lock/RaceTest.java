package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounded storms of what the model checkers look at one step at a time. */
@Tag("race")
class RaceTest {
    private static final int ROUNDS = 3_000;

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldEitherCancelOrGrant(Subject subject) {
        AtomicInteger granted = new AtomicInteger();
        race(subject, request -> {
            if (!request.cancel()) {
                granted.incrementAndGet();
                request.close();
            }
        });
        assertThat(granted.get()).isBetween(0, ROUNDS);
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldWithdrawOrReleaseOnClose(Subject subject) {
        race(subject, PermitRequest::close);
    }

    /** One thread empties the full lock while the other withdraws a waiting request; then all must be free. */
    private static void race(Subject subject, java.util.function.Consumer<PermitRequest<?>> withdraw) {
        Permit[] all = new Permit[1];
        PermitRequest<?>[] request = new PermitRequest<?>[1];
        CyclicBarrier start = new CyclicBarrier(2, () -> {
            assertThat(subject.isWholeAgain()).isTrue();
            all[0] = subject.fill();
            request[0] = subject.lock().request();
        });
        CyclicBarrier end = new CyclicBarrier(2);
        Running<Boolean> releasing = Threads.start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                start.await();
                all[0].close();
                end.await();
            }
            return true;
        });
        Running<Boolean> withdrawing = Threads.start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                start.await();
                withdraw.accept(request[0]);
                end.await();
            }
            return true;
        });
        releasing.join();
        withdrawing.join();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldEitherInterruptOrGrant(Subject subject) {
        int rounds = 300;
        for (int i = 0; i < rounds; i++) {
            Permit all = subject.fill();
            CountDownLatch sent = new CountDownLatch(1);
            Running<Boolean> blocked = Threads.start(() -> {
                try (Permit permit = subject.lock().acquire()) {
                    assertThat(permit).isNotNull();
                    Threads.until(() -> sent.getCount() == 0);
                    return Thread.interrupted(); // kept with the permit
                } catch (InterruptedException withdrawn) {
                    Threads.until(() -> sent.getCount() == 0);
                    return !Thread.interrupted(); // used up by the exception
                }
            });
            Threads.until(() -> subject.waitingCount() == 1);
            Running<Boolean> interrupting = Threads.start(() -> {
                blocked.thread().interrupt();
                sent.countDown();
                return true;
            });
            all.close();
            interrupting.join();
            assertThat(blocked.join()).as("the interrupt is told of once").isTrue();
            assertThat(subject.isWholeAgain()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldEitherTimeOutOrGrant(Subject subject) {
        int rounds = 300;
        Random random = new Random(11);
        for (int i = 0; i < rounds; i++) {
            Permit all = subject.fill();
            Duration timeout = Duration.ofNanos(random.nextInt(200_000));
            Running<Boolean> blocked = Threads.start(() -> {
                try (Permit permit = subject.lock().acquire(timeout)) {
                    return permit != null;
                } catch (AcquireTimeoutException late) {
                    return false;
                }
            });
            PermitRequest<? extends Permit> request = subject.lock().request(timeout);
            Threads.until(() -> subject.waitingCount() <= 1);
            all.close();
            blocked.join();
            request.close();
            assertThat(subject.isWholeAgain()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldBeWholeAfterAStormOfEverything(Subject subject) {
        long seed = System.nanoTime();
        int room = subject.room();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Running<Integer>> storm = Threads.startAll(4, () -> {
            Random random = new Random(seed ^ Thread.currentThread().getId());
            int entered = 0;
            for (int i = 0; i < 4_000; i++) {
                try (PermitRequest<? extends Permit> request = ask(subject, random)) {
                    if (random.nextInt(4) == 0 && request.cancel()) {
                        continue;
                    }
                    Permit permit = request.await();
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    entered++;
                    if (random.nextInt(8) == 0) {
                        LockSupport.parkNanos(1);
                    }
                    inside.decrementAndGet();
                    permit.close();
                } catch (AcquireTimeoutException late) {
                    assertThat(late).hasMessageContaining("not");
                }
            }
            return entered;
        });
        int entered = storm.stream().mapToInt(Running::join).sum();
        assertThat(entered).as("seed %d", seed).isPositive();
        assertThat(most.get()).as("seed %d", seed).isLessThanOrEqualTo(room);
        assertThat(subject.isWholeAgain()).as("seed %d", seed).isTrue();
    }

    private static PermitRequest<? extends Permit> ask(Subject subject, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> subject.lock().request(Duration.ofNanos(random.nextInt(100_000)));
            case 1 -> subject.lock().request(Duration.ofSeconds(TimeUnit.DAYS.toSeconds(1)));
            default -> subject.lock().request();
        };
    }
}
