package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every way of asking, whichever the lock. */
class AcquireTest {
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE);

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldGrantAtOnceWhatIsFree(Subject subject) throws InterruptedException {
        subject.lock().acquire().close();
        subject.lock().acquire(Duration.ofSeconds(1)).close();
        subject.lock().acquire(Duration.ZERO).close();
        subject.lock().acquire(Duration.ofSeconds(-1)).close();
        subject.lock().acquire(LONGEST).close();
        subject.lock().tryAcquire().orElseThrow().close();
        subject.lock().request().await().close();
        subject.lock().request(Duration.ZERO).await().close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldParkUntilThePermitIsClosed(Subject subject) {
        Permit all = subject.fill();
        Running<Permit> waiting = Threads.start(() -> subject.lock().acquire());
        Threads.until(() -> subject.waitingCount() == 1);
        Threads.untilParked(waiting.thread());
        all.close();
        waiting.join().close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldNotWaitWithATimeoutOfZeroOrLess(Subject subject) {
        Permit all = subject.fill();
        for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(-1), LONGEST.negated())) {
            assertThatExceptionOfType(AcquireTimeoutException.class)
                    .isThrownBy(() -> subject.lock().acquire(none));
            PermitRequest<? extends Permit> request = subject.lock().request(none);
            assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(request::await);
            assertThat(request.cancel()).isFalse();
        }
        assertThat(subject.lock().tryAcquire()).isEmpty();
        all.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldHoldNothingAfterATimeout(Subject subject) {
        Permit all = subject.fill();
        assertThatExceptionOfType(AcquireTimeoutException.class)
                .isThrownBy(() -> subject.lock().acquire(Duration.ofMillis(2)));
        PermitRequest<? extends Permit> request = subject.lock().request(Duration.ofMillis(2));
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(request::await);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> request.stage().toCompletableFuture().join())
                .withCauseInstanceOf(AcquireTimeoutException.class);
        assertThat(subject.waitingCount()).isZero();
        all.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldWaitForEverWithTheLongestTimeouts(Subject subject) {
        for (Duration ever : List.of(LONGEST, Duration.ofNanos(Long.MAX_VALUE), Duration.ofNanos(Long.MAX_VALUE - 1))) {
            Permit all = subject.fill();
            Running<Permit> blocked = Threads.start(() -> subject.lock().acquire(ever));
            Threads.until(() -> subject.waitingCount() == 1);
            Threads.untilParked(blocked.thread());
            PermitRequest<? extends Permit> request = subject.lock().request(ever);
            assertThat(subject.waitingCount()).isEqualTo(2);
            all.close();
            blocked.join().close();
            Permit granted = Threads.<Permit>start(request::await).join();
            granted.close();
            assertThat(subject.isWholeAgain()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldServeFirstComeFirstServed(Subject subject) {
        Permit all = subject.fill();
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        List<Running<Integer>> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            if (i % 2 == 0) {
                subject.lock().request().stage().whenComplete((permit, failure) -> {
                    served.add(number);
                    permit.close();
                });
            } else if (subject.room() == 1) {
                threads.add(Threads.start(() -> {
                    try (Permit permit = subject.lock().acquire()) {
                        assertThat(permit).isNotNull();
                        served.add(number);
                    }
                    return number;
                }));
            }
            int expected = subject.room() == 1 ? i + 1 : i / 2 + 1;
            Threads.until(() -> subject.waitingCount() == expected);
        }
        all.close();
        threads.forEach(Running::join);
        assertThat(served).isSorted().hasSize(subject.room() == 1 ? 20 : 10);
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#exclusive")
    void shouldNeverOvertakeThoseWhoWait(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> first = subject.lock().request();
        PermitRequest<? extends Permit> second = subject.lock().request();
        all.close();
        assertThat(subject.lock().tryAcquire()).isEmpty();
        first.close();
        assertThat(subject.lock().tryAcquire()).isEmpty();
        second.close();
        Optional<? extends Permit> now = subject.lock().tryAcquire();
        assertThat(now).isPresent();
        now.orElseThrow().close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#exclusive")
    void shouldNotOvertakeALineThatIsHandedOver(Subject subject) throws InterruptedException {
        Permit all = subject.fill();
        List<PermitRequest<? extends Permit>> line = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            line.add(subject.lock().request());
        }
        PermitRequest<? extends Permit> last = line.remove(line.size() - 1);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger passed = new AtomicInteger();
        List<Running<Boolean>> pushing = Threads.startAll(2, () -> {
            while (!over.get()) {
                subject.lock().tryAcquire().ifPresent(permit -> {
                    passed.incrementAndGet();
                    permit.close();
                });
            }
            return true;
        });
        Running<Boolean> looking = Threads.start(() -> {
            while (!over.get()) {
                try (Permit permit = subject.lock().acquire(Duration.ofNanos(20_000))) {
                    assertThat(permit).isNotNull();
                    passed.incrementAndGet();
                } catch (AcquireTimeoutException late) {
                    assertThat(late).isNotNull();
                }
            }
            return true;
        });
        all.close();
        for (PermitRequest<? extends Permit> next : line) {
            next.await().close();
        }
        assertThat(passed).hasValue(0); // while the last holds it
        over.set(true);
        pushing.forEach(Running::join);
        looking.join();
        last.await().close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldNotGrantToAThreadThatComesInterrupted(Subject subject) {
        Running<Boolean> interrupted = Threads.start(() -> {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> subject.lock().acquire());
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> subject.lock().acquire(Duration.ofSeconds(1)));
            return true;
        });
        assertThat(interrupted.join()).isTrue();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldReturnThePermitAndKeepTheFlagWhenTheGrantCameFirst(Subject subject) {
        Running<Boolean> interrupted = Threads.start(() -> {
            PermitRequest<? extends Permit> granted = subject.lock().request();
            Thread.currentThread().interrupt();
            granted.await().close();
            return Thread.currentThread().isInterrupted();
        });
        assertThat(interrupted.join()).isTrue();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldHandThePermitToEveryThreadThatAwaitsTheRequest(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> request = subject.lock().request();
        List<Running<Permit>> awaiting = Threads.startAll(3, request::await);
        awaiting.forEach(each -> Threads.untilParked(each.thread()));
        all.close();
        List<Permit> permits = awaiting.stream().map(Running::join).toList();
        assertThat(permits).hasSize(3).allMatch(permit -> permit == permits.get(0));
        permits.get(0).close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNullWithoutHoldingAnything(Subject subject) {
        assertThatNullPointerException().isThrownBy(() -> subject.lock().acquire(null));
        assertThatNullPointerException().isThrownBy(() -> subject.lock().request(null));
        assertThat(subject.isWholeAgain()).isTrue();
    }
}
