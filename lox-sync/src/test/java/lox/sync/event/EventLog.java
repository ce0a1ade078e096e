package lox.sync.event;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A listener that keeps what it is told of, and finds what does not fit together. Safe for use from many threads. */
public final class EventLog implements TaskListener {
    /** What {@link #taskEnded} was told. */
    public record Ended(
            TaskEvent task,
            TaskEnd end,
            long ranNanos,
            @Nullable Throwable failure) {}

    public final Queue<BatchEvent> opened = new ConcurrentLinkedQueue<>();
    public final Queue<TaskEvent> started = new ConcurrentLinkedQueue<>();
    public final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    public final Map<BatchEvent, Long> sealed = new ConcurrentHashMap<>();
    public final Map<BatchEvent, BatchEnd> batchEnds = new ConcurrentHashMap<>();
    public final Map<BatchEvent, LongAdder> scattered = new ConcurrentHashMap<>();
    public final Queue<WorkerEvent> workersStarted = new ConcurrentLinkedQueue<>();
    public final Map<WorkerEvent, WorkerEnd> workerEnds = new ConcurrentHashMap<>();
    public final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Set<TaskEvent> underWay = ConcurrentHashMap.newKeySet();

    @Override
    public void batchOpened(BatchEvent batch) {
        opened.add(batch);
    }

    @Override
    public void tasksScattered(BatchEvent batch, long tasks) {
        if (tasks < 1) {
            faults.add("scattered " + tasks);
        }
        scattered.computeIfAbsent(batch, key -> new LongAdder()).add(tasks);
    }

    @Override
    public void batchSealed(BatchEvent batch, long tasks) {
        if (sealed.put(batch, tasks) != null) {
            faults.add("sealed twice: " + batch);
        }
    }

    @Override
    public void batchEnded(BatchEvent batch, BatchEnd end) {
        if (batchEnds.put(batch, end) != null) {
            faults.add("ended twice: " + batch);
        }
    }

    @Override
    public void taskStarted(TaskEvent task) {
        started.add(task);
        if (!underWay.add(task)) {
            faults.add("started twice: " + task);
        }
    }

    @Override
    public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
        ended.add(new Ended(task, end, ranNanos, failure));
        if (end != TaskEnd.DROPPED && !underWay.remove(task)) {
            faults.add("ended without a start: " + task + " " + end);
        }
        if (ranNanos < 0) {
            faults.add("ran for " + ranNanos);
        }
    }

    @Override
    public void workerStarted(WorkerEvent worker) {
        workersStarted.add(worker);
    }

    @Override
    public void workerEnded(WorkerEvent worker, WorkerEnd end) {
        if (workerEnds.put(worker, end) != null || !workersStarted.contains(worker)) {
            faults.add("ended twice, or without a start: " + worker);
        }
    }

    /** The attempts that have started and not ended. */
    public Set<TaskEvent> underWay() {
        return new HashSet<>(underWay);
    }

    /** How many attempts have ended in each way. */
    public Map<TaskEnd, Integer> ends() {
        Map<TaskEnd, Integer> counts = new EnumMap<>(TaskEnd.class);
        ended.forEach(each -> counts.merge(each.end, 1, Integer::sum));
        return counts;
    }

    public long scatteredTasks() {
        return scattered.values().stream().mapToLong(LongAdder::sum).sum();
    }

    public List<TaskEvent> startedTasks() {
        return new ArrayList<>(started);
    }
}
