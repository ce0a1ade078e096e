package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import lox.contract.hot.HotLibrary.Timed;
import lox.sync.Buffer;
import lox.test.Patience;

/** A backlog whose items expire. The time is the library's own virtual one. */
class BacklogTimeTest extends HotTest {
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private static <T> List<T> heard(Channel<T> channel) {
        Listener<T> late = new Listener<>();
        channel.subscribe(late);
        late.cancel();
        return late.items();
    }

    @InEachLibrary
    void shouldForgetAnItemAtItsTime(HotLibrary library) {
        Timed<Integer> timed = library.open(options -> options.backlog(LIMIT));
        Channel<Integer> channel = timed.channel();
        for (int item = 0; item < 3; item++) {
            channel.put(item);
            timed.pass(500);
        }
        timed.pass(6_499);
        assertThat(channel.backlog()).containsExactly(0, 1, 2);
        assertThat(heard(channel)).containsExactly(0, 1, 2);
        timed.pass(1);
        assertThat(channel.backlog()).containsExactly(1, 2);
        assertThat(heard(channel)).containsExactly(1, 2);
        timed.pass(500); // the timer has not released the next one yet
        assertThat(channel.backlog()).containsExactly(2);
        assertThat(heard(channel)).containsExactly(2);
        channel.put(3);
        assertThat(heard(channel)).containsExactly(2, 3);
        timed.pass(500);
        assertThat(heard(channel)).containsExactly(3);
        timed.pass(100_000);
        assertThat(heard(channel)).isEmpty();
        assertThat(channel.backlog()).isEmpty();
        channel.put(4);
        assertThat(heard(channel)).containsExactly(4);
    }

    @InEachLibrary
    void shouldKeepToBothLimits(HotLibrary library) {
        Timed<Integer> timed = library.open(options -> options.backlog(2).backlog(LIMIT));
        Channel<Integer> channel = timed.channel();
        numbers(0, 5).forEach(channel::put);
        assertThat(heard(channel)).as("by number").containsExactly(3, 4);
        timed.pass(4_000);
        channel.put(5);
        assertThat(heard(channel)).containsExactly(4, 5);
        timed.pass(4_000);
        assertThat(heard(channel)).as("by time").containsExactly(5);
        assertThat(channel.backlog()).containsExactly(5);
    }

    @InEachLibrary
    void shouldLimitAnUnboundedBacklogByTimeAlone(HotLibrary library) {
        Timed<Integer> timed =
                library.open(options -> options.unboundedBacklog().backlog(LIMIT));
        numbers(0, 1_000).forEach(timed.channel()::put);
        assertThat(heard(timed.channel())).isEqualTo(numbers(0, 1_000));
        timed.pass(8_000);
        assertThat(heard(timed.channel())).isEmpty();
    }

    @InEachLibrary
    void shouldDeliverWhatASubscriberHasNotRequestedHoweverOld(HotLibrary library) {
        for (Buffer buffer : List.of(Buffer.unbounded(), Buffer.failing(5), Buffer.blocking(5, Patience.LIMIT))) {
            Timed<Integer> timed = library.open(options -> options.backlog(LIMIT));
            Channel<Integer> channel = timed.channel();
            channel.put(0);
            Listener<Integer> slow = new Listener<>(0);
            channel.subscribe(buffer, slow);
            channel.put(1);
            timed.pass(60_000);
            channel.put(2);
            slow.request(Long.MAX_VALUE);
            assertThat(slow.items()).as(buffer.toString()).containsExactly(0, 1, 2);
            Listener<Integer> late = new Listener<>();
            channel.subscribe(buffer, late);
            assertThat(late.items()).as(buffer.toString()).containsExactly(2);
        }
    }

    @InEachLibrary
    void shouldGoOnForgettingAfterTheEnd(HotLibrary library) {
        Timed<Integer> timed = library.open(options -> options.backlog(LIMIT));
        Channel<Integer> channel = timed.channel();
        channel.put(0);
        timed.pass(1_000);
        channel.put(1);
        channel.complete();
        timed.pass(7_000);
        Listener<Integer> late = new Listener<>();
        channel.subscribe(late);
        assertThat(late.items()).containsExactly(1);
        assertThat(late.isCompleted()).isTrue();
        timed.pass(7_000);
        Listener<Integer> later = new Listener<>();
        channel.subscribe(later);
        assertThat(later.items()).isEmpty();
        assertThat(later.isCompleted()).isTrue();
        assertThat(channel.backlog()).isEmpty();
    }

    @InEachLibrary
    void shouldKnowItsMembersAndTheSealAsWithoutALimit(HotLibrary library) {
        Timed<Integer> timed = library.open(options -> options.backlog(LIMIT));
        Channel<Integer> channel = timed.channel();
        Channel.Voice<Integer> ann = channel.member();
        Listener<Integer> heard = new Listener<>();
        if (library != HotLibrary.SYNC) {
            ann.subscribe(heard);
        }
        ann.put(0);
        channel.put(1);
        if (library == HotLibrary.SYNC) {
            ann.subscribe(heard);
        }
        assertThat(heard.items()).containsExactly(1);
        assertThat(channel.backlog()).containsExactly(0, 1);
        channel.seal();
        assertThat(channel.backlog()).isEmpty();
        channel.put(2);
        timed.pass(20_000);
        assertThat(channel.backlog()).isEmpty();
    }
}
