package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** What happens when no more jobs may be pending. */
class FunnelLimitTest {
    private final List<String> discarded = new ArrayList<>();

    private Funnel<Integer> limited(int jobs, WhenFull policy) {
        return Funnel.<Integer>builder()
                .named("test")
                .pendingLimit(jobs, policy)
                .onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId() + " " + job.values()))
                .build();
    }

    @Test
    void shouldFailThePutThatWouldBeginOneMore() throws InterruptedException {
        Funnel<Integer> funnel = limited(2, WhenFull.FAIL);
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a");
        a.put(2, "a");
        a.put(2, "again");
        assertThatThrownBy(() -> a.put(3, "a"))
                .isInstanceOf(FunnelFullException.class)
                .hasMessage("test is full: pendingLimit 2 is reached");
        b.put(1, "b");
        a.put(3, "a");
        b.put(3, "b");
        b.put(2, "b");
        assertThat(FunnelTest.readyIds(funnel)).containsExactly(1, 3, 2);
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldDiscardTheOldest() throws InterruptedException {
        Funnel<Integer> funnel = limited(3, WhenFull.DISCARD_OLDEST);
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        for (int i = 0; i < 4; i++) {
            a.put(i, "a");
        }
        assertThat(discarded).containsExactly("EVICTED 0 [a]");
        b.put(2, "b");
        a.put(1, "younger value, same age");
        a.put(4, "a");
        a.put(5, "a");
        assertThat(discarded).containsExactly("EVICTED 0 [a]", "EVICTED 1 [younger value, same age]");
        assertThat(funnel.pendingJobs()).isEqualTo(3);
        b.put(0, "b");
        assertThat(discarded).endsWith("EVICTED 3 [a]");
        assertThat(FunnelTest.readyIds(funnel)).containsExactly(2);
    }

    @Test
    void shouldWaitUntilThereIsRoom() throws Exception {
        Funnel<Integer> funnel = limited(1, WhenFull.WAIT);
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a");
        Elsewhere<Boolean> putting = Elsewhere.call(() -> {
                    a.put(2, "a");
                    return true;
                })
                .waiting();
        b.put(1, "b");
        assertThat(putting.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        b.put(2, "b");
        assertThat(FunnelTest.readyIds(funnel)).containsExactly(1, 2);
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldNotWaitWithAValueForAJobThatAnotherHasBegunMeanwhile() throws Exception {
        Funnel<Integer> funnel = limited(1, WhenFull.WAIT);
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a");
        List<Elsewhere<Boolean>> putting = new ArrayList<>();
        for (Funnel.Input<Integer, String> input : List.of(a, b)) {
            putting.add(Elsewhere.call(() -> {
                        input.put(2, input.name());
                        return true;
                    })
                    .waiting());
        }
        b.put(1, "b");
        for (Elsewhere<Boolean> one : putting) {
            assertThat(one.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(FunnelTest.readyIds(funnel)).containsExactly(1, 2);
    }

    @Test
    void shouldWakeWhoWaitsWhenTheFunnelEnds() throws Exception {
        Funnel<Integer> funnel = limited(1, WhenFull.WAIT);
        Funnel.Input<Integer, String> a = funnel.input("a");
        funnel.input("b");
        a.put(1, "a");
        Elsewhere<Boolean> putting = Elsewhere.call(() -> {
                    a.put(2, "a");
                    return true;
                })
                .waiting();
        a.complete();
        assertThatThrownBy(() -> putting.result.get(Patience.SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("input \"a\" has completed");
    }

    @Test
    void shouldPutNothingWhenInterruptedWhileWaiting() throws Exception {
        Funnel<Integer> funnel = limited(1, WhenFull.WAIT);
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a");
        Elsewhere<Boolean> putting = Elsewhere.call(() -> {
                    assertThatThrownBy(() -> a.put(2, "a"))
                            .isInstanceOf(CancellationException.class)
                            .hasMessageContaining("input \"a\" of test");
                    return Thread.interrupted();
                })
                .waiting();
        putting.thread.interrupt();
        assertThat(putting.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        b.put(1, "b");
        assertThat(funnel.pendingJobs()).isZero();
    }

    @Test
    void shouldKeepToTheLimitWhileManyPut() throws Exception {
        int jobs = 3_000;
        for (WhenFull policy : new WhenFull[] {WhenFull.WAIT, WhenFull.DISCARD_OLDEST}) {
            Funnel<Integer> funnel = limited(64, policy);
            List<Funnel.Input<Integer, String>> inputs =
                    List.of(funnel.input("a"), funnel.input("b")); // before any put
            List<Elsewhere<Boolean>> putters = new ArrayList<>();
            for (Funnel.Input<Integer, String> input : inputs) {
                putters.add(Elsewhere.call(() -> {
                    for (int i = 0; i < jobs; i++) {
                        input.put(i, "value");
                    }
                    return true;
                }));
            }
            for (Elsewhere<Boolean> putter : putters) {
                assertThat(putter.result.get(Patience.SECONDS, TimeUnit.SECONDS))
                        .isTrue();
            }
            assertThat(funnel.pendingJobs()).isLessThanOrEqualTo(64);
            int before = funnel.readyJobs();
            if (policy == WhenFull.WAIT) {
                assertThat(before).isEqualTo(jobs);
                assertThat(discarded).isEmpty();
            }
        }
    }
}
