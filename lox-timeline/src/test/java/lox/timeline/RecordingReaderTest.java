package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import lox.sync.event.TaskEnd;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings are made here, of events with the names and fields of those of lox-sync. */
class RecordingReaderTest {
    @TempDir
    Path folder = Path.of("");

    @Name("lox.Task")
    @StackTrace(false)
    static class TaskOfLox extends Event {
        String workers = "w";
        String function = "Pages.fetch";
        long batch = 5;
        long index;
        int attempt = 1;

        @Nullable
        String worker = "w-1";

        String end = "SUCCEEDED";

        @Timespan
        long waited = 1_000;

        int tasks = 1;
    }

    @Name("lox.Worker")
    @StackTrace(false)
    static class WorkerOfLox extends Event {
        String workers = "w";
        String worker = "w-1";
        long pid = 4711;
        String end = "CRASHED";
    }

    @Name("lox.Task")
    @StackTrace(false)
    static class TaskOfAnotherVersion extends Event {
        String function = "f";
    }

    private Path recorded(Runnable events, Class<?>... types) throws IOException {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            for (Class<?> type : types) {
                recording.enable(type.asSubclass(Event.class)).withoutThreshold();
            }
            recording.start();
            events.run();
            recording.stop();
            recording.dump(file);
        }
        return file;
    }

    private Path run() throws IOException {
        return recorded(
                () -> {
                    WorkerOfLox worker = new WorkerOfLox();
                    worker.begin();
                    for (int i = 0; i < 3; i++) {
                        TaskOfLox task = new TaskOfLox();
                        task.index = i;
                        task.end = i == 2 ? "TIMED_OUT" : "SUCCEEDED";
                        task.waited = i == 1 ? Long.MIN_VALUE : 1_000L * i;
                        task.tasks = i == 0 ? 4 : 1;
                        task.begin();
                        task.commit();
                    }
                    worker.commit();
                },
                TaskOfLox.class,
                WorkerOfLox.class);
    }

    @Test
    void shouldTakeTheThreadForAWorkerWhoseNameIsLost() throws Exception {
        Path file = recorded(
                () -> {
                    TaskOfLox task = new TaskOfLox();
                    task.worker = null;
                    task.begin();
                    task.commit();
                },
                TaskOfLox.class);
        assertThat(Timeline.read(file).run().attempts())
                .singleElement()
                .extracting(Attempt::worker)
                .isEqualTo(Thread.currentThread().getName());
    }

    private void task(String worker, String end) {
        TaskOfLox task = new TaskOfLox();
        task.worker = worker;
        task.end = end;
        task.begin();
        task.commit();
    }

    private static void join(Thread thread) {
        try {
            thread.join(Patience.LIMIT.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A recording of a lox that left the name of a virtual thread empty. */
    @Test
    void shouldNotTakeATaskOfAThreadWithoutANameForOneThatWasDropped() throws Exception {
        Path file = recorded(
                () -> {
                    Thread nameless = new Thread(null, () -> task("", "SUCCEEDED"), "");
                    nameless.start();
                    join(nameless);
                    task("", "DROPPED");
                },
                TaskOfLox.class);
        Run run = Timeline.read(file).run();
        assertThat(run.attempts()).singleElement().extracting(Attempt::worker).isEqualTo("unnamed");
        assertThat(run.dropped()).singleElement().extracting(Attempt::end).isEqualTo(TaskEnd.DROPPED);
    }

    /** In a file the events of a thread come when its buffer was full. */
    @Test
    void shouldKeepExactlyThoseThatEndedLastInWhateverOrderTheFileHasThem() throws Exception {
        Path file = recorded(
                () -> {
                    List<TaskOfLox> tasks = new ArrayList<>();
                    for (int i = 0; i < 3_000; i++) {
                        TaskOfLox task = new TaskOfLox();
                        task.index = i;
                        task.tasks = 1 + i % 3;
                        task.begin();
                        task.end();
                        tasks.add(task);
                    }
                    Collections.reverse(tasks);
                    tasks.forEach(TaskOfLox::commit);
                },
                TaskOfLox.class);
        List<Long> ends = ends(Timeline.read(file).run());
        assertThat(ends).hasSize(3_000);
        for (int limit : new int[] {1, 100, 1_024, 2_999}) {
            Run run = Timeline.read(file, limit).run();
            assertThat(ends(run)).isEqualTo(ends.subList(3_000 - limit, 3_000));
            assertThat(run.tasks() + run.letGo()).isEqualTo(6_000);
        }
        assertThat(Timeline.read(file, 3_000).run().letGo()).isZero();
    }

    private static List<Long> ends(Run run) {
        return run.attempts().stream().map(Attempt::ended).sorted().toList();
    }

    @Test
    void shouldReadWhatWasRecorded() throws Exception {
        long before = System.currentTimeMillis();
        Run run = Timeline.read(run()).run();
        assertThat(run.attempts()).extracting(Attempt::index).containsExactly(0L, 1L, 2L);
        assertThat(run.attempts()).extracting(Attempt::waited).containsExactly(0L, -1L, 2_000L);
        assertThat(run.attempts()).extracting(Attempt::tasks).containsExactly(4, 1, 1);
        assertThat(run.attempts()).allSatisfy(attempt -> {
            assertThat(attempt.batch().id()).isEqualTo(5);
            assertThat(attempt.batch().function()).isEqualTo("Pages.fetch");
            assertThat(attempt.worker()).isEqualTo("w-1");
            assertThat(attempt.ran()).isNotNegative();
        });
        assertThat(run.tasks()).isEqualTo(6);
        assertThat(run.count(TaskEnd.TIMED_OUT)).isEqualTo(1);
        assertThat(run.crashes()).extracting(span -> span.worker().worker()).containsExactly("w-1");
        assertThat(run.lanes())
                .singleElement()
                .satisfies(lane -> assertThat(lane.busyNanos()).isNotNegative());
        // JFR's clock is not that of currentTimeMillis, and the day is what matters.
        assertThat(run.beganAtMillis()).isBetween(before - 60_000, before + 60_000);
    }

    @Test
    void shouldMakeAPageAndATraceOnTheCommandLine() throws Exception {
        Path recording = run();
        Path page = folder.resolve("page.html");
        Path trace = folder.resolve("trace.json");
        assertThat(status(recording.toString(), page.toString())).startsWith("0 " + page + ": 6 tasks on 1 worker in ");
        assertThat(status(recording.toString(), trace.toString()))
                .startsWith("0 " + trace + ": 6 tasks on 1 worker in ");
        assertThat(page).content().startsWith("<!doctype html>").contains("Pages.fetch");
        assertThat(Parsed.object(Files.readString(trace))).containsKey("traceEvents");
    }

    @Test
    void shouldNotWriteOverTheRecording() throws Exception {
        Path recording = run();
        byte[] before = Files.readAllBytes(recording);
        Path other = Files.createSymbolicLink(folder.resolve("link.html"), recording);
        Path hard = Files.createLink(folder.resolve("link.json"), recording);
        Path longer = folder.resolve("..").resolve(folder.getFileName()).resolve(recording.getFileName());
        for (Path picture : List.of(recording, other, hard, longer)) {
            assertThat(status(recording.toString(), picture.toString()))
                    .isEqualTo("2 " + picture + " is the recording: the picture needs another file\n");
            assertThat(recording).hasBinaryContent(before);
        }
        assertThat(status(other.toString(), recording.toString())).startsWith("2 ");
        assertThat(recording).hasBinaryContent(before);
    }

    @Test
    void shouldSayThatTheFileIsMissing() {
        Path missing = folder.resolve("missing.jfr");
        assertThat(status(missing.toString(), "page.html")).isEqualTo("2 " + missing + " does not exist\n");
        assertThat(status(folder.toString(), "page.html")).isEqualTo("2 " + folder + " is not a file\n");
    }

    @Test
    void shouldSayThatTheFileIsEmpty() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.jfr"));
        assertThat(status(empty.toString(), "page.html")).startsWith("2 " + empty + " is not a whole JFR recording");
    }

    @Test
    void shouldSayThatTheFileIsSomethingElse() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.jfr"), "This is not a recording. ".repeat(100));
        assertThat(status(text.toString(), "page.html")).startsWith("2 " + text + " is not a whole JFR recording");
    }

    @Test
    void shouldSayThatTheFileIsTruncatedWhereverItIsCut() throws Exception {
        byte[] whole = Files.readAllBytes(run());
        Path cut = folder.resolve("cut.jfr");
        for (int part = 1; part < 8; part++) {
            Files.write(cut, Arrays.copyOf(whole, whole.length * part / 8));
            assertThatThrownBy(() -> Timeline.read(cut))
                    .as("%d/8 of the file", part)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(cut + " is not a whole JFR recording");
        }
    }

    @Test
    void shouldSayThatThereIsNothingOfLox() throws Exception {
        Path other = recorded(() -> {});
        assertThat(status(other.toString(), "page.html"))
                .isEqualTo("2 " + other + " has no lox.Task and no lox.Worker events: they have to be switched on"
                        + " where it is recorded\n");
    }

    @Test
    void shouldSayThatTheEventsAreOfAnotherVersion() throws Exception {
        Path other = recorded(() -> new TaskOfAnotherVersion().commit(), TaskOfAnotherVersion.class);
        assertThatThrownBy(() -> Timeline.read(other))
                .isInstanceOf(IOException.class)
                .hasMessage(other + " has a lox.Task event with no number batch: it is of another version of lox");
        Path unknown = recorded(
                () -> {
                    TaskOfLox task = new TaskOfLox();
                    task.end = "EVAPORATED";
                    task.commit();
                },
                TaskOfLox.class);
        assertThatThrownBy(() -> Timeline.read(unknown)).hasMessageContaining("an end named EVAPORATED");
    }

    @Test
    void shouldSayThatThePictureCannotBeWritten() throws Exception {
        Path nowhere = folder.resolve("missing").resolve("page.html");
        assertThat(status(run().toString(), nowhere.toString())).startsWith("2 " + nowhere + " cannot be written: ");
    }

    @Test
    void shouldSayHowItIsUsed() {
        assertThat(status()).isEqualTo("2 usage: lox.timeline.Main recording.jfr timeline.html|trace.json\n");
        assertThat(status("a", "b", "c")).startsWith("2 usage");
        assertThat(status("\0", "page.html")).startsWith("2 ").contains("\0");
    }

    /** The exit code, and what is printed on either stream. */
    private static String status(String... args) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int status = Main.run(out, out, args);
        return status + " " + bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
