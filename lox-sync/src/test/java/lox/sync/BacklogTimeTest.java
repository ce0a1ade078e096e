package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import lox.test.Patience;
import lox.test.VirtualTimer;
import org.junit.jupiter.api.Test;

/** A backlog whose items expire: what goes through the options of plain Java, races, and what is garbage. */
class BacklogTimeTest {
    private final VirtualTimer timer = new VirtualTimer();

    private Announcement<Object> expiring() {
        return Announcement.builder()
                .backlog(Duration.ofSeconds(8))
                .scheduler(timer)
                .ticker(timer::nanos)
                .build();
    }

    @Test
    void shouldScheduleOneTaskAtATimeAndNoneForNothing() {
        Announcement<Object> announcement = expiring();
        assertThat(timer.scheduled()).isZero();
        for (int i = 0; i < 1_000; i++) {
            announcement.put(i);
            timer.advance(1);
            assertThat(timer.scheduled()).isEqualTo(1);
        }
        timer.advance(9_000);
        assertThat(timer.scheduled()).isZero();
        announcement.put("more");
        assertThat(timer.scheduled()).isEqualTo(1);
        announcement.seal();
        timer.advance(8_000);
        assertThat(timer.scheduled()).isZero();
    }

    @Test
    void shouldReleaseWhatHasExpiredAtTheNextPut() {
        AtomicLong now = new AtomicLong();
        Announcement<Object> announcement = Announcement.builder()
                .backlog(Duration.ofSeconds(8))
                .scheduler(timer) // stands still
                .ticker(now::get)
                .build();
        WeakReference<Object> expired = put(announcement);
        now.addAndGet(Duration.ofSeconds(8).toNanos());
        WeakReference<Object> kept = put(announcement);
        awaitCollected(expired);
        assertThat(kept.get()).isNotNull();
        assertThat(announcement.backlog()).hasSize(1);
    }

    @Test
    void shouldBeGarbageThoughATaskIsScheduled() {
        WeakReference<Object> item = put(expiring());
        assertThat(timer.scheduled()).isEqualTo(1);
        awaitCollected(item);
        timer.advance(60_000);
        assertThat(timer.scheduled()).isZero();
    }

    private static WeakReference<Object> put(Announcement<Object> announcement) {
        Object item = new Object();
        announcement.put(item);
        return new WeakReference<>(item);
    }

    private static void awaitCollected(WeakReference<Object> item) {
        Patience.until("the item is garbage", () -> {
            System.gc();
            return item.get() == null;
        });
    }

    /** Whatever has expired when one subscribes, from there on it gets everything, in order and once. */
    @Test
    void shouldLeaveNoGapWhileTimePasses() throws InterruptedException {
        int count = 50_000;
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // overflows
        Announcement<Integer> announcement = Announcement.builder()
                .backlog(Duration.ofNanos(20))
                .backlog(30)
                .scheduler(timer)
                .ticker(now::incrementAndGet)
                .build();
        Thread putter = new Thread(() -> IntStream.range(0, count).forEach(announcement::put), "putter");
        putter.start();
        List<Announcement.Subscription<Integer>> queues = new ArrayList<>();
        while (putter.isAlive()) {
            if (queues.size() < 500) {
                queues.add(announcement.subscribe());
            }
            List<Integer> backlog = announcement.backlog();
            assertThat(backlog).hasSizeLessThanOrEqualTo(30);
            if (!backlog.isEmpty()) {
                int first = backlog.get(0);
                assertThat(backlog)
                        .isEqualTo(IntStream.range(first, first + backlog.size())
                                .boxed()
                                .toList());
            }
        }
        putter.join();
        announcement.complete();
        for (Announcement.Subscription<Integer> queue : queues) {
            List<Integer> items = queue.stream().toList();
            if (!items.isEmpty()) {
                assertThat(items)
                        .isEqualTo(IntStream.range(items.get(0), count).boxed().toList());
            }
        }
    }

    @Test
    void shouldReleaseByTheClockOfLox() {
        Announcement<Object> announcement =
                Announcement.builder().backlog(Duration.ofMillis(20)).build();
        WeakReference<Object> item = put(announcement);
        awaitCollected(item);
        assertThat(announcement.backlog()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseWhatMakesNoSense() {
        assertThatNullPointerException()
                .isThrownBy(() -> Announcement.builder().backlog(null))
                .withMessage("time");
        for (Duration time : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Announcement.builder().backlog(time))
                    .withMessageStartingWith("backlog must be more than zero and below 146 years");
        }
        Announcement.Builder timed = Announcement.builder().backlog(Duration.ofDays(36_500));
        assertThatIllegalStateException().isThrownBy(() -> timed.backlog(Duration.ofDays(1)));
        Announcement.Builder builder = Announcement.builder().scheduler(timer).ticker(timer::nanos);
        assertThatIllegalStateException().isThrownBy(() -> builder.scheduler(timer));
        assertThatIllegalStateException().isThrownBy(() -> builder.ticker(timer::nanos));
        assertThatNullPointerException().isThrownBy(() -> builder.scheduler(null));
        assertThatNullPointerException().isThrownBy(() -> builder.ticker(null));
    }
}
