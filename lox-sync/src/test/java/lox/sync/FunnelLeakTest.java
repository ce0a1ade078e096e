package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lox.test.VirtualTimer;
import org.junit.jupiter.api.Test;

/** What is over can be collected. */
class FunnelLeakTest {
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
    private final List<WeakReference<Object>> watched = new ArrayList<>();

    private <T> T watch(T object) {
        watched.add(new WeakReference<>(object, collected));
        return object;
    }

    private void awaitCollectionOfAllWatched() throws InterruptedException {
        long start = System.nanoTime();
        int count = 0;
        while (count < watched.size()) {
            System.gc();
            if (collected.remove(50) != null) {
                count++;
            } else {
                assertThat(System.nanoTime() - start)
                        .as("%d of %d objects were collected", count, watched.size())
                        .isLessThan(Elsewhere.LONG.toNanos());
            }
        }
    }

    /** The least of five: threads of tests before may still fill the heap between a collection and the look at it. */
    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @Test
    void shouldLeaveTheHeapFlatAfterAMillionJobs() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.<Integer>builder()
                .expireAfter(Duration.ofHours(1))
                .pendingLimit(1_000, WhenFull.DISCARD_OLDEST)
                .rememberJoined(100)
                .build();
        Funnel.Input<Integer, byte[]> a = funnel.input("a");
        Funnel.Input<Integer, byte[]> b = funnel.input("b");
        long before = usedHeap();
        for (int i = 0; i < 1_000_000; i++) {
            a.put(i, new byte[16]);
            if (i % 3 != 0) {
                b.put(i, new byte[16]);
                assertThat(funnel.take().jobId()).isEqualTo(i);
            }
        }
        long more = usedHeap() - before;
        assertThat(funnel.pendingJobs()).isEqualTo(1_000);
        assertThat(more).as("bytes kept").isLessThan(2_000_000);
    }

    /** Python lox: what is put again after its job was emitted stays for ever. */
    @Test
    void shouldNotKeepValuesThatComeAfterTheirJob() throws InterruptedException {
        VirtualTimer timer = new VirtualTimer();
        Funnel<Object> expiring = Funnel.builder()
                .expireAfter(Duration.ofSeconds(1))
                .scheduler(timer)
                .ticker(timer::nanos)
                .build();
        putAgain(expiring);
        assertThat(expiring.pendingJobs()).isEqualTo(1);
        timer.advance(1_000);
        assertThat(expiring.pendingJobs()).isZero();

        Funnel<Object> remembering = Funnel.builder().rememberJoined(5).build();
        putAgain(remembering);
        assertThat(remembering.pendingJobs()).isZero();
        awaitCollectionOfAllWatched();
        assertThat(expiring.readyJobs() + remembering.readyJobs()).isZero();
    }

    private void putAgain(Funnel<Object> funnel) throws InterruptedException {
        Funnel.Input<Object, Object> a = funnel.input("a");
        Funnel.Input<Object, Object> b = funnel.input("b");
        a.put(1, watch(new Object()));
        b.put(1, watch(new Object()));
        assertThat(funnel.take().jobId()).isEqualTo(1);
        a.put(1, watch(new Object()));
        a.put(1, watch(new Object()));
    }

    @Test
    void shouldNotKeepJobsThatWereTakenExpiredReplacedOrDiscarded() throws InterruptedException {
        VirtualTimer timer = new VirtualTimer();
        Funnel<Object> funnel = Funnel.builder()
                .expireAfter(Duration.ofSeconds(1))
                .scheduler(timer)
                .ticker(timer::nanos)
                .build();
        Funnel.Input<Object, Object> a = funnel.input("a");
        Funnel.Input<Object, Object> b = funnel.input("b");
        a.put(watch(new Object()), watch(new Object()));
        timer.advance(1_000);
        a.put(1, watch(new Object()));
        a.put(1, watch(new Object()));
        b.put(1, watch(new Object()));
        assertThat(watch(funnel.take()).jobId()).isEqualTo(1);
        a.put(watch(new Object()), watch(new Object()));
        b.complete();
        awaitCollectionOfAllWatched();
        assertThat(funnel.pendingJobs()).isZero();
        a.complete();
    }

    @Test
    void shouldNotKeepASubscriberThatCancelled() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.create();
        subscribeAndCancel(funnel);
        awaitCollectionOfAllWatched();
        assertThat(funnel.readyJobs()).isZero();
    }

    private void subscribeAndCancel(Funnel<Integer> funnel) {
        Funnel.Input<Integer, String> only = funnel.input("only");
        for (int i = 0; i < 10; i++) {
            FlowRecorder<Joined<Integer>> subscriber = watch(FlowRecorder.unbounded());
            funnel.asPublisher().subscribe(subscriber);
            only.put(i, "x");
            assertThat(subscriber.values()).hasSize(1);
            subscriber.cancel();
        }
    }

    @Test
    void shouldNotBeKeptByATimerThatHasNothingToExpire() throws InterruptedException {
        VirtualTimer timer = new VirtualTimer();
        useAndForget(timer);
        assertThat(timer.scheduled()).isEqualTo(1);
        awaitCollectionOfAllWatched();
        timer.advance(2_000);
        assertThat(timer.scheduled()).isZero();
    }

    private void useAndForget(VirtualTimer timer) throws InterruptedException {
        Funnel<Object> funnel = watch(Funnel.builder()
                .expireAfter(Duration.ofSeconds(1))
                .scheduler(timer)
                .ticker(timer::nanos)
                .build());
        Funnel.Input<Object, Object> a = funnel.input("a");
        Funnel.Input<Object, Object> b = funnel.input("b");
        a.put(1, watch(new Object()));
        b.put(1, watch(new Object()));
        assertThat(funnel.take().jobId()).isEqualTo(1);
    }
}
