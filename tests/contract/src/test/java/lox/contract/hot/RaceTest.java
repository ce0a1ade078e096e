package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lox.sync.AnnouncementSealedException;
import lox.sync.Buffer;

/** Two things at the same time, often. */
class RaceTest extends HotTest {
    private static final int ROUNDS = 300;

    @InEachLibrary
    void shouldHaveOneOrderForAllWhoeverPuts(HotLibrary library) throws Exception {
        int putters = 4;
        int each = 40_000;
        Channel<Integer> channel = library.open(100);
        List<Listener<Integer>> listeners =
                IntStream.range(0, 8).mapToObj(i -> new Listener<Integer>()).toList();
        listeners.forEach(channel::subscribe);
        race(IntStream.range(0, putters)
                .<Runnable>mapToObj(putter -> () -> {
                    for (int i = 0; i < each; i++) {
                        channel.put(putter * each + i);
                    }
                })
                .toArray(Runnable[]::new));
        channel.complete();
        listeners.forEach(Listener::awaitEnd);
        List<Integer> order = listeners.get(0).items();
        assertThat(order).hasSize(putters * each);
        for (Listener<Integer> listener : listeners) {
            assertThat(listener.items()).isEqualTo(order);
        }
        Map<Integer, List<Integer>> byPutter = order.stream().collect(Collectors.groupingBy(item -> item / each));
        byPutter.forEach((putter, items) -> assertThat(items).isEqualTo(numbers(putter * each, (putter + 1) * each)));
        Listener<Integer> late = new Listener<>();
        channel.subscribe(late);
        assertThat(late.items()).isEqualTo(order.subList(order.size() - 100, order.size()));
    }

