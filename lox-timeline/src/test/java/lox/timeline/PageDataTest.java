package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import lox.sync.event.TaskEnd;
import org.junit.jupiter.api.Test;

/** The columns that {@code data.js} decodes. */
class PageDataTest {
    private static Map<String, Object> data(Timeline timeline) throws IOException {
        StringWriter out = new StringWriter();
        PageData.write(timeline.run(), out);
        return Parsed.object(out.toString());
    }

    private static Object column(Map<String, Object> data, String name) {
        return Parsed.get(Parsed.object(Parsed.get(data, "attempts")), name);
    }

    @Test
    void shouldWriteColumnsByDifferencesAndRuns() throws Exception {
        SampleRun run = new SampleRun();
        run.task(SampleRun.batch(7, "w", "f"), 0, "w-1", 1, 2, 1, TaskEnd.SUCCEEDED)
                .task(SampleRun.batch(7, "w", "f"), 1, "w-2", 2, 4, 2, TaskEnd.FAILED)
                .task(SampleRun.batch(9, "w", "g"), 0, 3, "w-1", 3, 1, -1, TaskEnd.SUCCEEDED)
                .task(SampleRun.batch(7, "w", "f"), 2, "w-1", 5, 1, 5, TaskEnd.SUCCEEDED);
        Map<String, Object> data = data(run.timeline());
        assertThat(data).containsEntry("tickNanos", 1L).containsEntry("ticks", 6_000_000L);
        assertThat(column(data, "startDelta")).isEqualTo(List.of(1_000_000L, 1_000_000L, 1_000_000L, 2_000_000L));
        assertThat(column(data, "ran")).isEqualTo(List.of(2_000_000L, 4_000_000L, 1_000_000L, 1_000_000L));
        assertThat(column(data, "scatteredDelta"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactly(0L, 0L, null, 0L);
        assertThat(column(data, "row")).isEqualTo(List.of(0L, 1L, 0L, 0L));
        assertThat(column(data, "indexDeltaInBatch")).isEqualTo(List.of(0L, 1L, 0L, 1L));
        assertThat(column(data, "batchRuns")).isEqualTo(List.of(0L, 2L, 1L, 1L, 0L, 1L));
        assertThat(column(data, "attemptRuns")).isEqualTo(List.of(1L, 2L, 3L, 1L, 1L, 1L));
        assertThat(column(data, "tasksRuns")).isEqualTo(List.of(1L, 4L));
        assertThat(Parsed.object(Parsed.get(data, "batches")))
                .containsEntry("idDelta", List.of(7L, 2L))
                .containsEntry("functionRuns", List.of(0L, 1L, 1L, 1L));
    }

    /** Two that touch each other do so in ticks, too, whatever a tick is. */
    @Test
    void shouldNotLetAttemptsOverlapByRounding() throws Exception {
        SampleRun run = new SampleRun();
        double start = 0;
        for (int i = 0; i < 1_000; i++) {
            double ran = 700 + i * 0.123_457;
            run.task(SampleRun.batch(1, "w", "f"), i, "w-1", start, ran, 0, TaskEnd.SUCCEEDED);
            start += ran;
        }
        Map<String, Object> data = data(run.timeline());
        assertThat(data).containsEntry("tickNanos", 10_000L);
        List<?> starts = (List<?>) column(data, "startDelta");
        List<?> ran = (List<?>) column(data, "ran");
        for (int i = 1; i < starts.size(); i++) {
            assertThat((long) starts.get(i)).isGreaterThanOrEqualTo((long) ran.get(i - 1));
        }
    }

    @Test
    void shouldTellOfAProcessThatCrashed() throws Exception {
        Map<String, Object> data = data(SampleRun.withCrash());
        long tick = (long) Parsed.get(data, "tickNanos");
        Map<String, Object> lane = Parsed.objects(Parsed.get(data, "lanes")).get(1);
        assertThat(lane).containsEntry("worker", "strips-2");
        assertThat(Parsed.objects(Parsed.get(lane, "processes"))).hasSize(1);
        Map<String, Object> process =
                Parsed.objects(Parsed.get(lane, "processes")).get(0);
        assertThat(process)
                .containsEntry("pid", 4712L)
                .containsEntry("started", 0L) // before the first scatter
                .containsEntry("end", "CRASHED");
        assertThat((long) Parsed.get(process, "ended")).isGreaterThanOrEqualTo(82_000_000L / tick);
        assertThat(Parsed.get(Parsed.object(Parsed.get(data, "dropped")), "startDelta"))
                .isEqualTo(List.of(139_000_000L / tick));
    }

    @Test
    void shouldTellOfEachProcessOfALane() throws Exception {
        Map<String, Object> data = data(SampleRun.withTwoOfOneName().timeline());
        List<Map<String, Object>> lanes = Parsed.objects(Parsed.get(data, "lanes"));
        assertThat(lanes).hasSize(1);
        assertThat(lanes.get(0)).containsEntry("busy", 0.75);
        assertThat(Parsed.objects(Parsed.get(lanes.get(0), "processes")))
                .extracting(process -> process.get("pid"), process -> process.get("end"))
                .containsExactly(tuple(4711L, "CRASHED"), tuple(4712L, "CRASHED"));
    }
}
