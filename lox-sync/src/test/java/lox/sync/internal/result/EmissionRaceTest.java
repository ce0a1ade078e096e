package lox.sync.internal.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cancel that meets a drain in another thread. */
@Tag("race")
class EmissionRaceTest {
    private static final int ROUNDS = 50_000;

    private static final class Endless extends Emission<Integer> {
        final AtomicInteger cancellings = new AtomicInteger();
        final AtomicInteger overs = new AtomicInteger();

        Endless() {
            super(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {}

                @Override
                public void onNext(Integer result) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
            });
        }

        @Override
        protected @Nullable Integer poll() {
            return null;
        }

        @Override
        protected boolean isExhausted() {
            return false;
        }

        @Override
        protected @Nullable Throwable failedAtOnce() {
            return null;
        }

        @Override
        protected @Nullable Throwable failureAtEnd() {
            return null;
        }

        @Override
        protected void cancelling() {
            cancellings.incrementAndGet();
        }

        @Override
        protected void over(@Nullable Throwable delivered) {
            overs.incrementAndGet();
        }

        @Override
        protected void threw(Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    @Test
    void shouldTellOfTheCancelEvenIfAnotherThreadEndsItFirst() throws Exception {
        Endless[] rounds = new Endless[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            rounds[round] = new Endless();
        }
        CyclicBarrier start = new CyclicBarrier(2);
        AtomicInteger cancelled = new AtomicInteger();
        Thread draining = new Thread(() -> {
            await(start);
            for (int round = 0; round < ROUNDS; round++) {
                while (!rounds[round].isOver()) {
                    rounds[round].drain();
                }
                while (cancelled.get() <= round) {
                    Thread.onSpinWait();
                }
            }
        });
        draining.setDaemon(true);
        draining.start();
        await(start);
        for (int round = 0; round < ROUNDS; round++) {
            rounds[round].cancel();
            cancelled.incrementAndGet();
            assertThat(rounds[round].cancellings).as("round %d", round).hasValue(1);
        }
        draining.join();
        for (Endless round : rounds) {
            assertThat(round.overs).hasValue(1);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
