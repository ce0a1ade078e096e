package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The backlog as a list. What a subscriber gets of it is in {@link DeliveryTest}. */
class BacklogTest extends HotTest {
    @InEachLibrary
    void shouldShowWhatANewSubscriberWouldGet(HotLibrary library) {
        for (int backlog : new int[] {0, 1, 3, HotLibrary.EVERYTHING}) {
            Channel<Integer> channel = library.open(backlog);
            assertThat(channel.backlog()).isEmpty();
            for (int i = 0; i < 10; i++) {
                channel.put(i);
                Listener<Integer> late = new Listener<>();
                channel.subscribe(late);
                assertThat(channel.backlog()).isEqualTo(late.items());
                late.cancel();
            }
            int kept = backlog == HotLibrary.EVERYTHING ? 10 : backlog;
            assertThat(channel.backlog()).isEqualTo(numbers(10 - kept, 10));
            channel.complete();
            assertThat(channel.backlog()).as("after the end").isEqualTo(numbers(10 - kept, 10));
            channel.seal();
            assertThat(channel.backlog()).as("after the seal").isEmpty();
        }
    }

    @InEachLibrary
    void shouldShowTheItemsOfMembersToo(HotLibrary library) {
        Channel<Integer> channel = library.open(3);
        Channel.Voice<Integer> member = channel.member();
        channel.put(1);
        member.put(2);
        assertThat(channel.backlog()).containsExactly(1, 2);
    }

    @InEachLibrary
    void shouldBeACopy(HotLibrary library) {
        Channel<Integer> channel = library.open(3);
        channel.put(1);
        List<Integer> before = channel.backlog();
        channel.put(2);
        assertThat(before).containsExactly(1);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> before.add(3));
    }

    /** One thread puts numbers in order, so a list that was the backlog at one moment has no gap and one length. */
    @InEachLibrary
    void shouldBeTheBacklogOfOneMomentWhileAnotherThreadPuts(HotLibrary library) throws Exception {
        Channel<Integer> channel = library.open(5);
        numbers(0, 5).forEach(channel::put);
        AtomicBoolean done = new AtomicBoolean();
        List<Integer> ends = new ArrayList<>();
        race(
                () -> {
                    numbers(5, 50_000).forEach(channel::put);
                    done.set(true);
                },
                () -> {
                    while (!done.get()) {
                        List<Integer> seen = channel.backlog();
                        int first = seen.get(0);
                        assertThat(seen).isEqualTo(numbers(first, first + 5));
                        ends.add(first);
                    }
                });
        assertThat(ends).isSorted();
        assertThat(channel.backlog()).isEqualTo(numbers(49_995, 50_000));
    }

    @InEachLibrary
    void shouldHaveNothingThatWasPutAfterTheSeal(HotLibrary library) throws Exception {
        for (int round = 0; round < 500; round++) {
            Channel<Integer> channel = library.open(5);
            channel.put(1);
            race(
                    () -> {
                        channel.seal();
                        channel.put(2);
                    },
                    () -> {
                        List<Integer> seen = channel.backlog();
                        while (!seen.isEmpty()) {
                            assertThat(seen).containsExactly(1);
                            seen = channel.backlog();
                        }
                    });
        }
    }
}
