package lox.sync.internal.observe;

import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import lox.sync.internal.jfr.Recorder;
import lox.sync.internal.jfr.WorkerRecording;
import org.jspecify.annotations.Nullable;

/** A worker process as listeners and the flight recorder are told of it. Used by its receiver's thread. */
public final class ObservedWorker {
    private final PoolObserver pool;
    private final String name;
    private final long startedNanos = System.nanoTime();
    private final @Nullable WorkerRecording recording = Recorder.worker();
    private @Nullable WorkerEvent event;

    ObservedWorker(PoolObserver pool, String name) {
        this.pool = pool;
        this.name = name;
    }

    /** When the process was started, by {@link System#nanoTime}. By any thread. */
    public long startedNanos() {
        return startedNanos;
    }

    /** The process is ready for tasks. */
    public void started(long pid) {
        WorkerEvent started = new WorkerEvent(pool.name(), name, pid, startedNanos);
        event = started;
        for (GuardedListener listener : pool.listeners()) {
            listener.workerStarted(started);
        }
    }

    /** The process has ended. Nothing is told of one that was never ready. */
    public void ended(WorkerEnd end, long sent, long received) {
        WorkerEvent started = event;
        if (started == null) {
            return;
        }
        if (recording != null) { // which takes the time: before the listeners take theirs
            recording.commit(pool.name(), name, started.pid(), end.name(), sent, received);
        }
        for (GuardedListener listener : pool.listeners()) {
            listener.workerEnded(started, end);
        }
    }
}
