package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.api.Test;

class LightSwitchTest {
    private final QLock room = new QLock();
    private final LightSwitch guests = new LightSwitch(room);

    @Test
    void shouldTakeTheLockWithTheFirstAndGiveItBackWithTheLast() {
        Permit first = guests.tryAcquire().orElseThrow();
        assertThat(room.held()).isEqualTo(1);
        Permit second = guests.tryAcquire().orElseThrow();
        assertThat(guests.entrants()).isEqualTo(2);
        first.close();
        assertThat(room.held()).isEqualTo(1);
        second.close();
        assertThat(guests.entrants()).isZero();
        assertThat(room.held()).isZero();
    }

    @Test
    void shouldLetEverybodyInWhoWaitedTogether() {
        Permit alone = room.tryAcquire().orElseThrow();
        List<PermitRequest<Permit>> waiting = List.of(guests.request(), guests.request(), guests.request());
        assertThat(guests.waiting()).isEqualTo(3);
        assertThat(room.waiting()).isEqualTo(1);
        alone.close();
        assertThat(guests.entrants()).isEqualTo(3);
        waiting.forEach(PermitRequest::close);
        assertThat(room.held()).isZero();
    }

    @Test
    void shouldLetGuestsInPastThoseWhoWaitForTheRoom() {
        Permit guest = guests.tryAcquire().orElseThrow();
        PermitRequest<Permit> janitor = room.request();
        Permit late = guests.tryAcquire().orElseThrow();
        guest.close();
        assertThat(room.waiting()).isEqualTo(1);
        late.close();
        assertThat(janitor.cancel()).isFalse();
        assertThat(guests.tryAcquire()).isEmpty();
        janitor.close();
        assertThat(room.held()).isZero();
    }

    @Test
    void shouldKeepTheOthersWaitingWhenTheFirstEntrantCancels() {
        Permit alone = room.tryAcquire().orElseThrow();
        PermitRequest<Permit> first = guests.request();
        PermitRequest<Permit> second = guests.request();
        PermitRequest<Permit> behind = room.request();
        assertThat(first.cancel()).isTrue();
        assertThat(room.waiting()).isEqualTo(2); // the switch's place in the line is kept
        alone.close();
        assertThat(guests.entrants()).isEqualTo(1);
        assertThat(second.cancel()).isFalse();
        second.close();
        assertThat(behind.cancel()).isFalse();
        behind.close();
        assertThat(room.held()).isZero();
    }

    @Test
    void shouldNotFailTheOthersWhenOneTimesOut() throws InterruptedException {
        Permit alone = room.tryAcquire().orElseThrow();
        PermitRequest<Permit> impatient = guests.request(Duration.ofMillis(1));
        PermitRequest<Permit> patient = guests.request();
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(impatient::await);
        alone.close();
        patient.await().close();
        assertThat(room.held()).isZero();
    }

    @Test
    void shouldLeaveTheLineBelowWhenAllHaveWithdrawn() {
        Permit alone = room.tryAcquire().orElseThrow();
        List<PermitRequest<Permit>> waiting = List.of(guests.request(), guests.request());
        assertThat(room.waiting()).isEqualTo(1);
        waiting.forEach(PermitRequest::cancel);
        assertThat(room.waiting()).isZero();
        alone.close();
        assertThat(room.held()).isZero();
        guests.tryAcquire().orElseThrow().close();
        assertThat(room.held()).isZero();
    }

