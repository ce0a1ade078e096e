package lox.sync.internal.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import lox.sync.spi.Timekeeper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the timer looks, and what happens if it refuses to. */
class BacklogExpiryTest {
    private static final class Time implements Timekeeper {
        private long now = Long.MAX_VALUE; // overflows
        private boolean refuses;
        private final List<Duration> pauses = new ArrayList<>();
        private @Nullable Runnable next;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Runnable schedule(Runnable task, long nanos) {
            if (refuses) {
                throw new RejectedExecutionException("shut down");
            }
            assertThat(next).as("one task at a time").isNull();
            pauses.add(Duration.ofNanos(nanos));
            next = task;
            return () -> {};
        }

        void run(Duration after) {
            now += after.toNanos();
            Runnable task = Objects.requireNonNull(next, "nothing is scheduled");
            next = null;
            task.run();
        }
    }

    private static final class Items implements BacklogExpiry.Backlog {
        private final Deque<Signal> items = new ArrayDeque<>();
        private final BacklogExpiry expiry;

        Items(BacklogExpiry expiry) {
            this.expiry = expiry;
        }

        void add() {
            items.add(expiry.stamp(null, "item"));
            expiry.appended(this);
        }

        @Override
        public void releaseExpired() {
            while (expiry.isExpired(items.peek(), expiry.now())) {
                items.remove();
            }
        }

        @Override
        public @Nullable Signal oldest() {
            return items.peek();
        }
    }

    private final Time time = new Time();
    private final List<Throwable> failures = new ArrayList<>();

    private Items limitedTo(Duration limit) {
        return new Items(new BacklogExpiry(time, limit.toNanos(), failures::add));
    }

    @Test
    void shouldLookWhenTheOldestExpiresButNotForEachItem() {
        Items items = limitedTo(Duration.ofSeconds(8));
        for (int i = 0; i < 10; i++) {
            items.add();
            time.now += 1_000_000;
        }
        assertThat(time.pauses).containsExactly(Duration.ofSeconds(8));
        time.run(Duration.ofMillis(7_990));
        assertThat(items.items).hasSize(9);
        assertThat(time.pauses).last().isEqualTo(Duration.ofSeconds(1));
        time.run(Duration.ofSeconds(1));
        assertThat(items.items).isEmpty();
        assertThat(time.next).isNull();
    }

    @Test
    void shouldPauseAMillisecondAtLeastAndAMinuteAtMost() {
        limitedTo(Duration.ofNanos(8)).add();
        assertThat(time.pauses).containsExactly(Duration.ofMillis(1));
        time.next = null;
        Items items = limitedTo(Duration.ofHours(1));
        items.add();
        assertThat(time.pauses).last().isEqualTo(Duration.ofMinutes(1));
        time.run(Duration.ofMinutes(1));
        assertThat(items.items).hasSize(1);
        assertThat(time.pauses).last().isEqualTo(Duration.ofMinutes(1));
        time.run(Duration.ofMinutes(59));
        assertThat(items.items).isEmpty();
    }

    @Test
    void shouldReportATimerThatRefusesAndTryAgainAtTheNextPut() {
        Items items = limitedTo(Duration.ofSeconds(8));
        time.refuses = true;
        items.add();
        assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
        time.refuses = false;
        time.now += Duration.ofSeconds(3).toNanos();
        items.add();
        assertThat(time.pauses).containsExactly(Duration.ofSeconds(5));
        assertThat(failures).hasSize(1);
    }

    @Test
    void shouldTellTheEndFromWhatExpires() {
        BacklogExpiry expiry = new BacklogExpiry(time, 1, failures::add);
        Signal item = expiry.stamp(null, "item");
        time.now += 1;
        assertThat(expiry.isExpired(item, expiry.now())).isTrue();
        assertThat(expiry.isExpired(Signal.COMPLETED, expiry.now())).isFalse();
        assertThat(expiry.isExpired(null, expiry.now())).isFalse();
    }
}
