package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The faults of the Announcement of Python's lox, each provoked as it was found there. */
class PythonLoxAnnouncementTest {
    private static final Duration LONG = Patience.LIMIT;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Announcement<Integer> announcement = Announcement.create();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldLetOthersLeaveWhileAPutWaitsForAFullSubscriber() throws Exception {
        Announcement.Subscription<Integer> full = announcement.subscribe(Buffer.blocking(1, LONG));
        Announcement.Subscription<Integer> other = announcement.subscribe();
        announcement.put(0);
        Future<?> putter = threads.submit(() -> announcement.put(1));
        assertThat(other.take()).isZero();
        assertThat(other.take()).isEqualTo(1); // it has come through to the others
        other.close();
        announcement.subscribe().close();
        assertThat(putter.isDone()).isFalse();
        full.close(); // the full one may leave, too
        putter.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void shouldNotDeliverPartly() {
        Announcement.Subscription<Integer> before = announcement.subscribe();
        Announcement.Subscription<Integer> full = announcement.subscribe(Buffer.failing(1));
        Announcement.Subscription<Integer> after = announcement.subscribe();
        announcement.put(0);
        announcement.put(1);
        assertThat(before.size()).isEqualTo(2);
        assertThat(after.size()).isEqualTo(2);
        assertThat(full.poll()).contains(0);
        assertThatExceptionOfType(OverflowException.class).isThrownBy(full::poll);
    }

    @Test
    void shouldCountOneTimeoutOverAllSubscribers() throws Exception {
        // All of them are full, each would have its time, together far more than the limit of the test: they have it
        // together.
        Duration time = Duration.ofMillis(200);
        for (int i = 0; i < 10 * Patience.SECONDS; i++) {
            announcement.subscribe(Buffer.blocking(1, time));
        }
        announcement.put(0);
        long start = System.nanoTime();
        Future<?> putter = threads.submit(() -> announcement.put(1));
        putter.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(time.toNanos());
        assertThat(announcement.subscriberCount()).isZero();
    }

    @Test
    void shouldNotWaitForASubscriberWhoseBacklogIsLongerThanItsBuffer() throws Exception {
        Announcement<Integer> long1 = Announcement.builder().unboundedBacklog().build();
        IntStream.range(0, 100).forEach(long1::put);
        try (Announcement.Subscription<Integer> queue = long1.subscribe(Buffer.blocking(1, LONG))) {
            assertThat(queue.size()).isEqualTo(100);
            assertThat(queue.take()).isZero();
        }
    }

    @Test
    void shouldEnd() throws Exception {
        Announcement.Subscription<Integer> queue = announcement.subscribe();
        CountDownLatch waiting = new CountDownLatch(1);
        Future<Integer> taking = threads.submit(() -> {
            waiting.countDown();
            return queue.take();
        });
        waiting.await();
        announcement.complete();
        assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                .isThrownBy(() -> taking.get(Patience.SECONDS, TimeUnit.SECONDS))
                .withCauseInstanceOf(NoSuchElementException.class);
    }
}
