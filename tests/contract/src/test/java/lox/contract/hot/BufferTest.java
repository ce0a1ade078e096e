package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Buffer;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** What a full buffer does, and that it concerns nobody else. */
class BufferTest extends HotTest {
    private static final Duration LONG = Patience.LIMIT;

    private static Listener<Integer> subscribe(Channel<Integer> channel, Buffer buffer) {
        Listener<Integer> listener = new Listener<>(0);
        channel.subscribe(buffer, listener);
        return listener;
    }

    @InEachLibrary
    void shouldKeepEverythingForASlowSubscriberIfUnbounded(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> slow = subscribe(channel, Buffer.unbounded());
        numbers(0, 10_000).forEach(channel::put);
        slow.request(Long.MAX_VALUE);
        assertThat(slow.items()).isEqualTo(numbers(0, 10_000));
    }

    @InEachLibrary
    void shouldFailTheSlowSubscriberAloneAfterWhatItHas(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> fast = new Listener<>();
        Listener<Integer> slow = subscribe(channel, Buffer.failing(2));
        channel.subscribe(fast);
        numbers(0, 3).forEach(channel::put);
        assertThat(channel.subscriberCount()).isEqualTo(1);
        channel.put(3);
        assertThat(slow.isEnded()).isFalse();
        slow.request(10);
        assertThat(slow.items()).containsExactly(0, 1);
        assertThat(library.isOverflow(slow.failure())).isTrue();
        assertThat(slow.failure()).hasMessageContaining("buffer of 2");
        assertThat(fast.items()).isEqualTo(numbers(0, 4));
    }

    @InEachLibrary
    void shouldNotFailASubscriberThatKeepsUp(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> slow = subscribe(channel, Buffer.failing(2));
        for (int i = 0; i < 100; i++) {
            channel.put(2 * i);
            channel.put(2 * i + 1);
            slow.request(2);
        }
        assertThat(slow.items()).isEqualTo(numbers(0, 200));
    }

    @InEachLibrary
    void shouldDropTheOldest(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> slow = subscribe(channel, Buffer.dropOldest(3));
        numbers(0, 10).forEach(channel::put);
        slow.request(1);
        channel.put(10);
        channel.put(11);
        slow.request(10);
        assertThat(slow.items()).containsExactly(7, 9, 10, 11);
        channel.complete();
        assertThat(slow.isCompleted()).isTrue();
    }

    @InEachLibrary
    void shouldDropTheLatest(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> slow = subscribe(channel, Buffer.dropLatest(3));
        numbers(0, 10).forEach(channel::put);
        slow.request(1);
        channel.put(10);
        channel.put(11);
        slow.request(10);
        assertThat(slow.items()).containsExactly(0, 1, 2, 10);
    }

    @InEachLibrary
    void shouldCountAMembersOwnItemsForNothing(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Channel.Voice<Integer> member = channel.member(Buffer.dropOldest(2));
        Listener<Integer> heard = new Listener<>(0);
        if (library != HotLibrary.SYNC) {
            member.subscribe(heard);
        }
        channel.put(1);
        channel.put(2);
        numbers(10, 20).forEach(member::put);
        if (library == HotLibrary.SYNC) {
            member.subscribe(heard);
        } else {
            heard.request(10);
        }
        assertThat(heard.items()).containsExactly(1, 2);
    }

    @InEachLibrary
    void shouldGrantTheBacklogOnTopOfTheBuffer(HotLibrary library) {
        for (Buffer buffer :
                List.of(Buffer.failing(1), Buffer.dropLatest(1), Buffer.dropOldest(1), Buffer.blocking(1, LONG))) {
            Channel<Integer> channel = library.open(100);
            numbers(0, 100).forEach(channel::put);
            Listener<Integer> late = subscribe(channel, buffer);
            channel.put(100);
            late.request(Long.MAX_VALUE);
            assertThat(late.items()).as(buffer.toString()).isEqualTo(numbers(0, 101));
        }
    }

    @InEachLibrary
    void shouldHoldUpThePutterAndNobodyElse(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> full = subscribe(channel, Buffer.blocking(1, LONG));
        Listener<Integer> fast = new Listener<>();
        channel.subscribe(fast);
        channel.put(0);
        AtomicInteger returned = new AtomicInteger();
        Future<?> putter = start(() -> {
            channel.put(1);
            returned.incrementAndGet();
        });
        fast.awaitCount(2); // the other has it while the putter waits
        Listener<Integer> newcomer = new Listener<>(); // and others can come, go, and ask
        channel.subscribe(newcomer);
        newcomer.cancel();
        assertThat(channel.subscriberCount()).isEqualTo(2);
        assertThat(putter.isDone()).isFalse();
        assertThat(returned).hasValue(0);
        full.request(1);
        get(putter);
        full.request(1);
        assertThat(full.items()).containsExactly(0, 1);
    }

