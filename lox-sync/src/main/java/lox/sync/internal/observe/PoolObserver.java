package lox.sync.internal.observe;

import java.util.List;
import lox.sync.event.TaskListener;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import lox.sync.internal.jfr.Recorder;
import lox.sync.spi.Dialect;

/**
 * Tells the listeners of one {@code Workers}, and the flight recorder, what happens there. Immutable, and safe for use
 * from many threads. No method throws what a listener has thrown.
 */
public final class PoolObserver {
    private final String name;
    private final GuardedListener[] listeners;

    /**
     * Creates one.
     *
     * @param name the name of the workers
     * @param listeners the listeners, in the order in which they are called; perhaps none
     */
    public PoolObserver(String name, List<TaskListener> listeners) {
        this.name = name;
        this.listeners = listeners.stream().map(GuardedListener::new).toArray(GuardedListener[]::new);
    }

    /**
     * Observes the tasks of a function.
     *
     * @param function the function, or what was made of it; its name is looked for when it is needed
     * @param dialect takes what a listener throws
     * @return not shared with other functions
     */
    public FunctionObserver function(Object function, Dialect dialect) {
        return new FunctionObserver(this, function, dialect);
    }

    /** The name of the workers. */
    public String name() {
        return name;
    }

    GuardedListener[] listeners() {
        return listeners;
    }

    /** Whether there are listeners, who are told of each task. */
    public boolean hasListeners() {
        return listeners.length > 0;
    }

    /** Whether anybody wants to know of tasks or batches at present. */
    boolean isOn() {
        return listeners.length > 0 || Recorder.seesTasks() || Recorder.seesBatches();
    }

    /** Tells that a worker process has started. */
    public void workerStarted(WorkerEvent worker) {
        for (GuardedListener listener : listeners) {
            listener.workerStarted(worker);
        }
    }

    /** Tells that a worker process has ended. */
    public void workerEnded(WorkerEvent worker, WorkerEnd end) {
        for (GuardedListener listener : listeners) {
            listener.workerEnded(worker, end);
        }
    }
}
