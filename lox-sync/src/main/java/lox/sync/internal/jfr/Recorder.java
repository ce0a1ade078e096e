package lox.sync.internal.jfr;

import org.jspecify.annotations.Nullable;

/**
 * Tells which of lox's events the flight recorder wants to have. While it wants none, an answer costs next to nothing;
 * where the module {@code jdk.jfr} is missing, it is always no, and no class is loaded that needs the module.
 */
public final class Recorder {
    private static final boolean AVAILABLE = isAvailable();

    private Recorder() {}

    private static boolean isAvailable() {
        try {
            return Class.forName("jdk.jfr.Event", false, Recorder.class.getClassLoader()) != null;
        } catch (ClassNotFoundException | LinkageError missing) {
            return false;
        }
    }

    /** Whether {@code lox.Task} is recorded at present. */
    public static boolean seesTasks() {
        return AVAILABLE && JfrTask.isOn();
    }

    /** Whether {@code lox.Batch} is recorded at present. */
    public static boolean seesBatches() {
        return AVAILABLE && JfrBatch.isOn();
    }

    /** Begins to record a batch; null if batches are not recorded at present. */
    public static @Nullable BatchRecording batch() {
        return seesBatches() ? new BatchRecording() : null;
    }

    /** Begins to record a worker process; null if they are not recorded at present. */
    public static @Nullable WorkerRecording worker() {
        return AVAILABLE && JfrWorker.isOn() ? new WorkerRecording() : null;
    }
}
