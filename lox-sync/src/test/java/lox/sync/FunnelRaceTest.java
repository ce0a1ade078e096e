package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import lox.test.VirtualTimer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two threads meet at one job. In each case a job is joined once or discarded once, and nothing stays behind. */
@Tag("race")
class FunnelRaceTest {
    private final Queue<String> discarded = new ConcurrentLinkedQueue<>();

    private Funnel.Builder<Integer> builder() {
        return Funnel.<Integer>builder()
                .onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId() + " " + job.values()));
    }

    /** True if it was accepted. */
    private static boolean tryPut(Funnel.Input<Integer, String> input, int job) {
        try {
            input.put(job, input.name() + job);
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    @Test
    void shouldJoinOnceWhenTheLastTwoInputsPutAtOnce() throws Exception {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        Funnel.Input<Integer, String> c = funnel.input("c");
        Encounter.race(
                round -> a.put(round, "a" + round),
                round -> b.put(round, "b" + round),
                round -> c.put(round, "c" + round),
                round -> {
                    assertThat(funnel.readyJobs()).isEqualTo(1);
                    assertThat(funnel.take().values()).containsExactly("a" + round, "b" + round, "c" + round);
                    assertThat(funnel.pendingJobs()).isZero();
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeginOneJobWhenTheFirstTwoInputsPutAtOnce(boolean expires) throws Exception {
        Funnel<Integer> funnel =
                expires ? builder().expireAfter(Duration.ofHours(1)).build() : Funnel.create();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        Encounter.race(Encounter.NOTHING, round -> a.put(round, "a"), round -> b.put(round, "b"), round -> {
            assertThat(funnel.pendingJobs()).isZero();
            assertThat(funnel.take().values()).containsExactly("a", "b");
            assertThat(funnel.readyJobs()).isZero();
        });
    }

    @Test
    void shouldEitherJoinOrExpire() throws Exception {
        VirtualTimer timer = new VirtualTimer();
        Funnel<Integer> funnel = builder()
                .expireAfter(Duration.ofMillis(1))
                .scheduler(timer)
                .ticker(timer::nanos)
                .build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        Encounter.race(
                round -> a.put(round, "a" + round),
                round -> b.put(round, "b" + round),
                round -> timer.advance(1),
                round -> {
                    if (funnel.readyJobs() == 1) {
                        assertThat(funnel.take().values()).containsExactly("a" + round, "b" + round);
                        assertThat(discarded).isEmpty();
                    } else {
                        assertThat(discarded).containsExactly("EXPIRED " + round + " [a" + round + "]");
                        assertThat(funnel.pendingJobs()).isEqualTo(1);
                        timer.advance(1);
                        assertThat(discarded).hasSize(2).contains("EXPIRED " + round + " [b" + round + "]");
                    }
                    assertThat(funnel.pendingJobs()).isZero();
                    discarded.clear();
                });
    }

    @Test
    void shouldJoinOnceWhenAnInputLeavesAtTheLastPut() throws Exception {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        Queue<Funnel.Input<Integer, String>> leaving = new ConcurrentLinkedQueue<>();
        Encounter.race(
                round -> {
                    leaving.add(funnel.input("leaves"));
                    a.put(round, "a" + round);
                },
                round -> b.put(round, "b" + round),
                round -> leaving.element().leave(),
                round -> {
                    leaving.remove();
                    assertThat(funnel.readyJobs()).as("round %d", round).isEqualTo(1);
                    assertThat(funnel.take().values()).containsExactly("a" + round, "b" + round);
                    assertThat(funnel.pendingJobs()).isZero();
                });
    }

    @Test
    void shouldJoinWhatBeginsWhileTheOtherInputLeaves() throws Exception {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Queue<Funnel.Input<Integer, String>> leaving = new ConcurrentLinkedQueue<>();
        Encounter.race(
                round -> leaving.add(funnel.input("leaves")),
                round -> a.put(round, "a" + round),
                round -> leaving.element().leave(),
                round -> {
                    leaving.remove();
                    assertThat(funnel.readyJobs()).as("round %d", round).isEqualTo(1);
                    assertThat(funnel.take().values()).containsExactly("a" + round);
                    assertThat(funnel.pendingJobs()).isZero();
                });
    }

    @Test
    void shouldEitherAcceptOrRefuseAPutOfAnInputThatLeaves() throws Exception {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Queue<Funnel.Input<Integer, String>> leaving = new ConcurrentLinkedQueue<>();
        Queue<Boolean> accepted = new ConcurrentLinkedQueue<>();
        Encounter.race(
                round -> leaving.add(funnel.input("leaves")),
                round -> accepted.add(tryPut(leaving.element(), round)),
                round -> leaving.element().leave(),
                round -> {
                    a.put(round, "a" + round);
                    boolean wasAccepted = accepted.remove();
                    leaving.remove();
                    assertThat(funnel.take().values())
                            .isEqualTo(wasAccepted ? List.of("a" + round, "leaves" + round) : List.of("a" + round));
                    assertThat(funnel.pendingJobs()).isZero();
                });
    }

    @Test
    void shouldEitherJoinOrDiscardAtTheEndAndTellNobodyAfterIt() throws Exception {
        record Life(
                Funnel<Integer> funnel,
                Funnel.Input<Integer, String> a,
                Funnel.Input<Integer, String> b,
                FlowRecorder<Joined<Integer>> subscriber,
                Queue<DiscardReason> discards,
                Queue<String> late) {}
        Queue<Life> lives = new ConcurrentLinkedQueue<>();
        Queue<Boolean> accepted = new ConcurrentLinkedQueue<>();
        Encounter.race(
                round -> {
                    FlowRecorder<Joined<Integer>> subscriber = FlowRecorder.unbounded();
                    Queue<DiscardReason> discards = new ConcurrentLinkedQueue<>();
                    Queue<String> late = new ConcurrentLinkedQueue<>();
                    Funnel<Integer> funnel = Funnel.<Integer>builder()
                            .onDiscard((job, reason) -> {
                                discards.add(reason);
                                if (subscriber.completions() > 0) {
                                    late.add(job + " " + reason);
                                }
                            })
                            .build();
                    Life life = new Life(funnel, funnel.input("a"), funnel.input("b"), subscriber, discards, late);
                    funnel.asPublisher().subscribe(subscriber);
                    if (round % 2 == 0) {
                        life.a().put(1, "a1");
                    } else {
                        life.a().complete();
                    }
                    lives.add(life);
                },
                round -> accepted.add(tryPut(lives.element().b(), 1)),
                round -> lives.element().funnel().complete(),
                round -> {
                    Life life = lives.remove();
                    boolean wasAccepted = accepted.remove();
                    int joined = life.subscriber().values().size();
                    assertThat(life.late()).isEmpty();
                    assertThat(life.subscriber().completions()).isEqualTo(1);
                    assertThat(life.funnel().pendingJobs()).isZero();
                    int expected = round % 2 == 0 || wasAccepted ? 1 : 0;
                    assertThat(joined + life.discards().size())
                            .as("round %d, %s, %d, %s", round, wasAccepted, joined, life.discards())
                            .isEqualTo(expected);
                    if (round % 2 == 0) {
                        assertThat(joined == 1).isEqualTo(wasAccepted);
                    }
                });
    }

    @Test
    void shouldDiscardOnceWhatBeginsWhileAnInputCompletes() throws Exception {
        Queue<Funnel<Integer>> funnels = new ConcurrentLinkedQueue<>();
        Queue<Funnel.Input<Integer, String>> first = new ConcurrentLinkedQueue<>();
        Queue<Funnel.Input<Integer, String>> second = new ConcurrentLinkedQueue<>();
        Encounter.race(
                round -> {
                    discarded.clear();
                    Funnel<Integer> funnel = builder().build();
                    funnels.add(funnel);
                    first.add(funnel.input("a"));
                    second.add(funnel.input("b"));
                },
                round -> first.element().put(round, "a"),
                round -> second.element().complete(),
                round -> {
                    assertThat(discarded).containsExactly("COMPLETED " + round + " [a]");
                    assertThat(funnels.remove().pendingJobs()).isZero();
                    first.remove();
                    second.remove();
                });
    }

    @Test
    void shouldGiveEachJobToOneOfSubscribersThatComeAndGo() throws Exception {
        int jobs = 20_000;
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, Integer> a = funnel.input("a");
        Funnel.Input<Integer, Integer> b = funnel.input("b");
        Queue<Integer> delivered = new ConcurrentLinkedQueue<>();
        List<Elsewhere<Boolean>> putters = new ArrayList<>();
        for (Funnel.Input<Integer, Integer> input : List.of(a, b)) {
            putters.add(Elsewhere.call(() -> {
                for (int i = 0; i < jobs; i++) {
                    input.put(i, i);
                }
                return true;
            }));
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        while (delivered.size() < jobs && putters.stream().anyMatch(putter -> !putter.result.isDone())) {
            FlowRecorder<Joined<Integer>> subscriber = FlowRecorder.requesting(random.nextInt(64));
            subscriber.onEach(job -> delivered.add(job.jobId()));
            funnel.asPublisher().subscribe(subscriber);
            if (random.nextBoolean()) {
                subscriber.request(1 + random.nextInt(64));
            }
            subscriber.cancel();
        }
        for (Elsewhere<Boolean> putter : putters) {
            assertThat(putter.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        FlowRecorder<Joined<Integer>> last = FlowRecorder.unbounded();
        last.onEach(job -> delivered.add(job.jobId()));
        funnel.asPublisher().subscribe(last);
        funnel.complete();
        Set<Integer> distinct = new HashSet<>(delivered);
        assertThat(delivered).as("seed %d", seed).hasSize(jobs);
        assertThat(distinct).as("seed %d", seed).hasSize(jobs);
        assertThat(last.completions()).isEqualTo(1);
    }

    /** A Funnel that refuses late inputs, into which nothing has been put. */
    private static final class Refusing {
        private final Funnel<Integer> funnel =
                Funnel.<Integer>builder().lateInputs(LateInputs.REFUSE).build();
        private final List<Funnel.Input<Integer, String>> early = new ArrayList<>();
        private Funnel.@Nullable Input<Integer, String> late;

        Refusing(int inputs) {
            for (int i = 0; i < inputs; i++) {
                early.add(funnel.input("early " + i));
            }
        }

        private void makeAnother() {
            try {
                late = funnel.input("late");
            } catch (IllegalStateException refused) {
                assertThat(refused).hasMessageContaining("refuses");
            }
        }

        private void check(int round) throws InterruptedException {
            List<String> values = new ArrayList<>(List.of("0"));
            for (int i = 1; i < early.size(); i++) {
                early.get(i).put(round, "" + i);
                values.add("" + i);
            }
            Funnel.Input<Integer, String> made = late;
            assertThat(funnel.readyJobs()).as("round %d", round).isEqualTo(made == null ? 1 : 0);
            if (made != null) {
                made.put(round, "late");
                values.add("late");
            }
            assertThat(funnel.take().values()).isEqualTo(values);
        }
    }

    /**
     * The put comes first, and the input is refused; or the input does, and the job waits for it. With one input the job is full
     * at once, and so could be gone before the other input counts: that is the case in which an order of these two shows.
     */
    @Test
    void shouldEitherRefuseALateInputOrWaitForIt() throws Exception {
        Refusing[] now = new Refusing[1]; // handed on through the barrier
        Encounter.race(
                round -> now[0] = new Refusing(1 + round % 2),
                round -> now[0].early.get(0).put(round, "0"),
                round -> now[0].makeAnother(),
                round -> now[0].check(round));
    }
}
