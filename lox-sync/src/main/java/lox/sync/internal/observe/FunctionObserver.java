package lox.sync.internal.observe;

import lox.sync.event.BatchEvent;
import lox.sync.internal.jfr.Recorder;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/** Observes the batches and tasks of one function on one {@code Workers}. Safe for use from many threads. */
public final class FunctionObserver {
    private final PoolObserver pool;
    private final Object function;
    private final Dialect dialect;
    private final boolean listened;
    private volatile @Nullable String name;

    FunctionObserver(PoolObserver pool, Object function, Dialect dialect) {
        this.pool = pool;
        this.function = function;
        this.dialect = dialect;
        this.listened = pool.hasListeners();
    }

    /** Whether there are listeners. */
    public boolean isListened() {
        return listened;
    }

    /** Whether anybody wants to know of batches or tasks at present. Asked again and again: a recording may begin. */
    public boolean isOn() {
        return listened || pool.isOn();
    }

    /** Whether anybody wants to know of tasks at present. */
    public boolean seesTasks() {
        return listened || Recorder.seesTasks();
    }

    /** Observes a batch of this function from now on. */
    public ObservedBatch batch() {
        return new ObservedBatch(this);
    }

    /** Makes the observer of the tasks of one lane. */
    public LaneObserver lane() {
        return new LaneObserver(this);
    }

    BatchEvent event(long id, long openedNanos) {
        return new BatchEvent(id, pool.name(), name(), openedNanos);
    }

    String workers() {
        return pool.name();
    }

    GuardedListener[] listeners() {
        return pool.listeners();
    }

    Dialect dialect() {
        return dialect;
    }

    /** The function's name, made when it is first needed. */
    public String name() {
        String known = name;
        if (known == null) {
            known = FunctionName.of(function);
            name = known;
        }
        return known;
    }
}
