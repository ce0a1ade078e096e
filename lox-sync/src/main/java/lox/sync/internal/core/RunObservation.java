package lox.sync.internal.core;

import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.observe.LaneObserver;
import lox.sync.internal.observe.WorkerName;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Decides, run by run, how the tasks of one lane are observed: not at all, as a rule; each for itself, if there are
 * listeners; or a run of short tasks as a whole, if only the flight recorder wants to know of tasks that took long.
 * Belongs to a lane.
 */
final class RunObservation {
    private final LaneSettings settings;
    private final InterruptGuard guard;
    private final @Nullable AttemptTimer clock;
    private final @Nullable Relay relay;
    private final FunctionObserver function;
    private @Nullable LaneObserver observer; // these two are made with the first observed run
    private @Nullable TaskRunner observed;
    private @Nullable Thread thread;
    private boolean wholeRun;
    private int first;

    RunObservation(LaneSettings settings, InterruptGuard guard, @Nullable AttemptTimer clock, @Nullable Relay relay) {
        this.settings = settings;
        this.guard = guard;
        this.clock = clock;
        this.relay = relay;
        this.function = settings.observer();
    }

    /** Called when the lane has entered a thread. */
    void enter() {
        thread = null;
    }

    /** Begins a run of one task. Returns what runs it: {@code plain} unless it is observed. */
    TaskRunner beginSingle(Batch batch, TaskRunner plain) {
        return function.seesTasks() ? begin(batch) : plain;
    }

    /** Begins a run of the tasks of a range. Returns what runs them: {@code plain} unless each is observed. */
    TaskRunner begin(Batch batch, ClaimedRange range, TaskRunner plain) {
        if (!function.seesTasks()) {
            return plain;
        }
        if (!function.isListened() && range.left() > 1 && observer().beginsShortRun()) {
            wholeRun = true;
            first = range.positionIn(batch, 0);
            return plain;
        }
        return begin(batch);
    }

    /** Begins a run of tasks that run elsewhere. Null if nobody wants to know of them. */
    @Nullable
    LaneObserver each(Batch batch) {
        return function.seesTasks() ? observe(batch) : null;
    }

    private TaskRunner begin(Batch batch) {
        LaneObserver known = observe(batch);
        TaskRunner runner = observed;
        if (runner == null) {
            boolean inline = settings.pool().isInline();
            runner = new TaskRunner(settings, clock, relay, new AttemptObserver(known, guard, inline, relay != null));
            observed = runner;
        }
        return runner;
    }

    private LaneObserver observe(Batch batch) {
        LaneObserver known = observer();
        if (thread != Thread.currentThread()) {
            thread = Thread.currentThread();
            known.worker(WorkerName.of(thread));
        }
        known.beginRun(batch.observation().batch(), batch.place(batch.upperBound()));
        return known;
    }

    /** Ends a run, of which so many tasks were run. */
    void end(Batch batch, ClaimedRange range, int ran) {
        if (wholeRun) {
            wholeRun = false;
            LaneObserver known = observer();
            if (known.endsLongRun() && ran > 0) {
                known.worker(WorkerName.of(Thread.currentThread()));
                thread = null;
                known.recordRun(batch.observation().batch(), batch.place(first), ran, hasFailed(batch, first, range));
            }
        }
    }

    private static boolean hasFailed(Batch batch, int from, ClaimedRange range) {
        int to = range.positionIn(batch, from);
        for (int i = from; i < to; i++) {
            byte state = batch.slots().state(i);
            if (state == Slots.FAILED || state == Slots.REPORTED) {
                return true;
            }
        }
        return false;
    }

    private LaneObserver observer() {
        LaneObserver known = observer;
        if (known == null) {
            known = function.lane();
            observer = known;
        }
        return known;
    }
}
