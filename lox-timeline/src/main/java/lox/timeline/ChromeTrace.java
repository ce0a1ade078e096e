package lox.timeline;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run in the trace event format of Chrome, which Perfetto reads: the {@code Workers} are its processes, the rows of
 * lanes its threads, the attempts its complete events. Times are microseconds from the run's beginning, with three
 * decimals.
 */
final class ChromeTrace {
    private final Run run;
    private final JsonGenerator json;
    /**
     * The numbers of the Workers by their names: trace viewers want numbers. A process has the number of its first
     * thread, as on Linux: Perfetto takes that one for its main thread, and would add one without a name.
     */
    private final Map<String, Integer> workers = new LinkedHashMap<>();

    private ChromeTrace(Run run, JsonGenerator json) {
        this.run = run;
        this.json = json;
        int rows = 0;
        for (Lane lane : run.lanes()) {
            workers.putIfAbsent(lane.workers(), thread(lane.firstRow()));
            rows += lane.rows();
        }
        for (Attempt attempt : run.dropped()) {
            workers.putIfAbsent(attempt.batch().workers(), thread(rows + workers.size()));
        }
    }

    static void write(Run run, Writer out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            new ChromeTrace(run, json).write();
        }
    }

    private void write() throws IOException {
        json.writeStartObject();
        json.writeStringField("displayTimeUnit", "ms");
        json.writeObjectFieldStart("otherData");
        json.writeStringField("summary", Summary.of(run));
        json.writeNumberField("beganAtMillis", run.beganAtMillis());
        json.writeEndObject();
        json.writeArrayFieldStart("traceEvents");
        writeNames();
        writeAttempts();
        writeCrashes();
        writeQueues();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeNames() throws IOException {
        for (Map.Entry<String, Integer> entry : workers.entrySet()) {
            json.writeStartObject();
            writeHead("M", "process_name", entry.getValue());
            json.writeObjectFieldStart("args");
            json.writeStringField("name", entry.getKey());
            json.writeEndObject();
            json.writeEndObject();
        }
        for (Lane lane : run.lanes()) {
            for (int row = 0; row < lane.rows(); row++) {
                String name = lane.worker() + (lane.rows() > 1 ? " (" + (row + 1) + ")" : "");
                writeThread("thread_name", lane, row, "name", name);
                writeThread("thread_sort_index", lane, row, "sort_index", lane.firstRow() + row);
            }
        }
    }

    private void writeThread(String event, Lane lane, int row, String key, Object value) throws IOException {
        json.writeStartObject();
        writeHead("M", event, workersNumber(lane));
        json.writeNumberField("tid", thread(lane.firstRow() + row));
        json.writeObjectFieldStart("args");
        json.writeFieldName(key);
        if (value instanceof Integer number) {
            json.writeNumber(number);
        } else {
            json.writeString(value.toString());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeAttempts() throws IOException {
        List<Attempt> attempts = run.attempts();
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            json.writeStartObject();
            writeHead(
                    "X",
                    attempt.batch().function(),
                    workersNumber(attempt.batch().workers()));
            json.writeStringField("cat", Summary.name(attempt.end()));
            json.writeNumberField("tid", thread(run.row(i)));
            json.writeNumberField("ts", micros(attempt.started() - run.from()));
            json.writeNumberField("dur", micros(attempt.ran()));
            json.writeObjectFieldStart("args");
            json.writeNumberField("index", attempt.index());
            json.writeNumberField("batch", attempt.batch().id());
            json.writeNumberField("attempt", attempt.attempt());
            if (attempt.tasks() > 1) {
                json.writeNumberField("tasks", attempt.tasks());
            }
            json.writeStringField("end", Summary.name(attempt.end()));
            if (attempt.isWaitKnown()) {
                json.writeStringField("waited", Summary.time(attempt.waited()));
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private void writeCrashes() throws IOException {
        for (Lane lane : run.lanes()) {
            List<WorkerSpan> crashed =
                    lane.spans().stream().filter(WorkerSpan::hasCrashed).toList();
            for (WorkerSpan span : crashed) {
                json.writeStartObject();
                writeHead("i", "crashed", workersNumber(lane.workers()));
                json.writeStringField("s", "t");
                json.writeNumberField("tid", thread(lane.firstRow()));
                json.writeNumberField("ts", micros(span.ended() - run.from()));
                json.writeObjectFieldStart("args");
                json.writeNumberField("pid", span.worker().pid());
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    private void writeQueues() throws IOException {
        Map<String, List<Attempt>> byWorkers = new LinkedHashMap<>();
        for (Attempt attempt : run.all()) {
            byWorkers
                    .computeIfAbsent(attempt.batch().workers(), name -> new ArrayList<>())
                    .add(attempt);
        }
        for (Map.Entry<String, List<Attempt>> entry : byWorkers.entrySet()) {
            QueueDepth queue = QueueDepth.of(entry.getValue());
            for (int i = 0; i < queue.changes(); i++) {
                json.writeStartObject();
                writeHead("C", "queued", workersNumber(entry.getKey()));
                json.writeNumberField("ts", micros(queue.time(i) - run.from()));
                json.writeObjectFieldStart("args");
                json.writeNumberField("tasks", queue.depth(i));
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    private void writeHead(String phase, String name, int process) throws IOException {
        json.writeStringField("ph", phase);
        json.writeStringField("name", name);
        json.writeNumberField("pid", process);
    }

    private int workersNumber(Lane lane) {
        return workersNumber(lane.workers());
    }

    private int workersNumber(String name) {
        return workers.getOrDefault(name, 0);
    }

    /** Thread 0 means something else to some viewers. */
    private static int thread(int row) {
        return row + 1;
    }

    private static BigDecimal micros(long nanos) {
        return BigDecimal.valueOf(nanos, 3);
    }
}
