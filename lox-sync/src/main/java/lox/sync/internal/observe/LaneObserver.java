package lox.sync.internal.observe;

import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.internal.jfr.Recorder;
import lox.sync.internal.jfr.TaskRecording;
import org.jspecify.annotations.Nullable;

/**
 * Observes the attempts of one lane, one after the other. Used by one thread at a time, which is the lane's or has
 * taken over its attempt. The end of an attempt is the start of the next one of the same run, so a task costs one look
 * at the clock. No method throws what a listener has thrown.
 */
public final class LaneObserver {
    /** After so many runs of short tasks the recorder is asked again whether it has a threshold. */
    private static final int PROBE = 16;

    private final FunctionObserver function;
    private final GuardedListener[] listeners;
    private @Nullable TaskRecording flight; // made when it is needed
    private String worker = "";
    private @Nullable ObservedBatch batch;
    private @Nullable BatchEvent event;
    private @Nullable TaskEvent current;
    private boolean recorded; // whether the current attempt is to be
    private boolean recording;
    private boolean everyTask; // is wanted by the recorder, however short
    private int runsToProbe;
    private long now;

    LaneObserver(FunctionObserver function) {
        this.function = function;
        this.listeners = function.listeners();
    }

    /** Says what runs the tasks that follow. */
    public void worker(String name) {
        worker = name;
    }

    /** Begins a run of tasks of one batch, which has so many tasks by now. */
    public void beginRun(ObservedBatch of, long tasks) {
        if (of != batch || event == null) {
            batch = of;
            event = of.event(function);
        }
        of.scattered(tasks);
        recording = Recorder.seesTasks();
        now = System.nanoTime();
    }

    /** Looks at the clock anew: time has passed that was no task's. */
    public void refresh() {
        now = System.nanoTime();
    }

    /** The time of the last look at the clock. */
    public long now() {
        return now;
    }

    /** Whether an attempt has been told as started and not as ended. */
    public boolean isInAttempt() {
        return current != null;
    }

    /**
     * An attempt starts.
     *
     * @param index the task's number in the batch
     * @param since when the task began to wait; 0 if that is not known
     */
    public void started(long index, int attempt, long since) {
        TaskEvent task = task(index, attempt, since);
        if (task == null) {
            return;
        }
        current = task;
        for (GuardedListener listener : listeners) {
            listener.taskStarted(task, function.dialect());
        }
        recorded = recording;
        if (recorded) {
            flight().begin();
        }
    }

    private @Nullable TaskEvent task(long index, int attempt, long since) {
        BatchEvent of = event;
        return of == null
                ? null
                : new TaskEvent(of, index, attempt, worker, now, since == 0 ? -1 : Math.max(0, now - since));
    }

    /** The attempt has ended. */
    public void ended(TaskEnd end, @Nullable Throwable failure) {
        ended(end, -1, failure);
    }

    /**
     * The attempt has ended.
     *
     * @param ranNanos how long it ran, if that was measured elsewhere; or -1
     */
    public void ended(TaskEnd end, long ranNanos, @Nullable Throwable failure) {
        TaskEvent task = current;
        if (task == null) {
            return;
        }
        current = null;
        if (recorded && flight().end()) {
            commit(flight(), task, end, 1);
        }
        now = System.nanoTime();
        long ran = ranNanos < 0 ? now - task.startedNanos() : ranNanos;
        tell(task, end, ran, failure);
    }

    private void tell(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
        for (GuardedListener listener : listeners) {
            listener.taskEnded(task, end, ranNanos, failure, function.dialect());
        }
    }

    // ---- an attempt that another thread ends -----------------------------------------------------------------------

    /** An attempt that a lane has not come back from. */
    public final class OpenAttempt {
        private final TaskEvent task;
        private final @Nullable TaskRecording record;

        private OpenAttempt(TaskEvent task, @Nullable TaskRecording record) {
            this.task = task;
            this.record = record;
        }

        /** Tells how the attempt has ended, whatever the lane does. */
        public void ended(TaskEnd end, Throwable failure) {
            if (record != null && record.end()) {
                LaneObserver.this.commit(record, task, end, 1);
            }
            tell(task, end, System.nanoTime() - task.startedNanos(), failure);
        }
    }

    /** For the thread that has taken the attempt over from the lane: from now on the lane has none. */
    public @Nullable OpenAttempt takeOver() {
        TaskEvent task = current;
        if (task == null) {
            return null;
        }
        OpenAttempt open = new OpenAttempt(task, recorded ? flight : null);
        current = null;
        flight = null;
        return open;
    }

    // ---- tasks that no lane runs -----------------------------------------------------------------------------------

    /** A task has been dropped before a worker took it up. */
    public static void dropped(FunctionObserver function, ObservedBatch of, long index, int attempt, long since) {
        TaskEvent task = unstarted(function, of, index, attempt, since);
        for (GuardedListener listener : function.listeners()) {
            listener.taskEnded(task, TaskEnd.DROPPED, 0, null, function.dialect());
        }
    }

    /** A task has failed because no worker can take it up. */
    public static void refused(
            FunctionObserver function, ObservedBatch of, long index, int attempt, long since, Throwable reason) {
        TaskEvent task = unstarted(function, of, index, attempt, since);
        for (GuardedListener listener : function.listeners()) {
            listener.taskStarted(task, function.dialect());
            listener.taskEnded(task, TaskEnd.FAILED, 0, reason, function.dialect());
        }
    }

    private static TaskEvent unstarted(
            FunctionObserver function, ObservedBatch of, long index, int attempt, long since) {
        long now = System.nanoTime();
        long waited = since == 0 ? -1 : Math.max(0, now - since);
        return new TaskEvent(of.event(function), index, attempt, "", now, waited);
    }

    // ---- the flight recorder ---------------------------------------------------------------------------------------

    private TaskRecording flight() {
        TaskRecording known = flight;
        if (known == null) {
            known = new TaskRecording();
            flight = known;
        }
        return known;
    }

    private void commit(TaskRecording record, TaskEvent task, TaskEnd end, int tasks) {
        record.commit(
                function.workers(),
                function.name(),
                task.batch().id(),
                task.index(),
                task.attempt(),
                task.worker(),
                end.name(),
                task.waitedNanos(),
                tasks);
    }

    // ---- runs of short tasks, without listeners ---------------------------------------------------------------------

    /**
     * Whether the flight recorder is content with one look at the clock for a run of short tasks: unless it wants to
     * have every task, however short. If so, the run has begun.
     */
    public boolean beginsShortRun() {
        if (runsToProbe-- == 0) {
            runsToProbe = PROBE;
            flight().begin();
            everyTask = flight().end(); // an empty event
        }
        flight().begin();
        return !everyTask;
    }

    /** A run of short tasks has ended. Returns whether it has taken so long that it is to be recorded. */
    public boolean endsLongRun() {
        return flight().end();
    }

    /** Records a run of short tasks that has turned out long. */
    public void recordRun(ObservedBatch of, long first, int tasks, boolean failed) {
        batch = of;
        event = of.event(function);
        now = System.nanoTime();
        TaskEvent task = task(first, 1, 0);
        if (task != null) {
            commit(flight(), task, failed ? TaskEnd.FAILED : TaskEnd.SUCCEEDED, tasks);
        }
    }
}
