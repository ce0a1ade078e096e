package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two threads meet at one announcement: a put and somebody who leaves, two who leave, a put and the seal. */
@Tag("race")
class AnnouncementRaceTest {
    private Announcement<Integer> announcement = Announcement.create();
    private FlowRecorder<Integer> leaving = FlowRecorder.unbounded();
    private FlowRecorder<Integer> other = FlowRecorder.unbounded();
    private FlowRecorder<Integer> staying = FlowRecorder.unbounded();

    private FlowRecorder<Integer> coming = FlowRecorder.unbounded();

    /** A new announcement for three, of whom the first two ask for so many items. */
    private void begin(long demand) {
        announcement = Announcement.create();
        leaving = FlowRecorder.requesting(demand);
        other = FlowRecorder.requesting(demand);
        staying = FlowRecorder.unbounded();
        List.of(leaving, other, staying)
                .forEach(listener -> announcement.asPublisher().subscribe(listener));
    }

    private static List<Integer> numbers(int to) {
        return IntStream.range(0, to).boxed().toList();
    }

    @Test
    void shouldForgetBothWhenTwoLeaveAtOnce() throws Exception {
        Encounter.race(round -> begin(Long.MAX_VALUE), round -> leaving.cancel(), round -> other.cancel(), round -> {
            assertThat(announcement.subscriberCount()).isEqualTo(1);
            announcement.put(0);
            assertThat(staying.values()).containsExactly(0);
            assertThat(leaving.values()).isEmpty();
            assertThat(other.values()).isEmpty();
        });
    }

    @Test
    void shouldKeepOneWhoComesAsAnotherLeaves() throws Exception {
        Encounter.race(
                round -> begin(Long.MAX_VALUE),
                round -> leaving.cancel(),
                round -> {
                    coming = FlowRecorder.unbounded();
                    announcement.asPublisher().subscribe(coming);
                },
                round -> {
                    assertThat(announcement.subscriberCount()).isEqualTo(3);
                    announcement.put(0);
                    assertThat(leaving.values()).isEmpty();
                    for (FlowRecorder<Integer> each : List.of(other, staying, coming)) {
                        assertThat(each.values()).containsExactly(0);
                    }
                });
    }

    @Test
    void shouldBeSilentToWhoHasLeftDuringAPut() throws Exception {
        for (long demand : new long[] {2, Long.MAX_VALUE}) { // one that looks after itself, one that is shared
            Encounter.race(
                    round -> begin(demand),
                    round -> numbers(3).forEach(announcement::put),
                    round -> leaving.cancel(),
                    round -> {
                        List<Integer> before = List.copyOf(leaving.values());
                        assertThat(before).isEqualTo(numbers(before.size()));
                        leaving.request(10);
                        announcement.put(3);
                        assertThat(leaving.values()).isEqualTo(before);
                        assertThat(staying.values()).isEqualTo(numbers(4));
                        assertThat(announcement.subscriberCount()).isEqualTo(2);
                    });
        }
    }

    @Test
    void shouldTellOfTheEndWhoeverCameDuringAPutBeforeIt() throws Exception {
        Encounter.race(
                round -> begin(Long.MAX_VALUE),
                round -> {
                    try {
                        announcement.put(0);
                    } catch (IllegalStateException afterTheEnd) {
                        assertThat(afterTheEnd).hasMessageContaining("has ended");
                    }
                },
                round -> {
                    coming = FlowRecorder.unbounded();
                    announcement.asPublisher().subscribe(coming);
                    announcement.complete();
                },
                round -> {
                    for (FlowRecorder<Integer> each : List.of(leaving, other, staying, coming)) {
                        assertThat(each.completions()).isEqualTo(1);
                    }
                    assertThat(announcement.subscriberCount()).isZero();
                });
    }

    @Test
    void shouldStaySealedThoughTheBacklogMovesOn() throws Exception {
        Encounter.race(
                round -> {
                    announcement = Announcement.builder().backlog(2).build();
                    staying = FlowRecorder.unbounded();
                    announcement.asPublisher().subscribe(staying);
                    numbers(5).forEach(announcement::put);
                },
                round -> announcement.seal(),
                round -> announcement.put(5),
                round -> {
                    FlowRecorder<Integer> late = FlowRecorder.unbounded();
                    announcement.asPublisher().subscribe(late);
                    assertThat(late.failures())
                            .hasOnlyElementsOfType(AnnouncementSealedException.class)
                            .hasSize(1);
                    assertThat(late.values()).isEmpty();
                    announcement.put(6);
                    assertThat(staying.values()).isEqualTo(numbers(7));
                });
    }
}
