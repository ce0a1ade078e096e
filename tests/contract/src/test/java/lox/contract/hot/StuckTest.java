package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Buffer;

/** Subscribers that do not return, beside others. */
class StuckTest extends HotTest {
    /** How a subscriber takes part, which decides who sees to it inside. */
    private enum Kind {
        EAGER,
        BIT_BY_BIT,
        BUFFERED
    }

    /** Does not return from its first item before it is told to. */
    private static final class Blocking extends Listener<Integer> {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final Kind kind;

        Blocking(Kind kind) {
            super(kind == Kind.BIT_BY_BIT ? 1 : Long.MAX_VALUE);
            this.kind = kind;
        }

        @Override
        void hear(Integer item) {
            if (entered.getCount() != 0) {
                entered.countDown();
                open(released);
            }
            if (kind == Kind.BIT_BY_BIT) {
                request(1);
            }
        }
    }

    private static void subscribe(Channel<Integer> channel, Blocking listener) {
        channel.subscribe(listener.kind == Kind.BUFFERED ? Buffer.failing(1_000) : Buffer.unbounded(), listener);
    }

    /**
     * So many get stuck, and one thread more puts, all at the same time. Whoever comes first: what the thread that gets away has put
     * must not stay with those that are stuck. Nobody puts after that.
     */
    @InEachLibrary
    void shouldLeaveNothingToAThreadThatGetsStuckElsewhere(HotLibrary library) throws Exception {
        Kind[] kinds = Kind.values();
        for (int round = 0; round < 90; round++) {
            int stuck = 1 + round % 3;
            Channel<Integer> channel = library.open(0);
            List<Blocking> blocking = new ArrayList<>();
            List<Blocking> others = new ArrayList<>();
            for (int i = 0; i < stuck; i++) {
                blocking.add(new Blocking(kinds[(round / 3 + i * round) % 3]));
                others.add(new Blocking(kinds[(round / 9 + i) % 3]));
            }
            others.forEach(listener -> {
                listener.entered.countDown();
                listener.released.countDown();
            });
            for (int i = 0; i < stuck; i++) {
                subscribe(channel, blocking.get(i));
                subscribe(channel, others.get(i));
            }
            CountDownLatch go = new CountDownLatch(1);
            List<Future<?>> puts = IntStream.rangeClosed(0, stuck)
                    .<Future<?>>mapToObj(item -> start(() -> {
                        open(go);
                        channel.put(item);
                    }))
                    .toList();
            go.countDown();
            blocking.forEach(listener -> open(listener.entered));
            Listener.until("one put returns", () -> puts.stream().anyMatch(Future::isDone));
            others.forEach(other -> other.awaitCount(stuck + 1));
            blocking.forEach(listener -> listener.released.countDown());
            for (Future<?> put : puts) {
                get(put);
            }
            blocking.forEach(listener -> listener.awaitCount(stuck + 1));
            for (Blocking other : others) {
                assertThat(other.items()).isEqualTo(blocking.get(0).items());
            }
        }
    }

    /** Nobody else puts, before or after. */
    @InEachLibrary
    void shouldServeTheOthersWhereOneThreadPutsAlone(HotLibrary library) throws Exception {
        for (Kind kind : Kind.values()) {
            Channel<Integer> channel = library.open(0);
            Listener<Integer> before = new Listener<>();
            channel.subscribe(before);
            Blocking stuck = new Blocking(kind);
            subscribe(channel, stuck);
            List<Blocking> behind = new ArrayList<>();
            for (Kind other : Kind.values()) {
                Blocking free = new Blocking(other);
                free.entered.countDown();
                free.released.countDown();
                behind.add(free);
                subscribe(channel, free);
            }
            Future<?> put = start(() -> channel.put(1));
            open(stuck.entered);
            behind.forEach(other -> assertThat(other.awaitCount(1).items()).containsExactly(1));
            assertThat(before.items()).containsExactly(1);
            assertThat(put.isDone()).isFalse();
            stuck.released.countDown();
            get(put);
            assertThat(stuck.items()).containsExactly(1);
            channel.complete();
            behind.forEach(other -> assertThat(other.awaitEnd().items()).containsExactly(1));
            assertThat(stuck.awaitEnd().items()).containsExactly(1);
        }
    }

