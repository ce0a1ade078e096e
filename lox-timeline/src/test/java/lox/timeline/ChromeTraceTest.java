package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lox.sync.event.TaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChromeTraceTest {
    @TempDir
    Path folder = Path.of("");

    private List<Map<String, Object>> events(Timeline timeline) throws Exception {
        Path file = folder.resolve("trace.json");
        timeline.writeTrace(file);
        return Parsed.objects(Parsed.get(Parsed.object(Files.readString(file)), "traceEvents"));
    }

    private static Stream<Map<String, Object>> of(List<Map<String, Object>> events, String phase) {
        return events.stream().filter(event -> Parsed.get(event, "ph").equals(phase));
    }

    @Test
    void shouldWriteACompleteEventForEachAttempt() throws Exception {
        SampleRun run = new SampleRun();
        run.task(SampleRun.batch(3, "w", "Pages.fetch"), 12, 2, "w-1", 1.5, 2.000_25, 1.5, TaskEnd.TIMED_OUT);
        List<Map<String, Object>> events = events(run.timeline());
        assertThat(of(events, "X")).singleElement().satisfies(event -> {
            assertThat(event)
                    .containsEntry("name", "Pages.fetch")
                    .containsEntry("cat", "timed out")
                    .containsEntry("pid", 1L)
                    .containsEntry("tid", 1L)
                    .containsEntry("ts", 1_500.0)
                    .containsEntry("dur", 2_000.25);
            assertThat(Parsed.object(Parsed.get(event, "args")))
                    .containsEntry("index", 12L)
                    .containsEntry("batch", 3L)
                    .containsEntry("attempt", 2L)
                    .containsEntry("end", "timed out")
                    .containsEntry("waited", "1.50 ms");
        });
    }

    @Test
    void shouldNameWorkersAndTheirThreads() throws Exception {
        List<Map<String, Object>> events = events(SampleRun.withCrash());
        assertThat(of(events, "M")
                        .filter(event -> Parsed.get(event, "name").equals("process_name"))
                        .map(event -> Parsed.get(Parsed.object(Parsed.get(event, "args")), "name")))
                .containsExactly("strips", "workers-1");
        assertThat(of(events, "M")
                        .filter(event -> Parsed.get(event, "name").equals("thread_name"))
                        .map(event -> Parsed.get(Parsed.object(Parsed.get(event, "args")), "name")))
                .containsExactly("strips-1", "strips-2", "workers-1-1 (1)", "workers-1-1 (2)", "workers-1-2");
    }

    @Test
    void shouldMarkACrash() throws Exception {
        List<Map<String, Object>> events = events(SampleRun.withCrash());
        assertThat(of(events, "i"))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .containsEntry("name", "crashed")
                        .containsEntry("tid", 2L)
                        .containsEntry("args", Map.of("pid", 4712L)));
    }

    @Test
    void shouldCountWhatWaitsForEachWorkers() throws Exception {
        List<Map<String, Object>> events = events(SampleRun.withCrash());
        Map<Object, Long> last = new HashMap<>();
        Map<Object, Long> greatest = new HashMap<>();
        of(events, "C").forEach(event -> {
            long depth = (long) Parsed.get(Parsed.object(Parsed.get(event, "args")), "tasks");
            last.put(Parsed.get(event, "pid"), depth);
            greatest.merge(Parsed.get(event, "pid"), depth, Math::max);
        });
        assertThat(last).isEqualTo(Map.of(1L, 0L, 3L, 0L));
        assertThat(greatest).isEqualTo(Map.of(1L, 8L, 3L, 4L));
    }

    /** Else Perfetto adds a main thread without a name. */
    @Test
    void shouldGiveAProcessTheNumberOfItsFirstThread() throws Exception {
        SampleRun run = new SampleRun();
        run.task(SampleRun.batch(1, "a", "f"), 0, "a-1", 0, 5, 0, TaskEnd.SUCCEEDED);
        run.task(SampleRun.batch(1, "a", "f"), 1, "a-1", 1, 5, 0, TaskEnd.SUCCEEDED);
        run.task(SampleRun.batch(2, "b", "f"), 0, "b-1", 0, 5, 0, TaskEnd.SUCCEEDED);
        run.task(SampleRun.batch(3, "c", "f"), 0, "", 3, 0, 1, TaskEnd.CANCELLED);
        run.task(SampleRun.batch(4, "d", "f"), 0, "", 3, 0, 1, TaskEnd.CANCELLED);
        List<Map<String, Object>> events = events(run.timeline());
        assertThat(of(events, "M")
                        .filter(event -> Parsed.get(event, "name").equals("thread_name"))
                        .map(event -> List.of(Parsed.get(event, "pid"), Parsed.get(event, "tid"))))
                .containsExactly(List.of(1L, 1L), List.of(1L, 2L), List.of(3L, 3L));
        assertThat(of(events, "M")
                        .filter(event -> Parsed.get(event, "name").equals("process_name"))
                        .map(event -> Parsed.get(event, "pid")))
                .startsWith(1L, 3L)
                .hasSize(4)
                .doesNotHaveDuplicates()
                .doesNotContain(2L);
    }

    @Test
    void shouldMarkEachCrashOfALane() throws Exception {
        List<Map<String, Object>> events = events(SampleRun.withTwoOfOneName().timeline());
        assertThat(of(events, "i").map(event -> Parsed.get(event, "ts"))).containsExactly(10_000.0, 40_000.0);
    }

    /** Viewers take what overlaps on one thread for nested calls. */
    @Test
    void shouldNotLetEventsOfOneThreadOverlap() throws Exception {
        SampleRun run = new SampleRun();
        for (int i = 0; i < 200; i++) {
            run.task(SampleRun.batch(1, "w", "f"), i, "w-1", i, 1 + i % 17, 0, TaskEnd.SUCCEEDED);
        }
        Map<Object, Double> ends = new HashMap<>();
        of(events(run.timeline()), "X").forEach(event -> {
            double start = ((Number) Parsed.get(event, "ts")).doubleValue();
            assertThat(ends.getOrDefault(Parsed.get(event, "tid"), 0.0)).isLessThanOrEqualTo(start);
            ends.put(Parsed.get(event, "tid"), start + ((Number) Parsed.get(event, "dur")).doubleValue());
        });
        assertThat(ends).hasSizeBetween(9, 17);
    }
}
