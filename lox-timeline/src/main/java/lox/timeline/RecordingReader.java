package lox.timeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import org.jspecify.annotations.Nullable;

/** Reads the events of lox in a JFR recording into the two logs. Times are nanoseconds since the epoch. */
final class RecordingReader {
    private static final String TASK = "lox.Task";
    private static final String WORKER = "lox.Worker";
    /** What lox names a thread without a name. */
    private static final String UNNAMED = "unnamed";

    private final Path file;
    private final RecordedLog tasks;
    private final WorkerLog processes;
    /** One object for equal ones: an event has strings of its own. */
    private final Map<Object, Object> same = new HashMap<>();

    RecordingReader(Path file, RecordedLog tasks, WorkerLog processes) {
        this.file = file;
        this.tasks = tasks;
        this.processes = processes;
    }

    void read() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + (Files.exists(file) ? " is not a file" : " does not exist"));
        }
        boolean found = false;
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                found |= read(recording.readEvent());
            }
        } catch (UnexpectedEvent e) {
            throw e;
        } catch (IOException | RuntimeException e) { // of damaged bytes the JDK's parser throws what comes to hand
            throw new IOException(file + " is not a whole JFR recording: " + e.getMessage(), e);
        }
        if (!found) {
            throw new IOException(file + " has no " + TASK + " and no " + WORKER
                    + " events: they have to be switched on where it is recorded");
        }
    }

    private boolean read(RecordedEvent event) throws UnexpectedEvent {
        switch (event.getEventType().getName()) {
            case TASK -> readTask(event);
            case WORKER -> readWorker(event);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void readTask(RecordedEvent event) throws UnexpectedEvent {
        BatchEvent batch =
                same(new BatchEvent(number(event, "batch"), text(event, "workers"), text(event, "function"), 0));
        TaskEnd end = end(event, TaskEnd.class);
        TaskEvent task = new TaskEvent(
                batch,
                number(event, "index"),
                (int) number(event, "attempt"),
                end == TaskEnd.DROPPED ? "" : worker(event),
                Timeline.nanosOf(event.getStartTime()),
                nanos(event, "waited"));
        // A run of tasks of microseconds may be one event.
        int count = event.hasField("tasks") ? Math.max(1, event.getInt("tasks")) : 1;
        tasks.add(task, end, event.getDuration().toNanos(), count);
    }

    private void readWorker(RecordedEvent event) throws UnexpectedEvent {
        WorkerEvent worker = new WorkerEvent(
                text(event, "workers"), worker(event), number(event, "pid"), Timeline.nanosOf(event.getStartTime()));
        processes.ended(worker, end(event, WorkerEnd.class), Timeline.nanosOf(event.getEndTime()));
    }

    @SuppressWarnings("unchecked") // equal records are of one class
    private <T> T same(T value) {
        return (T) same.computeIfAbsent(value, key -> key);
    }

    private <E extends Enum<E>> E end(RecordedEvent event, Class<E> type) throws UnexpectedEvent {
        String name = text(event, "end");
        for (E end : type.getEnumConstants()) {
            if (end.name().equals(name)) {
                return end;
            }
        }
        throw new UnexpectedEvent(file, event, "an end named " + name, null);
    }

    private String text(RecordedEvent event, String field) throws UnexpectedEvent {
        try {
            String text = event.getString(field);
            return same(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw new UnexpectedEvent(file, event, "no text " + field, e);
        }
    }

    /**
     * The worker; the thread of the event, which has its name, where that is lost, as on JDK 17 (docs/seeing.md). Never
     * empty: only what was dropped has no worker.
     */
    private String worker(RecordedEvent event) throws UnexpectedEvent {
        String name = text(event, "worker");
        RecordedThread thread = event.getThread();
        if (name.isEmpty() && thread != null && thread.getJavaName() != null) {
            name = same(thread.getJavaName());
        }
        return name.isEmpty() ? UNNAMED : name;
    }

    private long number(RecordedEvent event, String field) throws UnexpectedEvent {
        try {
            return event.getLong(field);
        } catch (IllegalArgumentException e) {
            throw new UnexpectedEvent(file, event, "no number " + field, e);
        }
    }

    /** A time in nanoseconds; -1 if it is not known. */
    private long nanos(RecordedEvent event, String field) throws UnexpectedEvent {
        try {
            return event.getLong(field) < 0 ? -1 : event.getDuration(field).toNanos();
        } catch (IllegalArgumentException e) {
            throw new UnexpectedEvent(file, event, "no time " + field, e);
        }
    }

    /** An event that has the name of one of ours, and is another. */
    private static final class UnexpectedEvent extends IOException {
        private static final long serialVersionUID = 1;

        UnexpectedEvent(Path file, RecordedEvent event, String what, @Nullable Throwable cause) {
            super(
                    file + " has a " + event.getEventType().getName() + " event with " + what
                            + ": it is of another version of lox",
                    cause);
        }
    }
}
