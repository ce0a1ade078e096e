package lox.timeline;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;

/**
 * A run as the data of its page: JSON with a column for each property of the attempts. {@code timeline.js} reads it.
 *
 * <p>Times are counted in ticks from the run's beginning. A tick is the power of ten, in nanoseconds, by which the run
 * has at most 100 million: finer than what a screen can show of it. Columns named {@code …Delta} hold what is to be
 * added to the value before, columns named {@code …Runs} pairs of a value and how often it follows.
 */
final class PageData {
    private static final long MOST_TICKS = 100_000_000;
    private static final List<TaskEnd> ENDS = List.of(TaskEnd.values());

    private final Run run;
    private final JsonGenerator json;
    private final long tick;
    private final Map<BatchEvent, Integer> batches = new LinkedHashMap<>();

    private PageData(Run run, JsonGenerator json) {
        this.run = run;
        this.json = json;
        long power = 1;
        while (run.wallNanos() / power > MOST_TICKS) {
            power *= 10;
        }
        this.tick = power;
        run.attempts().forEach(attempt -> batches.putIfAbsent(attempt.batch(), batches.size()));
    }

    static void write(Run run, Writer out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            new PageData(run, json).write();
        }
    }

    private void write() throws IOException {
        json.writeStartObject();
        json.writeNumberField("tickNanos", tick);
        json.writeNumberField("beganAtMillis", run.beganAtMillis());
        json.writeNumberField("ticks", ticks(run.until()));
        json.writeNumberField("tasks", run.tasks());
        json.writeNumberField("withoutResult", run.withoutResult());
        json.writeNumberField("letGo", run.letGo());
        json.writeNumberField("busy", Math.round(run.busy() * 1_000) / 1_000.0);
        json.writeArrayFieldStart("ends");
        for (TaskEnd end : ENDS) {
            json.writeString(Summary.name(end));
        }
        json.writeEndArray();
        writeFunctions();
        writeLanes();
        writeBatches();
        writeAttempts();
        writeDropped();
        json.writeEndObject();
    }

    private void writeFunctions() throws IOException {
        json.writeArrayFieldStart("functions");
        for (FunctionFigures function : run.functions()) {
            json.writeStartObject();
            json.writeStringField("workers", function.workers());
            json.writeStringField("function", function.function());
            json.writeArrayFieldStart("ends");
            for (TaskEnd end : ENDS) {
                json.writeNumber(function.ends().getOrDefault(end, 0));
            }
            json.writeEndArray();
            json.writeNumberField("medianRunNanos", function.medianRun());
            json.writeNumberField("longestRunNanos", function.longestRun());
            json.writeNumberField("medianWaitNanos", function.medianWait());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeLanes() throws IOException {
        json.writeArrayFieldStart("lanes");
        for (Lane lane : run.lanes()) {
            json.writeStartObject();
            json.writeStringField("workers", lane.workers());
            json.writeStringField("worker", lane.worker());
            json.writeNumberField("rows", lane.rows());
            double present = Math.max(lane.busyNanos(), lane.presentNanos(run.from(), run.until()));
            json.writeNumberField("busy", present == 0 ? 0 : Math.round(lane.busyNanos() / present * 1_000) / 1_000.0);
            json.writeArrayFieldStart("processes");
            for (WorkerSpan span : lane.spans()) {
                writeProcess(span);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeProcess(WorkerSpan span) throws IOException {
        json.writeStartObject();
        json.writeNumberField("pid", span.worker().pid());
        json.writeNumberField("started", ticks(Math.max(span.started(), run.from())));
        if (span.end() != null) {
            json.writeNumberField("ended", ticks(Math.min(span.ended(), run.until())));
            json.writeStringField("end", span.end().name());
        }
        json.writeEndObject();
    }

    private void writeBatches() throws IOException {
        json.writeObjectFieldStart("batches");
        List<BatchEvent> all = List.copyOf(batches.keySet());
        writeDeltas("idDelta", all, BatchEvent::id);
        Map<FunctionKey, Integer> functions = new HashMap<>();
        for (FunctionFigures function : run.functions()) {
            functions.put(new FunctionKey(function.workers(), function.function()), functions.size());
        }
        writeRuns(
                "functionRuns",
                all,
                batch -> Objects.requireNonNull(functions.get(new FunctionKey(batch.workers(), batch.function()))));
        json.writeEndObject();
    }

    private record FunctionKey(String workers, String function) {}

    private void writeAttempts() throws IOException {
        List<Attempt> attempts = run.attempts();
        json.writeObjectFieldStart("attempts");
        writeDeltas("startDelta", attempts, attempt -> ticks(attempt.started()));
        // Rounded down at both ends, what did not overlap does not do so now.
        writeEach("ran", attempts, attempt -> ticks(attempt.ended()) - ticks(attempt.started()));
        writeScattered(attempts);
        json.writeArrayFieldStart("row");
        for (int i = 0; i < attempts.size(); i++) {
            json.writeNumber(run.row(i));
        }
        json.writeEndArray();
        Map<BatchEvent, Long> last = new HashMap<>();
        writeEach("indexDeltaInBatch", attempts, attempt -> {
            Long before = last.put(attempt.batch(), attempt.index());
            return attempt.index() - (before == null ? 0 : before);
        });
        writeRuns("batchRuns", attempts, attempt -> Objects.requireNonNull(batches.get(attempt.batch())));
        writeRuns("attemptRuns", attempts, Attempt::attempt);
        writeRuns("tasksRuns", attempts, Attempt::tasks);
        writeRuns("endRuns", attempts, attempt -> ENDS.indexOf(attempt.end()));
        json.writeEndObject();
    }

    private void writeDropped() throws IOException {
        List<Attempt> dropped =
                run.dropped().stream().filter(Attempt::isWaitKnown).toList();
        json.writeObjectFieldStart("dropped");
        writeDeltas("startDelta", dropped, attempt -> ticks(attempt.started()));
        writeScattered(dropped);
        json.writeEndObject();
    }

    /** When they were scattered; null where that is not known. */
    private void writeScattered(List<Attempt> attempts) throws IOException {
        json.writeArrayFieldStart("scatteredDelta");
        long before = 0;
        for (Attempt attempt : attempts) {
            if (attempt.isWaitKnown()) {
                long now = ticks(attempt.scattered());
                json.writeNumber(now - before);
                before = now;
            } else {
                json.writeNull();
            }
        }
        json.writeEndArray();
    }

    private long ticks(long nanos) {
        return (nanos - run.from()) / tick;
    }

    private <T> void writeEach(String name, List<T> rows, ToLongFunction<T> column) throws IOException {
        json.writeArrayFieldStart(name);
        for (T row : rows) {
            json.writeNumber(column.applyAsLong(row));
        }
        json.writeEndArray();
    }

    private <T> void writeDeltas(String name, List<T> rows, ToLongFunction<T> column) throws IOException {
        json.writeArrayFieldStart(name);
        long before = 0;
        for (T row : rows) {
            long value = column.applyAsLong(row);
            json.writeNumber(value - before);
            before = value;
        }
        json.writeEndArray();
    }

    private <T> void writeRuns(String name, List<T> rows, ToLongFunction<T> column) throws IOException {
        json.writeArrayFieldStart(name);
        int from = 0;
        while (from < rows.size()) {
            long value = column.applyAsLong(rows.get(from));
            int to = from + 1;
            while (to < rows.size() && column.applyAsLong(rows.get(to)) == value) {
                to++;
            }
            json.writeNumber(value);
            json.writeNumber(to - from);
            from = to;
        }
        json.writeEndArray();
    }
}
