package lox.sync.internal.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.event.BatchEnd;
import lox.sync.event.BatchEvent;
import lox.sync.internal.jfr.BatchRecording;
import lox.sync.internal.jfr.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A batch as listeners are told of it: opened, so many tasks scattered, sealed and ended, each once. Any thread may
 * call its methods, and calls that come late tell what is missing first.
 */
public final class ObservedBatch {
    private static final AtomicLong IDS = new AtomicLong();
    private static final VarHandle STEP;
    private static final VarHandle SCATTERED;

    // Steps, each a bit that the thread which tells it sets.
    private static final int OPENED = 1;
    private static final int SEALED = 2;
    private static final int ENDED = 4;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STEP = lookup.findVarHandle(ObservedBatch.class, "step", int.class);
            SCATTERED = lookup.findVarHandle(ObservedBatch.class, "scattered", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FunctionObserver function;
    private final BatchEvent event;
    private final @Nullable BatchRecording recording;

    @SuppressWarnings("unused") // through STEP
    private volatile int step;

    private volatile long scattered;

    ObservedBatch(FunctionObserver function) {
        this.function = function;
        this.event = function.event(IDS.incrementAndGet(), System.nanoTime());
        this.recording = Recorder.batch();
    }

    /** The batch as the given function's listeners know it: with that function's name, and that of its workers. */
    BatchEvent event(FunctionObserver of) {
        return of == function ? event : of.event(event.id(), event.openedNanos());
    }

    private boolean isFirst(int bit) {
        return ((int) STEP.getOpaque(this) & bit) == 0 && ((int) STEP.getAndBitwiseOr(this, bit) & bit) == 0;
    }

    /** Tells that the batch has begun. */
    public void opened() {
        if (isFirst(OPENED)) {
            for (GuardedListener listener : function.listeners()) {
                listener.batchOpened(event, function.dialect());
            }
        }
    }

    /** Tells how many tasks there are by now, as far as that has not been told. */
    public void scattered(long total) {
        opened();
        long before = scattered;
        while (total > before) {
            long witness = (long) SCATTERED.compareAndExchange(this, before, total);
            if (witness == before) {
                for (GuardedListener listener : function.listeners()) {
                    listener.tasksScattered(event, total - before, function.dialect());
                }
                return;
            }
            before = witness;
        }
    }

    /** Tells that the batch has so many tasks and gets no more. */
    public void sealed(long tasks) {
        scattered(tasks);
        if (isFirst(SEALED)) {
            for (GuardedListener listener : function.listeners()) {
                listener.batchSealed(event, tasks, function.dialect());
            }
        }
    }

    /**
     * Tells that the batch has ended.
     *
     * @param tasks how many it has had by then
     * @param sealed whether that is all
     * @param failure null if it has completed
     */
    public void ended(long tasks, boolean sealed, @Nullable Throwable failure) {
        if (sealed) {
            sealed(tasks);
        } else {
            scattered(tasks);
        }
        if (isFirst(ENDED)) {
            BatchEnd end = Ends.ofBatch(failure);
            for (GuardedListener listener : function.listeners()) {
                listener.batchEnded(event, end, function.dialect());
            }
            if (recording != null) {
                recording.commit(event.workers(), event.function(), event.id(), tasks, end.name());
            }
        }
    }
}
