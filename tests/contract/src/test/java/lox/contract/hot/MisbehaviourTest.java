package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

/** Bad input is refused where it enters, and concerns nobody else. */
class MisbehaviourTest extends HotTest {
    @InEachLibrary
    @SuppressWarnings("NullAway")
    void shouldRefuseNull(HotLibrary library) {
        Channel<Integer> channel = library.open(3);
        Listener<Integer> listener = new Listener<>();
        channel.subscribe(listener);
        assertThatNullPointerException().isThrownBy(() -> channel.put(null)).withMessage("item");
        assertThatNullPointerException()
                .isThrownBy(() -> channel.member().put(null))
                .withMessage("item");
        assertThatNullPointerException().isThrownBy(() -> channel.fail(null)).withMessage("failure");
        assertThatNullPointerException()
                .isThrownBy(() -> channel.subscribe(null, listener))
                .withMessage("buffer");
        channel.put(1);
        assertThat(listener.items()).containsExactly(1);
    }

    @InEachLibrary
    void shouldRefuseABacklogBelowOne(HotLibrary library) {
        assertThatIllegalArgumentException().isThrownBy(() -> library.open(-7)).withMessageContaining("-7");
    }

    @InEachLibrary
    void shouldRefuseAPutAfterTheEnd(HotLibrary library) {
        Channel<Integer> channel = library.open(3);
        Channel.Voice<Integer> member = channel.member();
        channel.put(1);
        channel.complete();
        assertThatIllegalStateException().isThrownBy(() -> channel.put(2)).withMessageContaining("has ended");
        assertThatIllegalStateException().isThrownBy(() -> member.put(2));
        Listener<Integer> late = new Listener<>();
        channel.subscribe(late);
        assertThat(late.items()).containsExactly(1);
    }

    @InEachLibrary
    void shouldEndASubscriberThatThrowsAndGoOn(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        IllegalStateException planned = new IllegalStateException("planned");
        Listener<Integer> before = new Listener<>();
        Listener<Integer> bad = new Listener<>() {
            @Override
            void hear(Integer item) {
                throw planned;
            }
        };
        Listener<Integer> after = new Listener<>();
        channel.subscribe(before);
        channel.subscribe(bad);
        channel.subscribe(after);
        channel.put(1);
        channel.put(2);
        assertThat(before.items()).containsExactly(1, 2);
        assertThat(bad.items()).containsExactly(1);
        assertThat(after.items()).containsExactly(1, 2);
        assertThat(channel.subscriberCount()).isEqualTo(2);
        assertThat(takeDropped())
                .singleElement()
                .satisfies(thrown -> assertThat(thrown == planned || thrown.getCause() == planned) // RxJava may wrap it
                        .isTrue());
    }

    @InEachLibrary
    void shouldGoOnWhenASubscriberThrowsAtTheEnd(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> bad = new Listener<>() {
            @Override
            public void onComplete() {
                throw new IllegalStateException("planned");
            }
        };
        Listener<Integer> after = new Listener<>();
        channel.subscribe(bad);
        channel.subscribe(after);
        channel.complete();
        assertThat(after.isCompleted()).isTrue();
        assertThat(takeDropped()).hasSize(1);
    }

    @InEachLibrary
    void shouldEndASubscriberThatRequestsLessThanOne(HotLibrary library) {
        for (long wrong : new long[] {0, -1, Long.MIN_VALUE}) {
            for (long demand : new long[] {0, Long.MAX_VALUE}) {
                Channel<Integer> channel = library.open(0);
                Listener<Integer> bad = new Listener<>(demand);
                Listener<Integer> good = new Listener<>();
                channel.subscribe(bad);
                channel.subscribe(good);
                channel.put(0);
                bad.request(wrong);
                assertThat(bad.failure())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("3.9");
                channel.put(1);
                bad.request(1);
                assertThat(bad.count()).isLessThan(2);
                assertThat(good.items()).containsExactly(0, 1);
                assertThat(channel.subscriberCount()).isEqualTo(1);
            }
        }
    }

    @InEachLibrary
    void shouldNotTellASubscriberOfItsBadRequestBesideAnItem(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Listener<Integer> bad = new Listener<>() {
            @Override
            void hear(Integer item) {
                entered.countDown();
                open(released);
            }
        };
        Listener<Integer> good = new Listener<>();
        channel.subscribe(bad);
        channel.subscribe(good);
        Future<?> caught = start(() -> channel.put(0));
        open(entered);
        bad.request(-5);
        channel.put(1);
        assertThat(bad.isEnded()).isFalse();
        assertThat(good.items()).containsExactly(0, 1);
        released.countDown();
        get(caught);
        bad.awaitEnd();
        assertThat(bad.items().size()).isLessThanOrEqualTo(2);
        assertThat(bad.failure()).isInstanceOf(IllegalArgumentException.class);
    }

    @InEachLibrary
    void shouldGoOnWhenASubscriberThrowsAtItsSubscription(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> good = new Listener<>();
        channel.subscribe(good);
        Listener<Integer> bad = new Listener<>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                throw new IllegalStateException("planned");
            }
        };
        channel.subscribe(bad);
        channel.put(1);
        assertThat(good.items()).containsExactly(1);
        assertThat(channel.subscriberCount()).isEqualTo(1);
        assertThat(takeDropped()).hasSize(1);
    }
}
