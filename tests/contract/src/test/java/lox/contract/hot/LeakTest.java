package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lox.sync.Buffer;
import lox.test.Patience;

/** What nobody can get any more is garbage, to the item. */
class LeakTest extends HotTest {
    private final ReferenceQueue<Object> queue = new ReferenceQueue<>();
    private final Set<Reference<?>> gone = new HashSet<>();
    private final List<WeakReference<Object>> watched = new ArrayList<>();

    private Object watch(Object object) {
        watched.add(new WeakReference<>(object, queue));
        return object;
    }

    private void put(Channel<Object> channel, int items) {
        for (int i = 0; i < items; i++) {
            channel.put(watch(new byte[16]));
        }
    }

    /** How many of the watched are alive, once so few are, or after a while. */
    private int alive(int expected) {
        long start = System.nanoTime();
        int quiet = 0;
        while (quiet < 2 && System.nanoTime() - start < Patience.LIMIT.toNanos()) {
            System.gc();
            try {
                for (Reference<?> one = queue.remove(30); one != null; one = queue.remove(5)) {
                    if (watched.contains(one)) {
                        gone.add(one);
                    }
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            quiet = watched.size() - gone.size() <= expected ? quiet + 1 : 0; // and no fewer a little later
        }
        return watched.size() - gone.size();
    }

    @InEachLibrary
    void shouldKeepTheBacklogAndNotOneMore(HotLibrary library) {
        for (int backlog : new int[] {0, 1, 10}) {
            Channel<Object> channel = library.open(backlog);
            Counting eager = new Counting();
            channel.subscribe(eager);
            watched.clear();
            gone.clear();
            put(channel, 50);
            assertThat(eager.counted).isEqualTo(50);
            assertThat(alive(backlog)).isEqualTo(backlog);
            channel.complete();
            assertThat(alive(backlog)).isEqualTo(backlog);
            assertThat(channel).isNotNull(); // was reachable until here
            assertThat(eager).isNotNull(); // was reachable until here
        }
    }

    @InEachLibrary
    void shouldFreeTheBacklogAtTheSeal(HotLibrary library) {
        Channel<Object> channel = library.open(HotLibrary.EVERYTHING);
        Counting eager = new Counting();
        channel.subscribe(eager);
        put(channel, 50);
        assertThat(alive(50)).isEqualTo(50);
        channel.seal();
        put(channel, 10);
        assertThat(alive(0)).isZero();
        assertThat(channel).isNotNull(); // was reachable until here
        assertThat(eager).isNotNull(); // was reachable until here
    }

    /** No put comes after them: it is the timer that releases them. */
    @InEachLibrary
    void shouldFreeWhatHasExpired(HotLibrary library) {
        HotLibrary.Timed<Object> timed = library.open(options -> options.backlog(Duration.ofSeconds(8)));
        Counting eager = new Counting();
        timed.channel().subscribe(eager);
        put(timed.channel(), 30);
        timed.pass(2_000);
        put(timed.channel(), 20);
        assertThat(alive(50)).isEqualTo(50);
        timed.pass(6_000);
        assertThat(alive(20)).isEqualTo(20);
        timed.pass(2_000);
        assertThat(alive(0)).isZero();
        assertThat(timed).isNotNull(); // was reachable until here
        assertThat(eager).isNotNull(); // was reachable until here
    }

    @InEachLibrary
    void shouldFreeWhatACancelledSubscriberHasNotRead(HotLibrary library) {
        for (Buffer buffer : List.of(Buffer.unbounded(), Buffer.failing(100), Buffer.dropOldest(100))) {
            Channel<Object> channel = library.open(0);
            Counting slow = new Counting();
            slow.demand = 0;
            channel.subscribe(buffer, slow);
            watched.clear();
            gone.clear();
            put(channel, 50);
            assertThat(alive(50)).isEqualTo(50);
            slow.cancel();
            assertThat(alive(0)).as(buffer.toString()).isZero();
            assertThat(channel).isNotNull(); // was reachable until here
            assertThat(slow).isNotNull(); // was reachable until here
        }
    }

    @InEachLibrary
    void shouldKeepNoMoreThanTheBufferForOneWhoStandsStill(HotLibrary library) {
        for (Buffer buffer : List.of(Buffer.failing(5), Buffer.dropOldest(5), Buffer.dropLatest(5))) {
            Channel<Object> channel = library.open(0);
            Counting slow = new Counting();
            slow.demand = 0;
            channel.subscribe(buffer, slow);
            watched.clear();
            gone.clear();
            put(channel, 50);
            assertThat(alive(5)).as(buffer.toString()).isEqualTo(5);
            assertThat(channel).isNotNull(); // was reachable until here
            assertThat(slow).isNotNull(); // was reachable until here
        }
    }

    /** Somebody watches over an announcement with several subscribers while threads put; it must not be kept by that. */
    @InEachLibrary
    void shouldForgetAnAnnouncementIntoWhichManyPutTogether(HotLibrary library) throws Exception {
        putTogether(library);
        assertThat(alive(0)).isZero();
    }

    private void putTogether(HotLibrary library) throws Exception {
        Channel<Object> channel = library.open(10);
        List<Counting> listening = List.of(new Counting(), new Counting());
        listening.forEach(this::watch);
        listening.forEach(channel::subscribe);
        Runnable putter = () -> {
            for (int i = 0; i < 20_000; i++) {
                channel.put("item");
            }
        };
        race(putter, putter, putter);
        for (Counting one : listening) {
            Listener.until("all is delivered", () -> one.counted == 60_000);
        }
    }

    @InEachLibrary
    void shouldForgetSubscribersThatLeftFailedOrEnded(HotLibrary library) {
        Channel<Object> channel = library.open(3);
        subscribeAndLeave(channel);
        channel.put("item");
        assertThat(alive(1)).isEqualTo(1); // the one that listens
        channel.complete();
        assertThat(alive(0)).isZero();
        assertThat(channel).isNotNull(); // was reachable until here
    }

    private void subscribeAndLeave(Channel<Object> channel) {
        Counting leaving = new Counting();
        Counting bad = new Counting();
        Counting listening = new Counting();
        for (Counting one : List.of(leaving, bad, listening)) {
            channel.subscribe(one);
            watch(one);
        }
        leaving.cancel();
        bad.request(0);
    }

    /** Counts, and keeps nothing. */
    private static final class Counting extends Listener<Object> {
        private long demand = Long.MAX_VALUE;
        private int counted;

        @Override
        public void onSubscribe(java.util.concurrent.Flow.Subscription given) {
            super.onSubscribe(given);
            if (demand == 0) {
                return;
            }
            given.request(demand);
        }

        Counting() {
            super(0);
        }

        @Override
        public void onNext(Object item) {
            counted++;
        }
    }
}