    @InEachLibrary
    void shouldTellTheOthersOfAnEndThatOneDoesNotReturnFrom(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        CountDownLatch released = new CountDownLatch(1);
        Listener<Integer> stuck = new Listener<>() {
            @Override
            public void onComplete() {
                open(released);
                super.onComplete();
            }
        };
        Listener<Integer> eager = new Listener<>();
        Listener<Integer> careful = new Listener<>(10);
        List.of(stuck, eager, careful).forEach(channel::subscribe);
        channel.put(1);
        Future<?> completion = start(channel::complete);
        assertThat(eager.awaitEnd().items()).containsExactly(1);
        assertThat(careful.awaitEnd().items()).containsExactly(1);
        assertThat(completion.isDone()).isFalse();
        released.countDown();
        get(completion);
        assertThat(stuck.isCompleted()).isTrue();
        assertThat(channel.subscriberCount()).isZero();
    }

    /** A thread of lox's own goes on for the one that is stuck, and gets stuck too. */
    @InEachLibrary
    void shouldServeTheOthersHoweverManyAreStuck(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        List<Blocking> blocking = new ArrayList<>();
        List<Listener<Integer>> others = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Blocking stuck = new Blocking(kind);
            blocking.add(stuck);
            subscribe(channel, stuck);
            Listener<Integer> other = new Listener<>();
            others.add(other);
            channel.subscribe(other);
        }
        Future<?> put = start(() -> {
            channel.put(1);
            channel.put(2);
        });
        blocking.forEach(stuck -> open(stuck.entered));
        others.forEach(other -> assertThat(other.awaitCount(1).items()).containsExactly(1));
        blocking.get(0).released.countDown();
        get(put);
        others.forEach(other -> assertThat(other.items()).containsExactly(1, 2));
        blocking.forEach(stuck -> stuck.released.countDown());
        blocking.forEach(stuck -> assertThat(stuck.awaitCount(2).items()).containsExactly(1, 2));
    }

    /** Whoever was relieved may have been kept for a moment only: its put does not return before the others have the item. */
    @InEachLibrary
    void shouldNotReturnFromAPutBeforeTheOthersHaveGotIt(HotLibrary library) throws Exception {
        for (int round = 0; round < 20; round++) {
            Channel<Integer> channel = library.open(0);
            Blocking first = new Blocking(Kind.EAGER);
            Blocking second = new Blocking(Kind.values()[round % 3]);
            Listener<Integer> third = new Listener<>();
            Listener<Integer> fourth = new Listener<>(10);
            subscribe(channel, first);
            subscribe(channel, second);
            channel.subscribe(third);
            channel.subscribe(fourth);
            Future<List<Integer>> put = start(() -> {
                channel.put(1);
                List<Integer> heard = new ArrayList<>(third.items());
                heard.addAll(fourth.items());
                return heard;
            });
            open(second.entered); // by a thread of lox's own
            first.released.countDown();
            assertThat(get(put)).containsExactly(1, 1);
            second.released.countDown();
            assertThat(second.awaitCount(1).items()).containsExactly(1);
        }
    }

    /** The thread that relieved is relieved itself, and by the time that the first comes back, the third is on its way. */
    @InEachLibrary
    void shouldWaitForTheLastOfThoseThatRelieved(HotLibrary library) throws Exception {
        for (int round = 0; round < 20; round++) {
            Channel<Integer> channel = library.open(0);
            Blocking first = new Blocking(Kind.EAGER);
            Blocking second = new Blocking(Kind.EAGER);
            CountDownLatch returned = new CountDownLatch(1);
            Listener<Integer> third = new Listener<>() {
                @Override
                void hear(Integer item) {
                    first.released.countDown();
                    awaitBriefly(returned); // which comes too early, or this is given up, too
                }
            };
            Listener<Integer> fourth = new Listener<>();
            subscribe(channel, first);
            subscribe(channel, second);
            channel.subscribe(third);
            channel.subscribe(fourth);
            Future<List<Integer>> put = start(() -> {
                channel.put(1);
                List<Integer> heard = fourth.items();
                returned.countDown();
                return heard;
            });
            assertThat(get(put)).containsExactly(1);
            second.released.countDown();
            assertThat(second.awaitCount(1).items()).containsExactly(1);
        }
    }

    private static void awaitBriefly(CountDownLatch latch) {
        try {
            latch.await(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first thread is relieved by the second, which gets stuck itself; then the first comes back, and goes. */
    @InEachLibrary
    void shouldRelieveTheOneThatRelieved(HotLibrary library) throws Exception {
        for (Kind kind : Kind.values()) {
            Channel<Integer> channel = library.open(0);
            Blocking first = new Blocking(Kind.EAGER);
            Blocking second = new Blocking(kind);
            Listener<Integer> third = new Listener<>();
            Listener<Integer> fourth = new Listener<>(10);
            subscribe(channel, first);
            subscribe(channel, second);
            channel.subscribe(third);
            channel.subscribe(fourth);
            Future<?> one = start(() -> channel.put(1));
            open(first.entered);
            Future<?> two = start(() -> channel.put(2));
            open(second.entered);
            first.released.countDown();
            get(one);
            assertThat(first.awaitCount(2).items()).containsExactly(1, 2);
            assertThat(third.awaitCount(2).items()).containsExactly(1, 2);
            assertThat(fourth.awaitCount(2).items()).containsExactly(1, 2);
            second.released.countDown();
            get(two);
            assertThat(second.awaitCount(2).items()).containsExactly(1, 2);
        }
    }

    @InEachLibrary
    void shouldTellTheOthersOfTheEnd(HotLibrary library) throws Exception {
        for (Kind kind : Kind.values()) {
            Channel<Integer> channel = library.open(0);
            List<Blocking> blocking = List.of(new Blocking(Kind.EAGER), new Blocking(kind));
            Listener<Integer> other = new Listener<>();
            blocking.forEach(listener -> subscribe(channel, listener));
            channel.subscribe(other);
            List<Future<?>> puts = new ArrayList<>();
            for (Blocking listener : blocking) {
                puts.add(start(() -> channel.put(1)));
                open(listener.entered); // it may be lox's own thread that has come there, before the second put
            }
            other.awaitCount(2);
            channel.complete();
            assertThat(other.items()).containsExactly(1, 1);
            assertThat(other.isCompleted()).isTrue();
            blocking.forEach(listener -> listener.released.countDown());
            for (Future<?> put : puts) {
                get(put);
            }
            blocking.forEach(listener -> assertThat(listener.awaitEnd().items()).containsExactly(1, 1));
        }
    }

    /** Everybody waits at every item for a moment, so that whoever walks is relieved all the time. */
    @InEachLibrary
    void shouldKeepOneOrderWhereEverySubscriberIsSlow(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        List<Listener<Integer>> listeners = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            boolean careful = i % 3 == 2;
            Listener<Integer> slow = new Listener<>(careful ? 1 : Long.MAX_VALUE) {
                @Override
                void hear(Integer item) {
                    LockSupport.parkNanos(70_000);
                    if (careful) {
                        request(1);
                    }
                }
            };
            listeners.add(slow);
            channel.subscribe(slow);
        }
        int each = 60;
        race(IntStream.range(0, 4)
                .<Runnable>mapToObj(putter -> () -> {
                    for (int i = 0; i < each; i++) {
                        channel.put(putter * each + i);
                    }
                })
                .toArray(Runnable[]::new));
        channel.complete();
        List<Integer> order = listeners.get(0).awaitEnd().items();
        assertThat(order).hasSize(4 * each);
        for (Listener<Integer> listener : listeners) {
            assertThat(listener.awaitEnd().items()).isEqualTo(order);
        }
    }
}