    @Test
    void shouldSurviveTheLastGoingOutWhileTheFirstComesIn() {
        AtomicInteger alone = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        List<Running<Boolean>> crowd = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            crowd.add(Threads.start(() -> {
                for (int round = 0; round < 4_000; round++) {
                    try (Permit guest = guests.acquire()) {
                        assertThat(guest).isNotNull();
                        inside.incrementAndGet();
                        assertThat(alone.get()).isZero();
                        inside.decrementAndGet();
                    }
                }
                return true;
            }));
        }
        crowd.add(Threads.start(() -> {
            for (int round = 0; round < 1_000; round++) {
                try (Permit janitor = room.acquire()) {
                    assertThat(janitor).isNotNull();
                    alone.incrementAndGet();
                    assertThat(inside.get()).isZero();
                    alone.decrementAndGet();
                }
            }
            return true;
        }));
        crowd.forEach(Running::join);
        assertThat(guests.entrants()).isZero();
        assertThat(guests.waiting()).isZero();
        assertThat(room.held()).isZero();
        assertThat(room.waiting()).isZero();
    }

    @Test
    void shouldGiveTheLockBackWhateverTheOrderOfCancelsAndGrants() {
        List<Running<Boolean>> storm = Threads.startAll(3, () -> {
            Random random = new Random(Thread.currentThread().getId());
            for (int round = 0; round < 5_000; round++) {
                PermitRequest<Permit> request = random.nextInt(4) == 0 ? room.request() : guests.request();
                if (random.nextBoolean()) {
                    request.cancel();
                }
                request.close();
            }
            return true;
        });
        storm.forEach(Running::join);
        assertThat(guests.entrants()).isZero();
        assertThat(room.waiting()).isZero();
        assertThat(room.held()).isZero();
        room.tryAcquire().orElseThrow().close();
        guests.tryAcquire().orElseThrow().close();
    }

    @Test
    void shouldWorkOverASharedLockAndOverAnotherSwitch() {
        RWLock lock = new RWLock();
        LightSwitch inner = new LightSwitch(lock.read());
        LightSwitch outer = new LightSwitch(inner);
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        PermitRequest<Permit> first = outer.request();
        PermitRequest<Permit> second = inner.request();
        Permit reading = writing.downgrade();
        assertThat(first.cancel()).isFalse();
        assertThat(second.cancel()).isFalse();
        assertThat(lock.readers()).isEqualTo(2);
        assertThat(inner.entrants()).isEqualTo(2);
        first.close();
        second.close();
        reading.close();
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldFailThoseWhoWaitWhenTheLockBelowFails() {
        FailingLock failing = new FailingLock();
        LightSwitch over = new LightSwitch(failing);
        PermitRequest<Permit> first = over.request();
        PermitRequest<Permit> second = over.request();
        Running<Boolean> blocked = Threads.start(() -> {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(over::acquire)
                    .withMessage("broken below");
            return true;
        });
        Threads.until(() -> over.waiting() == 3);
        failing.result.completeExceptionally(new IllegalStateException("broken below"));
        assertThat(blocked.join()).isTrue();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(first::await)
                .withMessage("broken below");
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> second.stage().toCompletableFuture().join())
                .withCauseInstanceOf(IllegalStateException.class);
        assertThat(over.waiting()).isZero();
        assertThat(over.entrants()).isZero();

        failing.refusal = new UnsupportedOperationException("not even asked");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(over::tryAcquire);
        assertThat(over.snapshot()).isEqualTo(new LockSnapshot(0, 0, Duration.ZERO));
        failing.refusal = null;
        failing.result = new CompletableFuture<>();
        PermitRequest<Permit> third = over.request();
        failing.result.complete(() -> {});
        assertThat(third.cancel()).isFalse();
        assertThat(over.entrants()).isEqualTo(1);
        third.close();
        assertThat(over.entrants()).isZero();
    }

    @Test
    void shouldFailThoseWhoWaitThoughTheFailureBelowCannotTellItsCause() {
        FailingLock failing = new FailingLock();
        LightSwitch over = new LightSwitch(failing);
        PermitRequest<Permit> request = over.request();
        CompletionException mute = new CompletionException("cannot tell", null) {
            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("the cause");
            }
        };
        failing.result.completeExceptionally(mute);
        assertThat(request.stage().toCompletableFuture()).isCompletedExceptionally();
        assertThat(over.waiting()).isZero();
        assertThat(over.entrants()).isZero();
    }

    @Test
    void shouldTellOfACancelThoughTheLockBelowAndTheHandlerOfItsFailureThrow() {
        FailingLock failing = new FailingLock() {
            @Override
            void withdrawn() {
                throw new IllegalStateException("the lock below, on close");
            }
        };
        LightSwitch over = new LightSwitch(failing);
        AtomicInteger handled = new AtomicInteger();
        Running<Boolean> cancelling = Threads.start(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
                handled.incrementAndGet();
                throw new IllegalStateException("the handler");
            });
            PermitRequest<Permit> request = over.request();
            CompletableFuture<Permit> told = request.stage().toCompletableFuture();
            assertThat(request.cancel()).isTrue();
            assertThat(told).isCompletedExceptionally();
            return true;
        });
        assertThat(cancelling.join()).isTrue();
        assertThat(handled).hasValue(1);
        assertThat(over.waiting()).isZero();
    }

    @Test
    void shouldWithdrawFromTheLockBelowThoughAllWithdrewWhileItWasBeingAsked() {
        CountDownLatch tried = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch requested = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger withdrawn = new AtomicInteger();
        FailingLock slow = new FailingLock() {
            @Override
            public Optional<Permit> tryAcquire() {
                if (tried.getCount() > 0) {
                    tried.countDown();
                    Threads.until(() -> asked.getCount() == 0);
                }
                return Optional.empty();
            }

            @Override
            public PermitRequest<Permit> request() {
                requested.countDown();
                Threads.until(() -> goOn.getCount() == 0);
                return super.request();
            }

            @Override
            void withdrawn() {
                withdrawn.incrementAndGet();
            }
        };
        LightSwitch over = new LightSwitch(slow);
        Running<Boolean> trying = Threads.start(() -> over.tryAcquire().isEmpty());
        Threads.until(() -> tried.getCount() == 0);
        PermitRequest<Permit> only = over.request(); // stands in the line: somebody is at the lock below
        asked.countDown(); // who finds it taken, and asks for it in the name of the line
        Threads.until(() -> requested.getCount() == 0);
        assertThat(only.cancel()).isTrue();
        goOn.countDown();
        assertThat(trying.join()).isTrue();
        assertThat(withdrawn).hasValue(1);
    }

    @Test
    void shouldGiveBackTheVeryPermitItTookWhenTheLastLeavesAsTheFirstComes() {
        RWLock shared = new RWLock(); // which has another permit for who comes before the last one is back
        LightSwitch over = new LightSwitch(shared.read());
        AtomicInteger visits = new AtomicInteger();
        List<Running<Boolean>> crowd = Threads.startAll(2, () -> {
            for (long start = System.nanoTime(); System.nanoTime() - start < 500_000_000; ) {
                over.tryAcquire().ifPresent(permit -> {
                    visits.incrementAndGet();
                    permit.close();
                });
            }
            return true;
        });
        crowd.forEach(Running::join);
        assertThat(visits).hasPositiveValue();
        assertThat(over.entrants()).isZero();
        assertThat(shared.readers()).isZero();
    }

    @Test
    void shouldAskTheLockBelowOnceWhileSomebodyIsAtIt() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        List<Optional<Permit>> meanwhile = new ArrayList<>();
        LightSwitch[] over = new LightSwitch[1];
        over[0] = new LightSwitch(new FailingLock() {
            @Override
            public Optional<Permit> tryAcquire() {
                asked.incrementAndGet();
                if (meanwhile.size() < 3) { // others come while this one asks
                    meanwhile.add(Optional.empty());
                    meanwhile.set(meanwhile.size() - 1, over[0].tryAcquire());
                }
                inside.incrementAndGet();
                return Optional.of(inside::decrementAndGet);
            }
        });
        Permit only = over[0].tryAcquire().orElseThrow();
        assertThat(meanwhile).containsExactly(Optional.empty());
        assertThat(asked).hasValue(1);
        assertThat(over[0].entrants()).isEqualTo(1);
        only.close();
        assertThat(inside)
                .as("permits of the lock below that nobody can give back")
                .hasValue(0);
    }

    @Test
    void shouldWithdrawWhenTheInterruptComesBetweenTheTryAndThePlaceInTheLine() throws InterruptedException {
        QLock room = new QLock();
        Permit held = room.tryAcquire().orElseThrow();
        FailingLock interrupting = new FailingLock() {
            @Override
            public Optional<Permit> tryAcquire() {
                Thread.currentThread().interrupt();
                return room.tryAcquire();
            }

            @Override
            public PermitRequest<Permit> request() {
                return room.request();
            }
        };
        LightSwitch over = new LightSwitch(interrupting);
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(over::acquire);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(over.waiting()).isZero();
        Threads.until(() -> room.waiting() == 0);
        held.close();
        assertThat(room.held()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNull() {
        assertThatNullPointerException().isThrownBy(() -> new LightSwitch(null));
    }

    /** A lock that is never free at once, and may break. */
    private static class FailingLock implements Acquirable<Permit> {
        volatile CompletableFuture<Permit> result = new CompletableFuture<>();
        volatile @org.jspecify.annotations.Nullable RuntimeException refusal;

        void withdrawn() {}

        @Override
        public Permit acquire() {
            throw new AssertionError("the switch never blocks");
        }

        @Override
        public Permit acquire(Duration timeout) {
            throw new AssertionError("the switch never blocks");
        }

        @Override
        public Optional<Permit> tryAcquire() {
            if (refusal != null) {
                throw refusal;
            }
            return Optional.empty();
        }

        @Override
        public PermitRequest<Permit> request() {
            CompletableFuture<Permit> mine = result;
            return new PermitRequest<>() {
                @Override
                public Permit await() {
                    throw new AssertionError("the switch never blocks");
                }

                @Override
                public CompletionStage<Permit> stage() {
                    return mine;
                }

                @Override
                public boolean cancel() {
                    return mine.cancel(false);
                }

                @Override
                public void close() {
                    mine.cancel(false);
                    withdrawn();
                }
            };
        }

        @Override
        public PermitRequest<Permit> request(Duration timeout) {
            return request();
        }
    }
}
