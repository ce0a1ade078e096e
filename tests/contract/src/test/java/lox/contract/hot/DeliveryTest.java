package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import lox.sync.AnnouncementSealedException;

/** Who gets what, in which order, and how it ends. */
class DeliveryTest extends HotTest {
    @InEachLibrary
    void shouldDeliverToEverySubscriberInOrder(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        List<Listener<Integer>> listeners = List.of(new Listener<>(), new Listener<>(), new Listener<>());
        listeners.forEach(channel::subscribe);
        assertThat(channel.subscriberCount()).isEqualTo(3);
        numbers(0, 100).forEach(channel::put);
        channel.complete();
        for (Listener<Integer> listener : listeners) {
            listener.awaitEnd(); // the thread that serves this one may have stalled
            assertThat(listener.items()).isEqualTo(numbers(0, 100));
            assertThat(listener.isCompleted()).isTrue();
        }
        assertThat(channel.subscriberCount()).isZero();
    }

    @InEachLibrary
    void shouldGiveLateSubscribersNothingWithoutABacklog(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        channel.put(1);
        Listener<Integer> late = new Listener<>();
        channel.subscribe(late);
        assertThat(late.items()).isEmpty();
        channel.put(2);
        assertThat(late.items()).containsExactly(2);
    }

    @InEachLibrary
    void shouldGiveLateSubscribersTheLastItemsOldestFirst(HotLibrary library) {
        Channel<Integer> channel = library.open(3);
        for (int put = 1; put <= 10; put++) {
            channel.put(put);
            Listener<Integer> late = new Listener<>();
            channel.subscribe(late);
            assertThat(late.items()).isEqualTo(numbers(Math.max(1, put - 2), put + 1));
            late.cancel();
        }
        assertThat(channel.subscriberCount()).isZero();
    }

    @InEachLibrary
    void shouldGiveLateSubscribersEverythingIfToldSo(HotLibrary library) {
        Channel<Integer> channel = library.open(HotLibrary.EVERYTHING);
        numbers(0, 1_000).forEach(channel::put);
        Listener<Integer> late = new Listener<>();
        channel.subscribe(late);
        channel.put(1_000);
        assertThat(late.items()).isEqualTo(numbers(0, 1_001));
    }

    @InEachLibrary
    void shouldDeliverWhatIsRequestedAndNoMore(HotLibrary library) {
        Channel<Integer> channel = library.open(2);
        numbers(0, 5).forEach(channel::put);
        Listener<Integer> slow = new Listener<>(0);
        channel.subscribe(slow);
        numbers(5, 8).forEach(channel::put);
        assertThat(slow.items()).isEmpty();
        slow.request(1);
        assertThat(slow.items()).containsExactly(3);
        slow.request(3);
        assertThat(slow.items()).containsExactly(3, 4, 5, 6);
        slow.request(Long.MAX_VALUE);
        slow.request(Long.MAX_VALUE);
        channel.put(8);
        assertThat(slow.items()).isEqualTo(numbers(3, 9));
    }

    @InEachLibrary
    void shouldCompleteWithoutDemandOnceAllIsDelivered(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> idle = new Listener<>(0);
        Listener<Integer> behind = new Listener<>(0);
        channel.subscribe(idle);
        channel.subscribe(behind);
        idle.request(1);
        channel.put(1);
        channel.complete();
        assertThat(idle.isCompleted()).isTrue();
        assertThat(behind.isEnded()).isFalse();
        behind.request(1);
        assertThat(behind.items()).containsExactly(1);
        assertThat(behind.isCompleted()).isTrue();
    }