    @InEachLibrary
    void shouldFailWhoeverKeepsAPutterWaitingTooLong(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> full = subscribe(channel, Buffer.blocking(2, Duration.ofMillis(20)));
        Listener<Integer> alsoFull = subscribe(channel, Buffer.blocking(2, Duration.ofMillis(20)));
        Listener<Integer> fast = new Listener<>();
        channel.subscribe(fast);
        numbers(0, 3).forEach(channel::put); // the third waits, and returns
        assertThat(channel.subscriberCount()).isEqualTo(1);
        channel.put(3); // does not wait any more
        for (Listener<Integer> slow : List.of(full, alsoFull)) {
            slow.request(Long.MAX_VALUE);
            assertThat(slow.items()).containsExactly(0, 1, 2);
            assertThat(library.isOverflow(slow.failure())).isTrue();
        }
        assertThat(fast.items()).isEqualTo(numbers(0, 4));
    }

    @InEachLibrary
    void shouldReleaseThePutterWhenTheFullSubscriberLeaves(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> full = subscribe(channel, Buffer.blocking(1, LONG));
        Listener<Integer> fast = new Listener<>();
        channel.subscribe(fast);
        channel.put(0);
        Future<?> putter = start(() -> channel.put(1));
        fast.awaitCount(2);
        full.cancel();
        get(putter);
        assertThat(channel.subscriberCount()).isEqualTo(1);
    }

    @InEachLibrary
    void shouldServeManyPuttersThatWait(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> full = subscribe(channel, Buffer.blocking(3, LONG));
        Runnable putter = () -> numbers(0, 500).forEach(channel::put);
        race(putter, putter, putter, () -> {
            for (int i = 0; i < 1_500; i++) {
                full.request(1);
                int wanted = i + 1;
                Listener.until("item " + wanted, () -> full.count() >= wanted);
            }
        });
        assertThat(full.items()).hasSize(1_500);
    }

    @InEachLibrary
    void shouldNotWaitForItselfInsideASubscriber(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> echo = new Listener<>(1) {
            @Override
            void hear(Integer item) {
                if (item < 20) {
                    channel.put(item + 1);
                    channel.put(100);
                }
            }
        };
        channel.subscribe(Buffer.blocking(1, LONG), echo);
        channel.put(19);
        echo.request(2);
        assertThat(echo.items()).containsExactly(19, 20, 100);
    }

    @InEachLibrary
    void shouldReturnWithTheFlagSetWhenInterruptedWhileItWaits(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> full = subscribe(channel, Buffer.blocking(1, LONG));
        Listener<Integer> fast = new Listener<>();
        channel.subscribe(fast);
        channel.put(0);
        Thread[] waiting = new Thread[1];
        Future<Boolean> putter = start(() -> {
            waiting[0] = Thread.currentThread();
            channel.put(1);
            return Thread.interrupted();
        });
        fast.awaitCount(2);
        waiting[0].interrupt();
        assertThat(get(putter)).isTrue();
        full.request(2);
        assertThat(full.items()).containsExactly(0, 1);
    }

    @InEachLibrary
    void shouldRefuseAPutThatWouldWaitOnAnInterruptedThread(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> full = subscribe(channel, Buffer.blocking(1, LONG));
        Listener<Integer> fast = new Listener<>();
        channel.subscribe(fast);
        channel.put(0);
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> channel.put(1));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(fast.items()).containsExactly(0);
        full.cancel();
        channel.put(2);
        assertThat(fast.items()).containsExactly(0, 2);
    }

    @Test
    void shouldCheckItsOptions() {
        assertThatIllegalArgumentException().isThrownBy(() -> Buffer.failing(0)).withMessageContaining("capacity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Buffer.dropOldest(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> Buffer.dropLatest(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Buffer.blocking(1, Duration.ZERO))
                .withMessageContaining("timeout");
        assertThatIllegalArgumentException().isThrownBy(() -> Buffer.blocking(0, LONG));
        assertThat(Buffer.blocking(5, Duration.ofSeconds(Long.MAX_VALUE))).hasToString("Buffer[BLOCK, 5]");
        assertThat(Buffer.unbounded()).hasToString("Buffer[UNBOUNDED]");
    }
}
