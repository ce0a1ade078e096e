package lox.timeline;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import org.jspecify.annotations.Nullable;

/**
 * A record of what workers did, and the picture of it: a lane for each worker, a bar for each attempt of a task. It is
 * filled as a {@link TaskListener} of live workers, or from a JFR recording.
 *
 * <pre>{@code
 * Timeline timeline = Timeline.create();
 * try (Workers workers = Workers.threads(8).listeners(timeline).build()) {
 *     Scatter<URI, String> fetch = Lox.on(workers, Pages::fetch);
 *     fetch.gather(uris);
 * }
 * timeline.writeHtml(Files.createTempFile("fetch", ".html"));
 * }</pre>
 *
 * <p>One timeline may listen to several workers: each has its own lanes, unless two have one name. It knows what
 * listeners are told: the names of workers and functions, numbers and times. It sees neither arguments nor results, so
 * a page has none of them.
 *
 * <p>Memory is bounded: it keeps the attempts that ended last, {@value #DEFAULT_LIMIT} of them unless another limit is
 * given, in about 48 bytes each, and the page says how many earlier ones it does not show. A task that still runs is
 * not in the picture yet. Reading a recording takes up to twice the limit, at about 70 bytes each.
 *
 * <p>Safe for use from many threads. The methods of the listener take no lock on the way of a task. Parameters must
 * not be null ({@link NullPointerException}).
 */
public final class Timeline implements TaskListener {
    /** How many attempts a timeline keeps unless told otherwise. */
    public static final int DEFAULT_LIMIT = 200_000;

    private final AttemptLog tasks;
    private final WorkerLog processes = new WorkerLog();
    /** What has to be added to a time of the events for nanoseconds since the epoch. */
    private final long epochNanos;

    private Timeline(AttemptLog tasks, long epochNanos) {
        this.tasks = tasks;
        this.epochNanos = epochNanos;
    }

    private static int checked(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, but is " + limit);
        }
        return limit;
    }

    /**
     * An empty timeline.
     *
     * @return one that keeps the last {@value #DEFAULT_LIMIT} attempts
     */
    public static Timeline create() {
        return create(DEFAULT_LIMIT);
    }

    /**
     * An empty timeline with a limit of its own.
     *
     * @param limit how many of the attempts that ended last it keeps, at least 1; up to 17,000 more may be kept
     * @return without attempts
     * @throws IllegalArgumentException if the limit is less than 1
     */
    public static Timeline create(int limit) {
        return new Timeline(new TaskLog(checked(limit)), nanosOf(Instant.now()) - System.nanoTime());
    }

    /**
     * A timeline with the {@code lox.Task} and {@code lox.Worker} events of a JFR recording, the last
     * {@value #DEFAULT_LIMIT} of them.
     *
     * @param recording a file that JFR has written to its end
     * @return with what the recording has
     * @throws IOException if the file cannot be read, is not a whole recording, or has no such events; the message
     *     names the file
     */
    public static Timeline read(Path recording) throws IOException {
        return read(recording, DEFAULT_LIMIT);
    }

    /**
     * A timeline with the events of a JFR recording, see {@link #read(Path)}.
     *
     * @param recording a file that JFR has written to its end
     * @param limit how many of the attempts that ended last it keeps, at least 1
     * @return with what the recording has
     * @throws IOException if the file cannot be read, is not a whole recording, or has no such events; the message
     *     names the file
     * @throws IllegalArgumentException if the limit is less than 1
     */
    public static Timeline read(Path recording, int limit) throws IOException {
        Objects.requireNonNull(recording, "recording");
        RecordedLog tasks = new RecordedLog(checked(limit));
        Timeline timeline = new Timeline(tasks, 0);
        new RecordingReader(recording, tasks, timeline.processes).read();
        return timeline;
    }

    /**
     * Writes the picture as one HTML page, which needs nothing else: no network and no other file. What has ended
     * before the call is in it; what ends meanwhile may be. An existing file is replaced once the new one is complete,
     * and keeps its permissions; if that fails it is untouched. Only what cannot be replaced so is written where it is:
     * a pipe, say, or a file of another owner, or in a folder that cannot be written.
     *
     * @param page where to
     * @throws IOException if the file cannot be written
     */
    public void writeHtml(Path page) throws IOException {
        Objects.requireNonNull(page, "page");
        write(page, HtmlPage::write);
    }

    /**
     * Writes the events in the format of Chrome's trace viewer, as JSON, for <a
     * href="https://ui.perfetto.dev">Perfetto</a> and other programs that read it. An existing file is replaced
     * as by {@link #writeHtml}.
     *
     * @param trace where to
     * @throws IOException if the file cannot be written
     */
    public void writeTrace(Path trace) throws IOException {
        Objects.requireNonNull(trace, "trace");
        write(trace, ChromeTrace::write);
    }

    @FunctionalInterface
    private interface Format {
        void write(Run run, Writer out) throws IOException;
    }

    private void write(Path file, Format format) throws IOException {
        Run run = run();
        WholeFile.write(file, out -> format.write(run, out));
    }

    Run run() {
        AttemptLog.Kept kept = tasks.kept();
        return new Run(kept.attempts(), processes.spans(), kept.letGo(), epochNanos);
    }

    @Override
    public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
        tasks.add(task, end, ranNanos);
    }

    @Override
    public void workerStarted(WorkerEvent worker) {
        processes.started(worker);
    }

    @Override
    public void workerEnded(WorkerEvent worker, WorkerEnd end) {
        workerEnded(worker, end, System.nanoTime());
    }

    void workerEnded(WorkerEvent worker, WorkerEnd end, long endedNanos) {
        processes.ended(worker, end, endedNanos);
    }

    /**
     * Says how many tasks there are and how they ended: {@code Timeline[48 tasks on 3 workers in 1.2 s, 1 crashed]}.
     */
    @Override
    public String toString() {
        return "Timeline[" + Summary.of(run()) + "]";
    }

    static long nanosOf(Instant instant) {
        return Math.addExact(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()), instant.getNano());
    }
}
