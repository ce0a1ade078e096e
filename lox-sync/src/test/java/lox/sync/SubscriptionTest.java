package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue face: threads that wait for items. */
class SubscriptionTest {
    private static final Duration LONG = Patience.LIMIT;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static <V> V get(Future<V> running) throws Exception {
        return running.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static void awaitWaiting(Thread[] thread) {
        long start = System.nanoTime();
        while (thread[0] == null || !isWaiting(thread[0])) {
            assertThat(System.nanoTime() - start).isLessThan(Patience.LIMIT.toNanos());
            Thread.onSpinWait();
        }
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void shouldTakeTheBacklogAndThenWhatIsPut() throws Exception {
        Announcement<Integer> announcement = Announcement.builder().backlog(2).build();
        numbers(0, 5).forEach(announcement::put);
        try (Announcement.Subscription<Integer> queue = announcement.subscribe()) {
            announcement.put(5);
            assertThat(queue.size()).isEqualTo(3);
            assertThat(queue.take()).isEqualTo(3);
            assertThat(queue.poll()).contains(4);
            assertThat(queue.poll(LONG)).contains(5);
            assertThat(queue.poll()).isEmpty();
            assertThat(queue.poll(Duration.ofMillis(1))).isEmpty();
            assertThat(queue.poll(Duration.ofSeconds(-1))).isEmpty();
            assertThat(queue.size()).isZero();
            assertThat(queue.isOver()).isFalse();
        }
        assertThat(announcement.subscriberCount()).isZero();
    }

    @Test
    void shouldWaitForAnItem() throws Exception {
        Announcement<String> announcement = Announcement.create();
        Announcement.Subscription<String> queue = announcement.subscribe();
        Thread[] waiting = new Thread[1];
        Future<String> taking = threads.submit(() -> {
            waiting[0] = Thread.currentThread();
            return queue.take();
        });
        awaitWaiting(waiting);
        announcement.put("item");
        assertThat(get(taking)).isEqualTo("item");
    }

    @Test
    void shouldEndTheIterationWithTheCompletion() throws Exception {
        Announcement<Integer> announcement = Announcement.create();
        Announcement.Subscription<Integer> queue = announcement.subscribe();
        Announcement.Subscription<Integer> streamed = announcement.subscribe();
        Future<List<Integer>> iterating = threads.submit(() -> {
            List<Integer> all = new ArrayList<>();
            for (Integer item : queue) {
                all.add(item);
            }
            return all;
        });
        Future<List<Integer>> streaming = threads.submit(() -> streamed.stream().toList());
        numbers(0, 1_000).forEach(announcement::put);
        announcement.complete();
        assertThat(get(iterating)).isEqualTo(numbers(0, 1_000));
        assertThat(get(streaming)).isEqualTo(numbers(0, 1_000));
        assertThat(queue.isOver()).isTrue();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::poll);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> queue.poll(LONG));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::take);
        Iterator<Integer> late = queue.iterator();
        assertThat(late.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(late::next);
    }

    @Test
    void shouldThrowTheFailureAfterWhatWasPutBefore() throws Exception {
        IllegalStateException unchecked = new IllegalStateException("planned");
        IOException checked = new IOException("planned");
        AssertionError error = new AssertionError("planned");
        for (Throwable failure : List.of(unchecked, checked, error)) {
            Announcement<Integer> announcement = Announcement.create();
            Announcement.Subscription<Integer> queue = announcement.subscribe();
            announcement.put(1);
            announcement.fail(failure);
            assertThat(queue.isOver()).isFalse();
            assertThat(queue.take()).isEqualTo(1);
            List<ThrowingCallable> ways = List.of(
                    queue::take,
                    queue::poll,
                    () -> queue.poll(Duration.ZERO),
                    () -> queue.iterator().hasNext(),
                    () -> queue.stream().toList());
            for (ThrowingCallable way : ways) {
                assertThatExceptionOfType(PublisherFailedException.class)
                        .isThrownBy(way)
                        .withMessageMatching("lox-announcement-\\d+ has failed: .*planned")
                        .satisfies(thrown -> assertThat(thrown.getCause()).isSameAs(failure));
            }
        }
    }

    @Test
    void shouldTellAFullBufferFromAFailureOfThePublisher() throws Exception {
        Announcement<Integer> first = Announcement.create();
        Announcement.Subscription<Integer> full = first.subscribe(Buffer.failing(1));
        Announcement.Subscription<Integer> roomy = first.subscribe(Buffer.failing(2));
        first.put(1);
        first.put(2);
        assertThat(full.take()).isEqualTo(1);
        OverflowException overflow = catchThrowableOfType(OverflowException.class, () -> full.poll(Duration.ZERO));
        assertThat(overflow).isNotNull();
        first.fail(overflow); // now it is the publisher that has failed
        assertThat(roomy.take()).isEqualTo(1);
        assertThat(roomy.take()).isEqualTo(2);
        assertThatExceptionOfType(PublisherFailedException.class)
                .isThrownBy(roomy::take)
                .satisfies(thrown -> assertThat(thrown.getCause()).isSameAs(overflow));
    }

