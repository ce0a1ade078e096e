package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lox.test.Patience;

/** Two threads that do two things at the same time, often, and each time a little differently. */
final class Encounter {
    static final int ROUNDS = 2_000;

    static final Round NOTHING = round -> {};

    /** What is done in one round. */
    interface Round {
        void run(int round) throws Exception;
    }

    private Encounter() {}

    /**
     * Each in a thread of its own; {@code prepare} before and {@code check} after each round, in the test's thread. A barrier lets threads
     * go one after the other, so they meet once more, spinning; then one of them is held back a little, each time by another while.
     */
    static void race(Round prepare, Round first, Round second, Round check) throws Exception {
        CyclicBarrier gate = new CyclicBarrier(3);
        AtomicInteger met = new AtomicInteger();
        List<Elsewhere<Boolean>> racers = new ArrayList<>();
        for (Round racer : List.of(first, second)) {
            racers.add(Elsewhere.call(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    gate.await(Patience.SECONDS, TimeUnit.SECONDS);
                    met.incrementAndGet();
                    for (int spins = 0; met.get() < 2 * (i + 1); spins++) {
                        if (spins < 10_000) {
                            Thread.onSpinWait();
                        } else {
                            LockSupport.parkNanos(1_000); // the other may need this processor
                        }
                    }
                    boolean isHeldBack = (racer == first) == (i % 2 == 0);
                    for (int pause = isHeldBack ? i / 2 % 50 : 0; pause > 0; pause--) {
                        met.get();
                    }
                    racer.run(i);
                    gate.await(Patience.SECONDS, TimeUnit.SECONDS);
                }
                return true;
            }));
        }
        for (int i = 0; i < ROUNDS; i++) {
            prepare.run(i);
            gate.await(Patience.SECONDS, TimeUnit.SECONDS);
            gate.await(Patience.SECONDS, TimeUnit.SECONDS);
            check.run(i);
        }
        for (Elsewhere<Boolean> racer : racers) {
            assertThat(racer.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