    /** Subscribers that request a little at a time, come and go, put, and get stuck: all among those who want everything. */
    @InEachLibrary
    void shouldLoseNothingInACrowd(HotLibrary library) throws Exception {
        int each = 4_000;
        Channel<Integer> channel = library.open(0);
        List<Listener<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Listener<Integer> eager = new Listener<>();
            Listener<Integer> careful = new Listener<>(1) {
                @Override
                void hear(Integer item) {
                    request(1);
                }
            };
            Listener<Integer> putting = new Listener<>() {
                @Override
                void hear(Integer item) {
                    if (item >= 0 && item % 100 == 0) {
                        channel.put(-item - 1);
                    }
                }
            };
            Listener<Integer> lazy = new Listener<>() {
                @Override
                void hear(Integer item) {
                    if (item % 1_000 == 0) {
                        LockSupport.parkNanos(200_000);
                    }
                }
            };
            List.of(eager, careful, putting, lazy).forEach(listener -> {
                channel.subscribe(listener);
                all.add(listener);
            });
        }
        AtomicBoolean over = new AtomicBoolean();
        Future<?> visitors = start(() -> {
            while (!over.get()) {
                Listener<Integer> visitor = new Listener<>();
                channel.subscribe(visitor);
                visitor.cancel();
            }
        });
        Runnable[] putters = IntStream.range(0, 3)
                .<Runnable>mapToObj(putter -> () -> {
                    for (int i = 0; i < each; i++) {
                        channel.put(putter * each + i);
                    }
                })
                .toArray(Runnable[]::new);
        int expected = 3 * each + 3 * (3 * each / 100);
        try {
            race(putters);
            all.forEach(listener -> listener.awaitCount(expected));
        } finally {
            over.set(true);
        }
        get(visitors);
        channel.complete();
        all.forEach(Listener::awaitEnd);
        List<Integer> order = all.get(0).items();
        assertThat(order).hasSize(expected).contains(-1, -101);
        for (Listener<Integer> listener : all) {
            assertThat(listener.items()).isEqualTo(order);
        }
    }

    @InEachLibrary
    void shouldHaveNoGapAndNoDoubleBetweenBacklogAndLive(HotLibrary library) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (int backlog : new int[] {0, 1, 5, HotLibrary.EVERYTHING}) {
                Channel<Integer> channel = library.open(backlog);
                List<Listener<Integer>> listeners =
                        List.of(new Listener<>(), new Listener<>(0), new Listener<>(3), new Listener<>());
                AtomicInteger joined = new AtomicInteger();
                race(
                        () -> numbers(0, 40).forEach(channel::put),
                        () -> listeners.forEach(listener -> {
                            channel.subscribe(
                                    joined.getAndIncrement() == 3 ? Buffer.failing(1_000) : Buffer.unbounded(),
                                    listener);
                        }));
                channel.complete();
                for (Listener<Integer> listener : listeners) {
                    listener.request(Long.MAX_VALUE);
                    List<Integer> items = listener.awaitEnd().items();
                    int first = items.isEmpty() ? 40 : items.get(0);
                    assertThat(items).isEqualTo(numbers(first, 40));
                    assertThat(first).isLessThanOrEqualTo(backlog == HotLibrary.EVERYTHING ? 0 : 40 - backlog);
                }
            }
        }
    }

    @InEachLibrary
    void shouldDeliverAPrefixToWhoLeavesMeanwhile(HotLibrary library) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Channel<Integer> channel = library.open(0);
            Listener<Integer> leaving = new Listener<>();
            Listener<Integer> staying = new Listener<>();
            channel.subscribe(leaving);
            channel.subscribe(staying);
            race(() -> numbers(0, 50).forEach(channel::put), leaving::cancel);
            int got = leaving.count();
            channel.put(50);
            assertThat(leaving.items()).isEqualTo(numbers(0, got));
            assertThat(staying.items()).isEqualTo(numbers(0, 51));
            assertThat(channel.subscriberCount()).isEqualTo(1);
        }
    }

    @InEachLibrary
    void shouldEitherGiveTheWholeBacklogOrRefuseWhileItIsSealed(HotLibrary library) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Channel<Integer> channel = library.open(5);
            numbers(0, 10).forEach(channel::put);
            Listener<Integer> early = new Listener<>();
            channel.subscribe(early);
            Listener<Integer> racing = new Listener<>();
            race(channel::seal, () -> numbers(10, 20).forEach(channel::put), () -> channel.subscribe(racing));
            channel.complete();
            assertThat(early.awaitEnd().items()).isEqualTo(numbers(5, 20));
            racing.awaitEnd();
            if (racing.isCompleted()) {
                assertThat(racing.items()).hasSizeGreaterThanOrEqualTo(5);
                assertThat(racing.items()).isEqualTo(numbers(racing.items().get(0), 20));
            } else {
                assertThat(racing.failure()).isInstanceOf(AnnouncementSealedException.class);
                assertThat(racing.items()).isEmpty();
            }
            Listener<Integer> late = new Listener<>();
            channel.subscribe(late);
            assertThat(late.awaitEnd().failure()).isInstanceOf(AnnouncementSealedException.class);
        }
    }

    @InEachLibrary
    void shouldEitherDeliverToAllOrRefuseWhileItCompletes(HotLibrary library) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Channel<Integer> channel = library.open(100);
            List<Listener<Integer>> listeners = List.of(new Listener<>(), new Listener<>());
            listeners.forEach(channel::subscribe);
            ConcurrentHashMap<Integer, Boolean> accepted = new ConcurrentHashMap<>();
            Listener<Integer> racing = new Listener<>();
            Runnable putter = () -> {
                for (int i = 0; i < 30; i++) {
                    int item = (int) (Thread.currentThread().getId() % 1_000) * 1_000 + i;
                    try {
                        channel.put(item);
                        accepted.put(item, true);
                    } catch (IllegalStateException afterTheEnd) {
                        return;
                    }
                }
            };
            race(putter, putter, channel::complete, () -> channel.subscribe(racing));
            for (Listener<Integer> listener : listeners) {
                assertThat(listener.awaitEnd().items()).containsExactlyInAnyOrderElementsOf(accepted.keySet());
            }
            assertThat(racing.awaitEnd().items()).isEqualTo(listeners.get(0).items());
            assertThat(channel.subscriberCount()).isZero();
        }
    }

    @InEachLibrary
    void shouldServeRequestsBesidePuts(HotLibrary library) throws Exception {
        for (int round = 0; round < ROUNDS / 4; round++) {
            Channel<Integer> channel = library.open(0);
            Listener<Integer> asking = new Listener<>(0);
            Listener<Integer> soonEager = new Listener<>(0);
            Listener<Integer> eager = new Listener<>();
            List.of(eager, asking, soonEager).forEach(channel::subscribe);
            race(
                    () -> numbers(0, 200).forEach(channel::put),
                    () -> {
                        for (int i = 0; i < 150; i++) {
                            asking.request(1);
                        }
                    },
                    () -> soonEager.request(Long.MAX_VALUE));
            assertThat(asking.awaitCount(150).items()).isEqualTo(numbers(0, 150));
            assertThat(soonEager.awaitCount(200).items()).isEqualTo(numbers(0, 200));
            assertThat(eager.awaitCount(200).items()).isEqualTo(numbers(0, 200));
        }
    }

    /** A put meets a walker that is stuck in a subscriber, over and over, from both sides. */
    @InEachLibrary
    void shouldRelieveAStuckWalkerAgainAndAgain(HotLibrary library) throws Exception {
        for (int round = 0; round < 30; round++) {
            Channel<Integer> channel = library.open(0);
            CountDownLatch[] gates = {new CountDownLatch(1), new CountDownLatch(1)};
            List<Listener<Integer>> listeners = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int who = i;
                Listener<Integer> listener = new Listener<>() {
                    @Override
                    void hear(Integer item) {
                        if (who % 2 == 1 && item == who / 2) {
                            open(gates[who / 2]); // 1 is stuck at item 0, 3 at item 1
                        }
                    }
                };
                listeners.add(listener);
                channel.subscribe(listener);
            }
            Future<?> first = start(() -> channel.put(0));
            listeners.get(0).awaitCount(1);
            listeners.get(1).awaitCount(1);
            Future<?> second = start(() -> channel.put(1));
            listeners.get(3).awaitCount(2);
            channel.put(2); // or the watchdog, if it has taken over just now, delivers it
            assertThat(listeners.get(0).awaitCount(3).items()).containsExactly(0, 1, 2);
            assertThat(listeners.get(2).awaitCount(3).items()).containsExactly(0, 1, 2);
            gates[round % 2].countDown();
            channel.put(3);
            gates[1 - round % 2].countDown();
            get(first);
            get(second);
            for (Listener<Integer> listener : listeners) {
                assertThat(listener.awaitCount(4).items()).containsExactly(0, 1, 2, 3);
            }
            channel.put(4);
            for (Listener<Integer> listener : listeners) {
                assertThat(listener.items()).containsExactly(0, 1, 2, 3, 4);
            }
        }
    }
}
