package lox.sync.internal.observe;

import java.util.BitSet;
import java.util.List;
import lox.sync.event.TaskListener;
import lox.sync.internal.jfr.Recorder;
import lox.sync.spi.Dialect;

/**
 * Tells the listeners of one {@code Workers}, and the flight recorder, what happens there. Safe for use from many
 * threads. No method throws what a listener has thrown.
 */
public final class PoolObserver {
    private final String name;
    private final GuardedListener[] listeners;
    private final BitSet numbers = new BitSet(); // its own lock guards it

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

    /** Takes the lowest free number for a call that has no worker. */
    public int takeNumber() {
        synchronized (numbers) {
            int number = numbers.nextClearBit(1);
            numbers.set(number);
            return number;
        }
    }

    /** Gives the number of a call back. */
    public void giveBackNumber(int number) {
        synchronized (numbers) {
            numbers.clear(number);
        }
    }

    /** Observes a worker process that is being started. */
    public ObservedWorker worker(String process) {
        return new ObservedWorker(this, process);
    }
}
