package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Publishers that feed an input. */
class FunnelSourceTest {
    private static final int PREFETCH = 8;

    private final List<String> discarded = new ArrayList<>();
    private final Funnel<Integer> funnel = Funnel.<Integer>builder()
            .prefetch(PREFETCH)
            .onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId()))
            .build();
    private final Funnel.Input<Integer, Integer> a = funnel.input("a");
    private final Funnel.Input<Integer, Integer> b = funnel.input("b");

    /** Emits what it is told to, as far as that was requested, and complains where it was not. */
    private static final class Hand implements Flow.Publisher<Integer>, Flow.Subscription {
        private Flow.@Nullable Subscriber<? super Integer> given;
        private long requested;
        private boolean cancelled;

        @Override
        public void subscribe(Flow.Subscriber<? super Integer> subscriber) {
            given = subscriber;
            subscriber.onSubscribe(this);
        }

        Flow.Subscriber<? super Integer> subscriber() {
            return Objects.requireNonNull(given, "not subscribed to");
        }

        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void emit(int... values) {
            for (int value : values) {
                assertThat(requested).as("requested").isPositive();
                requested--;
                subscriber().onNext(value);
            }
        }

        int emitAllRequested(int from) {
            int next = from;
            while (requested > 0) {
                emit(next++);
            }
            return next;
        }
    }

    @Test
    void shouldPutWhatAPublisherEmits() throws Exception {
        int count = 2_000;
        Elsewhere<List<Integer>> taking = Elsewhere.call(() -> {
            List<Integer> ids = new ArrayList<>();
            funnel.forEach(job -> ids.add(job.jobId() + job.get(a) - job.get(b)));
            return ids;
        });
        try (SubmissionPublisher<Integer> left = new SubmissionPublisher<>();
                SubmissionPublisher<Integer> right = new SubmissionPublisher<>()) {
            a.from(left, x -> x);
            b.from(right, x -> count - 1 - x);
            for (int i = 0; i < count; i++) {
                left.submit(i);
                right.submit(i);
            }
        }
        List<Integer> ids = taking.result.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(ids).hasSize(count);
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldAskForNoMoreWhileJoinedJobsWait() throws InterruptedException {
        Hand left = new Hand();
        Hand right = new Hand();
        a.from(left, x -> x);
        b.from(right, x -> x);
        assertThat(left.requested).isEqualTo(PREFETCH);
        int emitted = emitAllRequested(0, left, right);
        assertThat(emitted).isBetween(PREFETCH, 3 * PREFETCH);
        assertThat(funnel.readyJobs()).isEqualTo(emitted);

        List<Integer> taken = new ArrayList<>();
        while (taken.size() < 1_000) {
            funnel.poll(Duration.ZERO).map(Joined::jobId).ifPresent(taken::add);
            emitted = emitAllRequested(emitted, left, right);
            assertThat(funnel.readyJobs()).isLessThanOrEqualTo(3 * PREFETCH);
        }
        assertThat(taken).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    private static int emitAllRequested(int from, Hand left, Hand right) {
        int next = from;
        while (left.requested > 0 && right.requested > 0) {
            left.emit(next);
            right.emit(next++);
        }
        return next;
    }

    @Test
    void shouldAskForNoMoreWhileItIsAheadOfTheOthers() {
        Hand left = new Hand();
        a.from(left, x -> x);
        int next = left.emitAllRequested(0);
        assertThat(next).isBetween(PREFETCH, 2 * PREFETCH);
        assertThat(funnel.pendingJobs()).isEqualTo(next);

        b.put(100, 100);
        while (next <= 100) {
            left.emit(next++);
        }
        assertThat(funnel.readyJobs()).isEqualTo(1);
        next = left.emitAllRequested(next);
        assertThat(next).isLessThanOrEqualTo(101 + 2 * PREFETCH);
        for (int i = 0; i < 99; i++) {
            b.put(i, i);
        }
        assertThat(left.requested).as("backlogged now").isZero();
    }

    @Test
    void shouldAskForNoMoreWhileThereIsNoRoom() throws InterruptedException {
        Funnel<Integer> limited = Funnel.<Integer>builder()
                .prefetch(PREFETCH)
                .pendingLimit(3, WhenFull.WAIT)
                .build();
        Funnel.Input<Integer, Integer> fed = limited.input("fed");
        Funnel.Input<Integer, Integer> put = limited.input("put");
        Hand left = new Hand();
        fed.from(left, x -> x);
        int next = left.emitAllRequested(0);
        next = left.emitAllRequested(next);
        assertThat(next).isEqualTo(PREFETCH);
        assertThat(limited.pendingJobs()).isEqualTo(3);

        put.put(0, 0);
        assertThat(limited.pendingJobs()).isEqualTo(3);
        put.put(2, 0);
        put.put(1, 0);
        put.put(3, 0);
        assertThat(FunnelTest.readyIds(limited)).containsExactly(0, 2, 1, 3);
        for (int i = 4; i < 500; i++) {
            next = left.emitAllRequested(next);
            assertThat(limited.pendingJobs()).isLessThanOrEqualTo(3);
            put.put(i, 0);
            assertThat(limited.take().jobId()).isEqualTo(i);
        }
    }

    @Test
    void shouldLetAHeldValueInWhenAnotherBeginsItsJob() throws InterruptedException {
        Funnel<Integer> limited = Funnel.<Integer>builder()
                .prefetch(PREFETCH)
                .pendingLimit(2, WhenFull.WAIT)
                .build();
        Funnel.Input<Integer, String> fed = limited.input("fed");
        Funnel.Input<Integer, String> put = limited.input("put");
        Funnel.Input<Integer, String> third = limited.input("third");
        SubmissionPublisher<String> source = new SubmissionPublisher<>(Runnable::run, 16);
        fed.from(source, text -> text.charAt(0) - '0');
        put.put(0, "p0");
        put.put(1, "p1");
        source.submit("2 first");
        source.submit("2 last");
        source.submit("0 x");
        third.put(0, "t0"); // room for one, which what is held takes
        assertThat(limited.take().values()).containsExactly("0 x", "p0", "t0");
        put.put(2, "p2");
        third.put(2, "t2");
        assertThat(limited.take().values()).containsExactly("2 last", "p2", "t2");
        source.close();
    }

    @Test
    void shouldCompleteTheInputWithTheLastOfItsPublishers() {
        Hand first = new Hand();
        Hand second = new Hand();
        a.from(first, x -> x);
        a.from(second, x -> x);
        first.emit(1);
        first.subscriber().onComplete();
        second.emit(2);
        b.put(2, 2);
        b.put(3, 3);
        assertThat(discarded).isEmpty();
        second.subscriber().onComplete();
        assertThat(discarded).containsExactly("COMPLETED 3");
        assertThat(funnel.readyJobs()).isEqualTo(1);
        assertThatThrownBy(() -> a.put(5, 5)).hasMessage("input \"a\" has completed");
        assertThatThrownBy(() -> a.from(first, x -> x)).hasMessage("input \"a\" has completed");
    }

    @Test
    void shouldFailWithItsPublisherAndCancelTheOthers() {
        Hand left = new Hand();
        Hand right = new Hand();
        a.from(left, x -> x);
        b.from(right, x -> x);
        left.emit(1);
        IllegalStateException failure = new IllegalStateException("planned");
        left.subscriber().onError(failure);
        assertThat(right.cancelled).isTrue();
        assertThat(left.cancelled).as("it has ended by itself").isFalse();
        assertThat(discarded).containsExactly("FAILED 1");
        assertThatThrownBy(funnel::take)
                .isInstanceOf(PublisherFailedException.class)
                .cause()
                .isSameAs(failure);
    }

    @Test
    void shouldFailWhereTheIdCannotBeFound() {
        Hand left = new Hand();
        IllegalStateException failure = new IllegalStateException("no id");
        a.from(left, x -> {
            throw failure;
        });
        left.emit(1);
        assertThat(left.cancelled).isTrue();
        assertThatThrownBy(funnel::take)
                .isInstanceOf(PublisherFailedException.class)
                .cause()
                .isSameAs(failure);
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldFailWhereTheIdIsNull() {
        Hand left = new Hand();
        a.from(left, x -> null);
        left.emit(1, 2);
        assertThat(left.cancelled).isTrue();
        assertThatThrownBy(funnel::take)
                .isInstanceOf(PublisherFailedException.class)
                .cause()
                .isInstanceOf(NullPointerException.class)
                .hasMessage("jobIdOf returned null");
    }

    @Test
    void shouldCancelThePublishersOfAnInputThatLeaves() {
        Hand left = new Hand();
        Hand right = new Hand();
        a.from(left, x -> x);
        b.from(right, x -> x);
        a.leave();
        assertThat(left.cancelled).isTrue();
        assertThat(right.cancelled).isFalse();
        left.emit(1); // one that was under way
        assertThat(funnel.pendingJobs()).isZero();
        right.emit(2);
        assertThat(funnel.readyJobs()).isEqualTo(1);
        funnel.complete();
        assertThat(right.cancelled).isTrue();
    }

    @Test
    void shouldTakeOnlyOneSubscription() {
        Hand left = new Hand();
        Hand again = new Hand();
        a.from(left, x -> x);
        left.subscriber().onSubscribe(again);
        assertThat(again.cancelled).isTrue();
        assertThat(left.cancelled).isFalse();
    }
}