    @InEachLibrary
    void shouldGiveLateSubscribersTheBacklogAndThenTheEnd(HotLibrary library) {
        Channel<Integer> completed = library.open(2);
        numbers(0, 5).forEach(completed::put);
        completed.complete();
        Listener<Integer> late = new Listener<>();
        completed.subscribe(late);
        assertThat(late.items()).containsExactly(3, 4);
        assertThat(late.isCompleted()).isTrue();

        Exception planned = new Exception("planned");
        Channel<Integer> failed = library.open(2);
        numbers(0, 5).forEach(failed::put);
        failed.fail(planned);
        Listener<Integer> later = new Listener<>();
        failed.subscribe(later);
        assertThat(later.items()).containsExactly(3, 4);
        assertThat(later.failure()).isSameAs(planned);
        assertThat(failed.subscriberCount()).isZero();
    }

    @InEachLibrary
    void shouldFailEverySubscriber(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> first = new Listener<>();
        Listener<Integer> second = new Listener<>();
        channel.subscribe(first);
        channel.subscribe(second);
        IllegalStateException planned = new IllegalStateException("planned");
        channel.fail(planned);
        assertThat(first.failure()).isSameAs(planned);
        assertThat(second.failure()).isSameAs(planned);
    }

    @InEachLibrary
    void shouldEndOnceAndDropALaterFailure(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        channel.complete();
        channel.complete();
        Exception late = new Exception("late");
        channel.fail(late);
        assertThat(takeDropped()).hasSize(1);
        Listener<Integer> listener = new Listener<>();
        channel.subscribe(listener);
        assertThat(listener.isCompleted()).isTrue();
    }

    @InEachLibrary
    void shouldRefuseSubscribersOnceSealedAndGoOnForTheOthers(HotLibrary library) {
        Channel<Integer> channel = library.open(5);
        Listener<Integer> early = new Listener<>();
        channel.subscribe(early);
        channel.put(1);
        channel.seal();
        channel.seal();
        Listener<Integer> late = new Listener<>();
        channel.subscribe(late);
        assertThat(late.failure()).isInstanceOf(AnnouncementSealedException.class);
        assertThat(late.items()).isEmpty();
        channel.put(2);
        channel.complete();
        assertThat(early.items()).containsExactly(1, 2);
        assertThat(early.isCompleted()).isTrue();
        Listener<Integer> later = new Listener<>();
        channel.subscribe(later);
        assertThat(later.failure()).isInstanceOf(AnnouncementSealedException.class);
    }

    @InEachLibrary
    void shouldDeliverNothingAfterACancel(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> once = new Listener<>() {
            @Override
            void hear(Integer item) {
                cancel();
            }
        };
        channel.subscribe(once);
        channel.put(1);
        channel.put(2);
        channel.complete();
        assertThat(once.items()).containsExactly(1);
        assertThat(once.isEnded()).isFalse();
        once.request(1);
        once.cancel();
        assertThat(channel.subscriberCount()).isZero();
    }