    @Test
    void shouldWakeEveryoneWhoWaitsAtTheEndAndAtTheClose() throws Exception {
        for (boolean close : new boolean[] {false, true}) {
            Announcement<Integer> announcement = Announcement.create();
            Announcement.Subscription<Integer> queue = announcement.subscribe();
            List<Future<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread[] thread = new Thread[1];
                waiting.add(threads.submit(() -> {
                    thread[0] = Thread.currentThread();
                    return queue.take();
                }));
                awaitWaiting(thread);
            }
            if (close) {
                queue.close();
                queue.close();
            } else {
                announcement.complete();
            }
            Class<? extends Throwable> expected = close ? CancellationException.class : NoSuchElementException.class;
            for (Future<Integer> one : waiting) {
                assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                        .isThrownBy(() -> get(one))
                        .withCauseInstanceOf(expected);
            }
            assertThat(announcement.subscriberCount()).isZero();
        }
    }

    @Test
    void shouldTakeNothingWhenInterrupted() throws Exception {
        Announcement<Integer> announcement = Announcement.create();
        Announcement.Subscription<Integer> queue = announcement.subscribe();
        Thread[] waiting = new Thread[1];
        Future<Integer> taking = threads.submit(() -> {
            waiting[0] = Thread.currentThread();
            return queue.take();
        });
        awaitWaiting(waiting);
        waiting[0].interrupt();
        assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                .isThrownBy(() -> get(taking))
                .withCauseInstanceOf(InterruptedException.class);
        announcement.put(1);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(queue::take);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> queue.iterator().hasNext());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(queue.take()).isEqualTo(1);
    }

    @Test
    void shouldGiveEachItemToOneOfManyTakers() throws Exception {
        Announcement<Integer> announcement = Announcement.create();
        for (Buffer buffer : List.of(Buffer.unbounded(), Buffer.blocking(10, LONG))) {
            Announcement.Subscription<Integer> queue = announcement.subscribe(buffer);
            Set<Integer> taken = ConcurrentHashMap.newKeySet();
            List<Future<Integer>> takers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                takers.add(threads.submit(() -> {
                    int count = 0;
                    while (count < 5_000) {
                        Integer item = queue.take();
                        assertThat(taken.add(item)).isTrue();
                        count++;
                    }
                    return count;
                }));
            }
            List<Future<?>> putters = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int from = i * 10_000;
                putters.add(threads.submit(() -> numbers(from, from + 10_000).forEach(announcement::put)));
            }
            for (Future<?> one : putters) {
                get(one);
            }
            for (Future<?> one : takers) {
                get(one);
            }
            assertThat(taken).hasSize(20_000);
            queue.close();
        }
    }

    @Test
    void shouldCountWhatTheBufferThrowsAway() throws Exception {
        Announcement<Integer> announcement = Announcement.create();
        try (Announcement.Subscription<Integer> latest = announcement.subscribe(Buffer.dropOldest(1));
                Announcement.Subscription<Integer> all = announcement.subscribe()) {
            numbers(0, 10).forEach(announcement::put);
            assertThat(latest.dropped()).isEqualTo(9);
            assertThat(latest.take()).isEqualTo(9);
            assertThat(all.dropped()).isZero();
            assertThat(all.size()).isEqualTo(10);
            assertThat(all).hasToString("Subscription[10 waiting]");
        }
    }

    @Test
    void shouldTellAMemberItsSizeWithoutItsOwnItems() {
        Announcement<Integer> announcement = Announcement.create();
        try (Announcement.Member<Integer> member = announcement.member();
                Announcement.Member<Integer> other = member.announcement().member()) {
            numbers(0, 10).forEach(member::put);
            other.put(10);
            assertThat(member.size()).isEqualTo(1);
            assertThat(other.size()).isEqualTo(10);
            assertThat(member.poll()).contains(10);
            announcement.complete();
            assertThat(member.isOver()).isTrue();
        }
    }

    @Test
    void shouldRefuseWhenSealed() {
        Announcement<Integer> announcement = Announcement.builder().backlog(3).build();
        announcement.seal();
        assertThatExceptionOfType(AnnouncementSealedException.class).isThrownBy(announcement::subscribe);
        assertThatExceptionOfType(AnnouncementSealedException.class).isThrownBy(announcement::member);
        assertThat(announcement.toString()).contains("sealed", "0 subscribers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Announcement.builder().backlog(0).build());
    }
}
