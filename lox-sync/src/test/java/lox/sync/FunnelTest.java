package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is joined, when, and with what. */
class FunnelTest {
    private final List<String> discarded = new ArrayList<>();

    private Funnel.Builder<Integer> builder() {
        return Funnel.<Integer>builder()
                .named("test")
                .onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId() + " " + job.values()));
    }

    static <K> List<Joined<K>> ready(Funnel<K> funnel) throws InterruptedException {
        List<Joined<K>> jobs = new ArrayList<>();
        while (funnel.readyJobs() > 0) {
            funnel.poll(Duration.ZERO).ifPresent(jobs::add);
        }
        return jobs;
    }

    static <K> List<K> readyIds(Funnel<K> funnel) throws InterruptedException {
        return ready(funnel).stream().map(Joined::jobId).toList();
    }

    @Test
    void shouldJoinAJobThatHasAValueFromEveryInput() throws InterruptedException {
        Funnel<String> funnel = Funnel.create();
        Funnel.Input<String, Integer> photos = funnel.input("photos");
        Funnel.Input<String, List<String>> tags = funnel.input("tags");

        tags.put("a", List.of("sea"));
        assertThat(funnel.readyJobs()).isZero();
        assertThat(funnel.pendingJobs()).isEqualTo(1);
        photos.put("a", 7);

        Joined<String> joined = funnel.take();
        assertThat(joined.jobId()).isEqualTo("a");
        int photo = joined.get(photos);
        List<String> labels = joined.get(tags);
        assertThat(photo).isEqualTo(7);
        assertThat(labels).containsExactly("sea");
        assertThat(joined.values()).containsExactly(7, List.of("sea"));
        assertThat(joined).hasToString("Joined[a, photos=7, tags=[sea]]");
        assertThat(funnel.pendingJobs()).isZero();
        assertThat(funnel.readyJobs()).isZero();
    }

    @Test
    void shouldEmitInTheOrderInWhichJobsAreFilledWithValuesInTheOrderOfTheInputs() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.create();
        List<Funnel.Input<Integer, String>> inputs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            inputs.add(funnel.input("input " + i));
        }
        for (int i : new int[] {3, 0, 4, 2, 1}) {
            for (int job = 9; job >= 0; job--) {
                inputs.get(i).put(job, i + "/" + job);
            }
        }
        List<Joined<Integer>> ready = ready(funnel);
        assertThat(ready).extracting(Joined::jobId).containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        assertThat(ready.get(2).values()).containsExactly("0/7", "1/7", "2/7", "3/7", "4/7");
    }

    @Test
    void shouldJoinAtOnceWhereThereIsOneInput() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, String> only = funnel.input("only");
        IntStream.range(0, 3).forEach(i -> only.put(i, "x" + i));
        assertThat(readyIds(funnel)).containsExactly(0, 1, 2);
        assertThat(funnel.pendingJobs()).isZero();
    }

    @Test
    void shouldBeginAnewWithAnIdThatWasJoinedBefore() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        for (String round : List.of("1", "2", "3")) {
            a.put(5, "a" + round);
            b.put(5, "b" + round);
        }
        assertThat(ready(funnel))
                .extracting(Joined::values)
                .containsExactly(List.of("a1", "b1"), List.of("a2", "b2"), List.of("a3", "b3"));
        assertThat(funnel.pendingJobs()).isZero();
    }

    @Test
    void shouldLetTheLastOfSeveralValuesWin() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "first");
        a.put(1, "last");
        b.put(1, "b");
        assertThat(funnel.take().get(a)).isEqualTo("last");
    }

    @Test
    void shouldRefuseASecondValueIfToldSo() throws InterruptedException {
        Funnel<Integer> funnel = builder().duplicates(Duplicates.FAIL).build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "first");
        assertThatThrownBy(() -> a.put(1, "last"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("job 1 has a value from input \"a\" already");
        b.put(1, "b");
        assertThat(funnel.take().values()).containsExactly("first", "b");
    }

    @Test
    void shouldRaiseWhatPendingJobsWaitForWithALateInput() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a1");
        Funnel.Input<Integer, String> late = funnel.input("late");
        b.put(1, "b1");
        assertThat(funnel.readyJobs()).isZero();
        late.put(1, "late1");
        assertThat(funnel.take().values()).containsExactly("a1", "b1", "late1");
    }

    @Test
    void shouldLeavePendingJobsAsTheyAreIfALateInputIsForNewOnes() throws InterruptedException {
        Funnel<Integer> funnel = builder().lateInputs(LateInputs.NEW_JOBS_ONLY).build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a1");
        a.put(2, "a2");
        Funnel.Input<Integer, String> late = funnel.input("late");
        late.put(2, "late2");
        a.put(3, "a3");
        b.put(1, "b1");
        b.put(2, "b2");
        b.put(3, "b3");

        List<Joined<Integer>> ready = ready(funnel);
        assertThat(ready).extracting(Joined::values).containsExactly(List.of("a1", "b1"), List.of("a2", "b2", "late2"));
        assertThat(ready.get(0).find(late)).isEmpty();
        assertThat(ready.get(1).find(late)).contains("late2");
        assertThatThrownBy(() -> ready.get(0).get(late))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("job 1 has no value from input \"late\"");
        assertThat(funnel.pendingJobs()).isEqualTo(1);
        late.put(3, "late3");
        assertThat(funnel.take().values()).containsExactly("a3", "b3", "late3");
    }

    @Test
    void shouldRefuseALateInputIfToldSo() {
        Funnel<Integer> funnel = builder().lateInputs(LateInputs.REFUSE).build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a1");
        assertThatThrownBy(() -> funnel.input("late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("test has begun and refuses input \"late\"");
        b.put(1, "b1");
        assertThat(funnel.readyJobs()).isEqualTo(1);
    }

    @Test
    void shouldJoinWhatWaitedOnlyForAnInputThatLeaves() throws InterruptedException {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        Funnel.Input<Integer, String> c = funnel.input("c");
        a.put(1, "a1");
        b.put(1, "b1");
        c.put(2, "c2");
        a.put(2, "a2");
        c.leave();
        c.leave();

        Joined<Integer> first = funnel.take();
        assertThat(first.values()).containsExactly("a1", "b1");
        assertThat(first.find(c)).isEmpty();
        b.put(2, "b2");
        assertThat(funnel.take().values()).as("what it has put stays").containsExactly("a2", "b2", "c2");
        assertThatThrownBy(() -> c.put(3, "c3"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("input \"c\" has left");
        a.put(3, "a3");
        b.put(3, "b3");
        assertThat(funnel.take().values()).containsExactly("a3", "b3");
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldLetInputsComeAndGoForEverWithoutGrowing() throws InterruptedException {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, Integer> stays = funnel.input("stays");
        for (int i = 0; i < 1_000; i++) {
            Funnel.Input<Integer, Integer> comes = funnel.input("comes");
            stays.put(i, i);
            comes.put(i, -i);
            comes.leave();
            assertThat(funnel.take().values()).containsExactly(i, -i);
        }
        assertThat(funnel.pendingJobs()).isZero();
    }

    @Test
    void shouldDiscardAValueThatComesAfterItsJobIfIdsAreRemembered() throws InterruptedException {
        Funnel<Integer> funnel = builder().rememberJoined(10).build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        for (int i = 0; i < 10; i++) {
            a.put(i, "a");
            b.put(i, "b");
        }
        for (int i = 0; i < 10; i++) {
            b.put(i, "again");
        }
        assertThat(funnel.pendingJobs()).isZero();
        assertThat(discarded).hasSize(10).startsWith("LATE 0 [again]");
        assertThat(readyIds(funnel)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void shouldForgetRememberedIdsInTime() {
        Funnel<Integer> funnel = builder().rememberJoined(10).build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        for (int i = 0; i < 100; i++) {
            a.put(i, "a");
            b.put(i, "b");
        }
        a.put(0, "anew");
        assertThat(funnel.pendingJobs()).isEqualTo(1);
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldRefuseALateValueIfDuplicatesFail() {
        Funnel<Integer> funnel =
                builder().rememberJoined(10).duplicates(Duplicates.FAIL).build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a");
        b.put(1, "b");
        assertThatThrownBy(() -> b.put(1, "again"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("job 1 has been joined already");
        assertThat(discarded).isEmpty();
    }

    @Test
    void shouldSayWhatItHolds() {
        Funnel<Integer> funnel = builder().build();
        Funnel.Input<Integer, String> a = funnel.input("a");
        Funnel.Input<Integer, String> b = funnel.input("b");
        a.put(1, "a");
        b.put(1, "b");
        a.put(2, "a");
        assertThat(funnel).hasToString("test[1 pending, 1 ready]");
        assertThat(funnel.name()).isEqualTo("test");
        assertThat(a).hasToString("input \"a\"");
        assertThat(Funnel.create().name()).startsWith("funnel-");
    }
}