    @InEachLibrary
    void shouldKeepTheOrderWhenASubscriberPuts(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        List<Listener<Integer>> listeners = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Listener<Integer> listener = new Listener<>() {
                @Override
                void hear(Integer item) {
                    if (item < 100) {
                        channel.put(item + 100);
                    }
                }
            };
            listeners.add(listener);
            channel.subscribe(listener);
        }
        channel.put(1);
        channel.put(2);
        List<Integer> first = listeners.get(0).awaitCount(8).items(); // where a thread has stalled, another one puts
        assertThat(first).hasSize(8).startsWith(1);
        for (Listener<Integer> listener : listeners) {
            assertThat(listener.awaitCount(8).items()).isEqualTo(first);
        }
    }

    @InEachLibrary
    void shouldNotRecurseWhenASubscriberPutsALongChain(HotLibrary library) {
        Channel<Integer> channel = library.open(0);
        Listener<Integer> counting = new Listener<>() {
            @Override
            void hear(Integer item) {
                if (item < 100_000) {
                    channel.put(item + 1);
                }
            }
        };
        channel.subscribe(counting);
        channel.subscribe(new Listener<>());
        channel.put(1);
        assertThat(counting.items()).isEqualTo(numbers(1, 100_001));
    }

    @InEachLibrary
    void shouldLetASubscriberSubscribeAnotherAndComplete(HotLibrary library) {
        Channel<Integer> channel = library.open(1);
        Listener<Integer> second = new Listener<>();
        Listener<Integer> first = new Listener<>() {
            @Override
            void hear(Integer item) {
                if (item == 1) {
                    channel.subscribe(second);
                    channel.put(2);
                    channel.complete();
                }
            }
        };
        channel.subscribe(first);
        channel.put(1);
        assertThat(first.awaitEnd().items()).containsExactly(1, 2);
        assertThat(first.isCompleted()).isTrue();
        assertThat(second.awaitEnd().items()).containsExactly(1, 2);
        assertThat(second.isCompleted()).isTrue();
    }

    @InEachLibrary
    void shouldNotBeHeldUpByASubscriberThatDoesNotReturn(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(0);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Listener<Integer> before = new Listener<>();
        Listener<Integer> stuck = new Listener<>() {
            @Override
            void hear(Integer item) {
                if (item == 0) {
                    entered.countDown();
                    open(released);
                }
            }
        };
        Listener<Integer> after = new Listener<>();
        List.of(before, stuck, after).forEach(channel::subscribe);
        Future<?> caught = start(() -> channel.put(0));
        open(entered);
        numbers(1, 50).forEach(channel::put);
        assertThat(before.awaitCount(50).items()).isEqualTo(numbers(0, 50));
        assertThat(after.awaitCount(50).items()).isEqualTo(numbers(0, 50));
        assertThat(stuck.items()).containsExactly(0);
        channel.complete();
        assertThat(after.awaitEnd().isCompleted()).isTrue();
        released.countDown();
        get(caught);
        stuck.awaitEnd();
        assertThat(stuck.items()).isEqualTo(numbers(0, 50));
    }

    @InEachLibrary
    void shouldLeaveOutAMembersOwnItems(HotLibrary library) {
        Channel<String> chat = library.open(10);
        Channel.Voice<String> ann = chat.member();
        Channel.Voice<String> bob = chat.member();
        Listener<String> atAnn = new Listener<>();
        Listener<String> atBob = new Listener<>();
        Listener<String> everything = new Listener<>();
        chat.subscribe(everything);
        if (library != HotLibrary.SYNC) { // there a member reads what its queue has
            ann.subscribe(atAnn);
            bob.subscribe(atBob);
        }
        ann.put("ann 1");
        bob.put("bob 1");
        chat.put("all 1");
        ann.put("ann 2");
        if (library == HotLibrary.SYNC) {
            ann.subscribe(atAnn);
            bob.subscribe(atBob);
        }
        assertThat(atAnn.awaitCount(2).items()).containsExactly("bob 1", "all 1");
        assertThat(atBob.awaitCount(3).items()).containsExactly("ann 1", "all 1", "ann 2");
        assertThat(everything.awaitCount(4).items()).containsExactly("ann 1", "bob 1", "all 1", "ann 2");
        Listener<String> late = new Listener<>();
        chat.subscribe(late);
        assertThat(late.items()).isEqualTo(everything.items());
    }

    @InEachLibrary
    void shouldEndAMemberWhoseOwnItemsAreAllThatIsLeft(HotLibrary library) {
        Channel<Integer> chat = library.open(0);
        Channel.Voice<Integer> only = chat.member();
        Listener<Integer> heard = new Listener<>(0);
        if (library != HotLibrary.SYNC) {
            only.subscribe(heard);
            numbers(0, 10).forEach(only::put);
            chat.complete();
            assertThat(heard.isCompleted()).isTrue();
            assertThat(heard.items()).isEmpty();
        } else {
            numbers(0, 10).forEach(only::put);
            chat.complete();
            only.subscribe(heard);
            assertThat(heard.items()).isEmpty();
        }
    }
}
