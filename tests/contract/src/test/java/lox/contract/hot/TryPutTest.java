package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Buffer;
import lox.sync.PutResult;
import lox.test.Patience;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A put that reports instead of waiting or failing. */
class TryPutTest extends HotTest {
    private static final Buffer BLOCKING = Buffer.blocking(2, Patience.LIMIT);

    @InEachLibrary
    void shouldPutAsAPutDoes(HotLibrary library) {
        Channel<Integer> channel = library.open(2);
        Listener<Integer> all = new Listener<>();
        channel.subscribe(all);
        for (int i = 0; i < 3; i++) {
            assertThat(channel.tryPut(i)).isEqualTo(PutResult.OK);
        }
        assertThat(all.items()).containsExactly(0, 1, 2);
        assertThat(channel.backlog()).containsExactly(1, 2);
        channel.seal();
        assertThat(channel.tryPut(3))
                .as("a seal refuses subscribers, not items")
                .isEqualTo(PutResult.OK);
        assertThat(all.items()).containsExactly(0, 1, 2, 3);
    }

    @InEachLibrary
    @SuppressWarnings("NullAway") // on purpose
    void shouldNotReachTheMemberItself(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> all = new Listener<>();
        Listener<Integer> heard = new Listener<>();
        channel.subscribe(all);
        Channel.Voice<Integer> member = channel.member();
        if (library != HotLibrary.SYNC) {
            member.subscribe(heard);
        }
        assertThat(member.tryPut(1)).isEqualTo(PutResult.OK);
        channel.put(2);
        if (library == HotLibrary.SYNC) {
            member.subscribe(heard);
        }
        assertThat(all.items()).containsExactly(1, 2);
        assertThat(heard.items()).containsExactly(2);
        assertThatNullPointerException().isThrownBy(() -> member.tryPut(null)).withMessage("item");
    }

    @InEachLibrary
    @SuppressWarnings("NullAway") // on purpose
    void shouldReportTheEnd(HotLibrary library) {
        Channel<Integer> completed = library.open(2);
        Channel<Integer> failed = library.open(2);
        completed.complete();
        failed.fail(new IllegalStateException("planned"));
        assertThat(completed.tryPut(1)).isEqualTo(PutResult.ENDED);
        assertThat(failed.tryPut(1)).isEqualTo(PutResult.ENDED);
        assertThat(completed.backlog()).isEmpty();
        assertThatNullPointerException()
                .isThrownBy(() -> completed.tryPut(null))
                .withMessage("item");
    }

    @InEachLibrary
    void shouldReportAFullSubscriberAndGiveTheItemToNobody(HotLibrary library) {
        Channel<Integer> channel = library.open(10);
        Listener<Integer> slow = new Listener<>(0);
        Listener<Integer> fast = new Listener<>();
        channel.subscribe(BLOCKING, slow);
        channel.subscribe(fast);
        assertThat(channel.tryPut(0)).isEqualTo(PutResult.OK);
        assertThat(channel.tryPut(1)).isEqualTo(PutResult.OK);
        assertThat(channel.tryPut(2)).isEqualTo(PutResult.FULL);
        assertThat(channel.member().tryPut(2)).isEqualTo(PutResult.FULL);
        assertThat(fast.items()).containsExactly(0, 1);
        assertThat(channel.backlog()).containsExactly(0, 1);
        slow.request(1);
        assertThat(channel.tryPut(3)).isEqualTo(PutResult.OK);
        assertThat(channel.tryPut(4)).isEqualTo(PutResult.FULL);
        channel.complete();
        assertThat(channel.tryPut(4)).as("the end counts more").isEqualTo(PutResult.ENDED);
        slow.request(10);
        assertThat(slow.items()).containsExactly(0, 1, 3);
    }

    /** The first subscriber holds up the thread that would bring the item to the second. */
    @InEachLibrary
    void shouldCountWhatHasBeenPutAndNotYetArrived(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Listener<Integer> stuck = new Listener<>() {
            @Override
            void hear(Integer item) {
                inside.countDown();
                open(released);
            }
        };
        Listener<Integer> slow = new Listener<>(0);
        channel.subscribe(stuck);
        channel.subscribe(Buffer.blocking(1, Patience.LIMIT), slow);
        Future<PutResult> putter = start(() -> channel.tryPut(0));
        open(inside);
        assertThat(channel.tryPut(1)).isEqualTo(PutResult.FULL);
        released.countDown();
        assertThat(get(putter)).isEqualTo(PutResult.OK);
        slow.request(10);
        assertThat(slow.items()).containsExactly(0);
    }

    @InEachLibrary
    void shouldReportOnThreadsThatMustNotWait(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> slow = new Listener<>(0);
        channel.subscribe(Buffer.blocking(1, Patience.LIMIT), slow);
        channel.put(0);
        Mono<PutResult> put = Mono.fromCallable(() -> channel.tryPut(1)).subscribeOn(Schedulers.parallel());
        assertThat(put.block(Patience.LIMIT)).isEqualTo(PutResult.FULL);
        Thread.currentThread().interrupt();
        assertThat(channel.tryPut(1)).isEqualTo(PutResult.FULL);
        assertThat(Thread.interrupted()).as("the interrupt is not its business").isTrue();
        slow.cancel();
        assertThat(channel.tryPut(2)).isEqualTo(PutResult.OK);
    }

    /** Each of two threads may find the same room; there is never more than that, nothing is lost, nothing doubled. */
    @InEachLibrary
    void shouldKeepToTheBufferButForThreadsThatTryTogether(HotLibrary library) throws Exception {
        for (int round = 0; round < 300; round++) {
            Channel<Integer> channel = library.open(0);
            Listener<Integer> slow = new Listener<>(0);
            channel.subscribe(BLOCKING, slow);
            AtomicInteger put = new AtomicInteger();
            Runnable putter = () -> {
                for (int i = 0; i < 5; i++) {
                    if (channel.tryPut(i) == PutResult.OK) {
                        put.incrementAndGet();
                    }
                }
            };
            race(putter, putter);
            assertThat(put.get()).isBetween(2, 3);
            slow.request(Long.MAX_VALUE);
            assertThat(slow.items()).hasSize(put.get());
        }
    }

    @InEachLibrary
    void shouldNotCountTheSubscriberItIsCalledFrom(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> echo = new Listener<>() {
            @Override
            void hear(Integer item) {
                if (item < 5) {
                    assertThat(channel.tryPut(item + 1)).isEqualTo(PutResult.OK);
                }
            }
        };
        channel.subscribe(Buffer.blocking(1, Patience.LIMIT), echo);
        assertThat(channel.tryPut(0)).isEqualTo(PutResult.OK);
        assertThat(echo.items()).isEqualTo(numbers(0, 6));
    }
}
