package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.test.Patience;
import lox.test.VirtualTimer;
import org.junit.jupiter.api.Test;

/** Inputs whose values jobs can do without: outer joins. */
class FunnelOptionalInputTest {
    private final Queue<String> discarded = new ConcurrentLinkedQueue<>();

    private Funnel.Builder<Integer> builder() {
        return Funnel.<Integer>builder().onDiscard((job, reason) -> discarded.add(reason + " " + job));
    }

    private static List<String> ready(Funnel<Integer> funnel) throws InterruptedException {
        List<String> all = new ArrayList<>();
        while (funnel.readyJobs() != 0) {
            all.add(funnel.take().toString());
        }
        return all;
    }

    @Test
    void shouldJoinBothSidesFully() throws InterruptedException {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> left = funnel.optionalInput("left");
        Funnel.Input<Integer, String> right = funnel.optionalInput("right");
        left.put(1, "a");
        left.put(2, "b");
        right.put(2, "c");
        right.put(3, "d");
        assertThat(ready(funnel))
                .as("a job waits while its value may come")
                .containsExactly("Joined[2, left=b, right=c]");
        left.complete();
        assertThat(ready(funnel)).containsExactly("Joined[3, right=d]");
        right.put(4, "e");
        assertThat(ready(funnel)).as("no partner can come").containsExactly("Joined[4, right=e]");
        right.put(1, "f");
        assertThat(ready(funnel)).containsExactly("Joined[1, left=a, right=f]");
        right.complete();
        assertThat(funnel.iterator().hasNext()).isFalse();
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldTellWhichValuesThereAre() throws InterruptedException {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> left = funnel.optionalInput("left");
        Funnel.Input<Integer, Integer> right = funnel.optionalInput("right");
        left.put(1, "a");
        right.complete();
        Joined<Integer> joined = funnel.take();
        assertThat(joined.find(left)).contains("a");
        assertThat(joined.find(right)).isEmpty();
        assertThat(joined.values()).containsExactly("a");
    }

    @Test
    void shouldDiscardWhatLacksAnInputThatIsNotOptional() throws InterruptedException {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> left = funnel.input("left");
        Funnel.Input<Integer, String> right = funnel.optionalInput("right");
        left.put(1, "a");
        left.put(2, "b");
        right.put(2, "c");
        right.put(3, "d");
        right.complete();
        assertThat(ready(funnel)).containsExactly("Joined[2, left=b, right=c]", "Joined[1, left=a]");
        assertThat(discarded).as("the left may still come").isEmpty();
        left.complete();
        assertThat(discarded).containsExactly("COMPLETED Joined[3, right=d]");
        assertThat(funnel.iterator().hasNext()).isFalse();
    }

    @Test
    void shouldWaitForInputsThatAreOpenWhileAnotherHasCompleted() throws InterruptedException {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> a = funnel.optionalInput("a");
        Funnel.Input<Integer, String> b = funnel.optionalInput("b");
        Funnel.Input<Integer, String> c = funnel.optionalInput("c");
        a.complete();
        b.put(1, "b");
        b.put(2, "b");
        assertThat(funnel.readyJobs()).isZero();
        c.put(1, "c");
        assertThat(ready(funnel)).containsExactly("Joined[1, b=b, c=c]");
        c.complete();
        assertThat(ready(funnel)).containsExactly("Joined[2, b=b]");
        b.complete();
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldJoinWhatItCanWhenTheFunnelCompletes() throws InterruptedException {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> needed = funnel.input("needed");
        Funnel.Input<Integer, String> optional = funnel.optionalInput("optional");
        needed.put(1, "a");
        optional.put(2, "b");
        funnel.complete();
        assertThat(ready(funnel)).containsExactly("Joined[1, needed=a]");
        assertThat(discarded).containsExactly("COMPLETED Joined[2, optional=b]");
        assertThatIllegalStateException().isThrownBy(() -> needed.put(3, "c"));
        assertThat(funnel.pendingJobs()).isZero();
    }

    @Test
    void shouldJoinNothingBecauseOfAFailure() throws InterruptedException {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> left = funnel.optionalInput("left");
        funnel.optionalInput("right");
        left.put(1, "a");
        funnel.fail(new IllegalStateException("planned"));
        assertThat(funnel.readyJobs()).isZero();
        assertThat(discarded).containsExactly("FAILED Joined[1, left=a]");
    }

    @Test
    void shouldExpireWhatWaitsTooLong() {
        VirtualTimer timer = new VirtualTimer();
        Funnel<Integer> funnel = builder()
                .expireAfter(Duration.ofSeconds(1))
                .scheduler(timer)
                .ticker(timer::nanos)
                .build();
        Funnel.Input<Integer, String> left = funnel.optionalInput("left");
        Funnel.Input<Integer, String> right = funnel.optionalInput("right");
        left.put(1, "a");
        timer.advance(1_000);
        assertThat(discarded).containsExactly("EXPIRED Joined[1, left=a]");
        right.put(1, "b");
        left.complete();
        assertThat(funnel.readyJobs()).isEqualTo(1);
    }

    @Test
    void shouldMakeRoomAtTheCompletion() throws InterruptedException {
        Funnel<Integer> funnel = builder().pendingLimit(1, WhenFull.WAIT).build();
        Funnel.Input<Integer, String> left = funnel.optionalInput("left");
        Funnel.Input<Integer, String> right = funnel.optionalInput("right");
        left.put(1, "a");
        Thread putter = new Thread(() -> left.put(2, "b"), "putter");
        putter.start();
        Patience.until("the put waits", () -> putter.getState() == Thread.State.WAITING);
        right.complete();
        putter.join(Patience.LIMIT.toMillis());
        assertThat(ready(funnel)).containsExactly("Joined[1, left=a]", "Joined[2, left=b]");
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldCheckItsName() {
        Funnel<Integer> funnel = builder().build();
        assertThatNullPointerException()
                .isThrownBy(() -> funnel.optionalInput(null))
                .withMessage("name");
        funnel.complete();
        assertThatIllegalStateException().isThrownBy(() -> funnel.optionalInput("late"));
    }

    /** Wherever the other side completes, each value that was put is in one job that is emitted. */
    @Test
    void shouldEmitEachValueOnceWhileInputsComplete() throws InterruptedException {
        for (int round = 0; round < 2_000; round++) {
            Funnel<Integer> funnel = builder().build();
            Funnel.Input<Integer, Integer> left = funnel.optionalInput("left");
            Funnel.Input<Integer, Integer> right = funnel.optionalInput("right");
            race(
                    () -> {
                        IntStream.range(0, 6).forEach(i -> left.put(i, i));
                        left.complete();
                    },
                    () -> {
                        IntStream.range(3, 9).forEach(i -> right.put(i, i));
                        right.complete();
                    });
            List<Integer> lefts = new ArrayList<>();
            List<Integer> rights = new ArrayList<>();
            for (Joined<Integer> joined : funnel) { // ends, so nothing is pending for ever
                joined.find(left).ifPresent(lefts::add);
                joined.find(right).ifPresent(rights::add);
            }
            assertThat(lefts).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
            assertThat(rights).containsExactlyInAnyOrder(3, 4, 5, 6, 7, 8);
            assertThat(discarded).isEmpty();
        }
    }

    /** The right never completes, so what is only on the left can neither be joined before the failure nor by it. */
    @Test
    void shouldJoinNothingThatAFailureOvertakes() throws InterruptedException {
        for (int round = 0; round < 2_000; round++) {
            Funnel<Integer> funnel = Funnel.create();
            Funnel.Input<Integer, Integer> left = funnel.optionalInput("left");
            funnel.optionalInput("right");
            race(
                    () -> {
                        try {
                            IntStream.range(0, 10_000).forEach(i -> left.put(i, i));
                        } catch (IllegalStateException ended) {
                            assertThat(ended).hasMessageContaining("has ended");
                        }
                    },
                    () -> funnel.fail(new IllegalStateException("planned")));
            assertThat(funnel.readyJobs()).isZero();
            assertThat(funnel.pendingJobs()).isZero();
        }
    }

    private static void race(Runnable one, Runnable other) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(2);
        Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (Runnable runner : List.of(one, other)) {
            Thread thread = new Thread(() -> {
                start.countDown();
                for (int spins = 0; start.getCount() != 0; spins++) {
                    if (spins < 1_000) {
                        Thread.onSpinWait();
                    } else {
                        LockSupport.parkNanos(1_000); // the other may need this processor
                    }
                }
                try {
                    runner.run();
                } catch (Throwable failure) {
                    thrown.add(failure);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(Patience.LIMIT.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(thrown).isEmpty();
    }
}
