package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatePublisherTest {
    private static final String END = "end";

    private final AtomicInteger state = new AtomicInteger();
    private final StatePublisher<Integer> publisher = new StatePublisher<>(state::get);

    private void set(int value) {
        state.set(value);
        publisher.changed();
    }

    /** Collects what it gets; requests only what a test has it request. */
    private static class Collector implements Flow.Subscriber<Integer> {
        final BlockingQueue<Object> got = new LinkedBlockingQueue<>();
        private Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        Flow.Subscription subscription() {
            return Objects.requireNonNull(subscription);
        }

        @Override
        public void onNext(Integer item) {
            got.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            got.add(failure);
        }

        @Override
        public void onComplete() {
            got.add(END);
        }

        Object await() throws InterruptedException {
            return Objects.requireNonNull(got.poll(Patience.SECONDS, TimeUnit.SECONDS), "nothing has come");
        }
    }

    private Collector subscribe(long requested) {
        Collector collector = new Collector();
        publisher.subscribe(collector);
        if (requested > 0) {
            collector.subscription().request(requested);
        }
        return collector;
    }

    @Test
    void shouldTellTheStateAndThenEachChangeToEverySubscriber() throws Exception {
        Collector first = subscribe(Long.MAX_VALUE);
        assertThat(first.await()).isEqualTo(0);
        set(1);
        assertThat(first.await()).isEqualTo(1);
        Collector second = subscribe(Long.MAX_VALUE);
        assertThat(second.await()).isEqualTo(1);
        set(2);
        assertThat(List.of(first.await(), second.await())).containsExactly(2, 2);
        publisher.changed(); // which it has not
        publisher.complete();
        assertThat(List.of(first.await(), second.await())).containsExactly(END, END);
        set(3);
        assertThat(subscribe(1).await()).isEqualTo(END);
        assertThat(List.of(first.got, second.got)).allMatch(BlockingQueue::isEmpty);
    }

    @Test
    void shouldLeaveOutWhatIsOutdatedBeforeItIsRequested() throws Exception {
        Collector slow = subscribe(1);
        Collector quick = subscribe(Long.MAX_VALUE);
        assertThat(slow.await()).isEqualTo(0);
        assertThat(quick.await()).isEqualTo(0);
        for (int i = 1; i <= 100; i++) {
            set(i);
            assertThat(quick.await()).isEqualTo(i);
        }
        slow.subscription().request(2);
        assertThat(slow.await()).isEqualTo(100);
        set(101);
        assertThat(slow.await()).isEqualTo(101);
        publisher.complete();
        assertThat(slow.await()).isEqualTo(END);
    }

    @Test
    void shouldBeHeldUpByNobody() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch isOver = new CountDownLatch(1);
        Collector blocking = new Collector() {
            @Override
            public void onNext(Integer item) {
                super.onNext(item);
                blocked.countDown();
                try {
                    isOver.await();
                } catch (InterruptedException nobodyDoesThat) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        publisher.subscribe(blocking);
        blocking.subscription().request(Long.MAX_VALUE);
        assertThat(blocked.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        Collector other = subscribe(Long.MAX_VALUE);
        assertThat(other.await()).isEqualTo(0);
        for (int i = 1; i <= 10; i++) {
            set(i); // on this thread, which would be blocked
            assertThat(other.await()).isEqualTo(i);
        }
        isOver.countDown();
        assertThat(List.of(blocking.await(), blocking.await())).containsExactly(0, 10);
    }

    @Test
    void shouldTellNothingAfterACancel() throws Exception {
        Collector cancelled = subscribe(Long.MAX_VALUE);
        Collector other = subscribe(Long.MAX_VALUE);
        assertThat(List.of(cancelled.await(), other.await())).containsExactly(0, 0);
        cancelled.subscription().cancel();
        set(1);
        assertThat(other.await()).isEqualTo(1);
        publisher.complete();
        assertThat(other.await()).isEqualTo(END);
        assertThat(cancelled.got).isEmpty();
    }

    @Test
    void shouldLeaveASubscriberAloneThatThrows() throws Exception {
        AtomicReference<@Nullable Throwable> reported = new AtomicReference<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> reported.set(thrown));
        try {
            IllegalStateException planned = new IllegalStateException("planned");
            Collector throwing = new Collector() {
                @Override
                public void onNext(Integer item) {
                    super.onNext(item);
                    throw planned;
                }
            };
            publisher.subscribe(throwing);
            throwing.subscription().request(Long.MAX_VALUE);
            Patience.until("it is reported", () -> reported.get() == planned);
            Collector other = subscribe(Long.MAX_VALUE);
            set(1);
            Patience.until("the other has it", () -> other.got.contains(1));
            assertThat(throwing.got).containsExactly(0);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without it may do
    void shouldRefuseWhatTheRulesForbid() throws Exception {
        Collector wrong = subscribe(0);
        wrong.subscription().request(-1);
        assertThat(wrong.await()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> publisher.subscribe(null)).isInstanceOf(NullPointerException.class);
    }
}
