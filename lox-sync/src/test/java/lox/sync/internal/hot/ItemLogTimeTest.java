package lox.sync.internal.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.spi.Timekeeper;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** The times in a log whose items expire are in its order, whichever threads append. */
class ItemLogTimeTest {
    private static final int EACH = 50_000;

    /** A clock that never shows one time twice; nothing is due. */
    private static final class Counting implements Timekeeper {
        private final AtomicLong now = new AtomicLong();

        @Override
        public long nanoTime() {
            return now.incrementAndGet();
        }

        @Override
        public Runnable schedule(Runnable task, long nanos) {
            return () -> {};
        }
    }

    @Test
    void shouldStampItemsInTheOrderOfTheLog() throws InterruptedException {
        BacklogExpiry expiry = new BacklogExpiry(new Counting(), Long.MAX_VALUE / 2, failure -> {});
        ItemLog log = new ItemLog(ItemLog.UNBOUNDED, expiry);
        LogNode node = Objects.requireNonNull(log.start(), "sealed");
        CountDownLatch ready = new CountDownLatch(3);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> {
                ready.countDown();
                while (ready.getCount() != 0) {
                    Thread.onSpinWait();
                }
                for (int item = 0; item < EACH; item++) {
                    log.append(item, null);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(Patience.LIMIT.toMillis());
        }
        long before = 0;
        int count = 0;
        for (LogNode last = log.last(); node != last; node = node.successor()) {
            assertThat(node.value()).isInstanceOf(Signal.class);
            long time = ((Signal) Objects.requireNonNull(node.value(), "empty")).time();
            assertThat(time).isGreaterThan(before);
            before = time;
            count++;
        }
        assertThat(count).isEqualTo(3 * EACH);
    }
}
