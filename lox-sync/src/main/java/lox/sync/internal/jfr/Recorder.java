package lox.sync.internal.jfr;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Tells which of lox's events the flight recorder wants to have. While it wants none, an answer costs next to nothing;
 * where the module {@code jdk.jfr} is missing, it is always no, and no class is loaded that needs the module. Before
 * the first recording no event class is loaded: the first one would initialize the recorder, which takes a tenth of a
 * second, and fails for good where a path of the system has letters that the locale does not know.
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

    private static boolean isInUse() {
        return AVAILABLE && FlightRecorder.isInitialized();
    }

    /** Whether {@code lox.Task} is recorded at present. */
    public static boolean seesTasks() {
        return isInUse() && JfrTask.isOn();
    }

    /** Whether {@code lox.Batch} is recorded at present. */
    public static boolean seesBatches() {
        return isInUse() && JfrBatch.isOn();
    }

    /** Begins to record a batch; null if batches are not recorded at present. */
    public static @Nullable BatchRecording batch() {
        return seesBatches() ? new BatchRecording() : null;
    }

    /** Begins to record a worker process; null if they are not recorded at present. */
    public static @Nullable WorkerRecording worker() {
        return isInUse() && JfrWorker.isOn() ? new WorkerRecording() : null;
    }
}
