package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a Funnel ends, and what becomes of jobs that were never filled. */
class FunnelCompletionTest {
    private record Discarded(Joined<Integer> job, DiscardReason reason) {}

    private final List<Discarded> discarded = new ArrayList<>();
    private final Funnel<Integer> funnel = Funnel.<Integer>builder()
            .named("test")
            .onDiscard((job, reason) -> discarded.add(new Discarded(job, reason)))
            .build();
    private final Funnel.Input<Integer, String> a = funnel.input("a");
    private final Funnel.Input<Integer, String> b = funnel.input("b");
    private final FlowRecorder<Joined<Integer>> subscriber = FlowRecorder.unbounded();

    private List<Integer> discardedIds() {
        return discarded.stream().map(one -> one.job().jobId()).toList();
    }

    @Test
    void shouldCompleteWhenEveryInputHas() {
        funnel.asPublisher().subscribe(subscriber);
        a.put(1, "a");
        b.put(1, "b");
        a.complete();
        assertThat(subscriber.completions()).isZero();
        b.complete();
        assertThat(subscriber.values()).extracting(Joined::jobId).containsExactly(1);
        assertThat(subscriber.completions()).isEqualTo(1);
        b.complete();
        funnel.complete();
        assertThat(subscriber.completions()).isEqualTo(1);
    }

    @Test
    void shouldDiscardWhatWasNeverFilledBeforeTheEnd() {
        List<Integer> completionsAtHook = new ArrayList<>();
        Funnel<Integer> observed = Funnel.<Integer>builder()
                .onDiscard((job, reason) -> {
                    completionsAtHook.add(subscriber.completions());
                    discarded.add(new Discarded(job, reason));
                })
                .build();
        Funnel.Input<Integer, String> left = observed.input("left");
        Funnel.Input<Integer, String> right = observed.input("right");
        observed.asPublisher().subscribe(subscriber);
        for (int i = 0; i < 5; i++) {
            left.put(i, "left");
        }
        right.put(3, "right");
        observed.complete();

        assertThat(discardedIds()).containsExactlyInAnyOrder(0, 1, 2, 4);
        assertThat(discarded).extracting(Discarded::reason).containsOnly(DiscardReason.COMPLETED);
        assertThat(discarded.get(0).job().find(left)).contains("left");
        assertThat(discarded.get(0).job().find(right)).isEmpty();
        assertThat(completionsAtHook).containsOnly(0);
        assertThat(subscriber.completions()).isEqualTo(1);
        assertThat(observed.pendingJobs()).isZero();
    }

    @Test
    void shouldDiscardAtOnceWhatACompletedInputWillNeverFill() throws InterruptedException {
        a.put(1, "a1");
        b.put(2, "b2");
        a.complete();
        assertThat(discardedIds()).containsExactly(2);
        b.put(3, "b3");
        assertThat(discardedIds()).containsExactly(2, 3);
        assertThat(funnel.pendingJobs()).isEqualTo(1);
        b.put(1, "b1");
        assertThat(funnel.take().values()).containsExactly("a1", "b1");
        assertThatThrownBy(() -> a.put(4, "a4"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("input \"a\" has completed");
    }

    @Test
    void shouldCompleteWhenThoseThatHaveNotLeftHaveCompleted() throws InterruptedException {
        a.put(1, "a1");
        a.complete();
        b.leave();
        assertThat(funnel.take().values()).containsExactly("a1");
        assertThatThrownBy(funnel::take).hasMessageContaining("has completed");
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldCompleteWhenAllHaveLeft() throws InterruptedException {
        a.put(1, "a1");
        b.put(2, "b2");
        b.leave();
        assertThat(funnel.readyJobs()).as("a alone is left").isEqualTo(1);
        a.leave();
        assertThat(funnel.take().values()).containsExactly("a1");
        assertThat(funnel.take().values()).containsExactly("b2");
        assertThat(discarded).isEmpty();
        assertThatThrownBy(() -> funnel.input("late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("test has ended");
    }

    @Test
    void shouldCompleteWithoutAnyInput() {
        Funnel<Integer> empty = Funnel.create();
        empty.complete();
        assertThat(empty.iterator().hasNext()).isFalse();
    }

    @Test
    void shouldTellLateSubscribersOfTheEnd() {
        a.put(1, "a");
        b.put(1, "b");
        funnel.complete();
        funnel.asPublisher().subscribe(subscriber);
        assertThat(subscriber.values()).hasSize(1);
        assertThat(subscriber.completions()).isEqualTo(1);
        FlowRecorder<Joined<Integer>> later = FlowRecorder.unbounded();
        funnel.asPublisher().subscribe(later);
        assertThat(later.values()).isEmpty();
        assertThat(later.completions()).isEqualTo(1);
    }

    @Test
    void shouldFailAndDiscardWhatIsPending() {
        IllegalStateException failure = new IllegalStateException("planned");
        funnel.asPublisher().subscribe(subscriber);
        a.put(1, "a");
        funnel.fail(failure);
        assertThat(subscriber.failures()).containsExactly(failure);
        assertThat(discardedIds()).containsExactly(1);
        assertThat(discarded.get(0).reason()).isEqualTo(DiscardReason.FAILED);
        assertThatThrownBy(() -> b.put(1, "b"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("test has ended");
        assertThat(funnel.readyJobs()).isZero();
    }

    @Test
    void shouldReportAFailureThatComesAfterTheEnd() {
        List<Throwable> uncaught = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        try {
            IllegalStateException failure = new IllegalStateException("planned");
            funnel.complete();
            funnel.fail(failure);
            assertThat(uncaught).containsExactly(failure);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }
    }

    @Test
    void shouldReportWhatAHookThrowsAndEndAllTheSame() {
        List<Throwable> uncaught = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        try {
            IllegalStateException failure = new IllegalStateException("planned");
            Funnel<Integer> hooked = Funnel.<Integer>builder()
                    .onDiscard((job, reason) -> {
                        throw failure;
                    })
                    .build();
            Funnel.Input<Integer, String> only = hooked.input("only");
            hooked.input("never");
            hooked.asPublisher().subscribe(subscriber);
            only.put(1, "x");
            only.put(2, "x");
            hooked.complete();
            assertThat(uncaught).containsExactly(failure, failure);
            assertThat(subscriber.completions()).isEqualTo(1);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }
    }

    @Test
    void shouldAllowCompletingFromInsideASubscriber() {
        FlowRecorder<Joined<Integer>> completing = FlowRecorder.unbounded();
        completing.onEach(job -> funnel.complete());
        funnel.asPublisher().subscribe(completing);
        a.put(2, "never filled");
        a.put(1, "a");
        b.put(1, "b");
        assertThat(completing.values()).hasSize(1);
        assertThat(completing.completions()).isEqualTo(1);
        assertThat(discardedIds()).containsExactly(2);
    }
}
