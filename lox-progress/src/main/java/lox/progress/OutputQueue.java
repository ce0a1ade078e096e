package lox.progress;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Runs what is drawn on one output, one action after the other, on a shared thread, a daemon. So an output that blocks
 * occupies one thread, however many bars are drawn on it, and delays no other output.
 */
final class OutputQueue implements Executor {
    /** One for each output, as long as the output is used. */
    private static final Map<PrintStream, OutputQueue> QUEUES = new WeakHashMap<>();

    private final Queue<Runnable> actions = new ArrayDeque<>(); // this and whether they run: guarded by this
    private boolean isRunning;

    private OutputQueue() {}

    /** The queue of an output. */
    static OutputQueue of(PrintStream out) {
        synchronized (QUEUES) {
            return QUEUES.computeIfAbsent(out, absent -> new OutputQueue());
        }
    }

    /**
     * Runs an action after those that were given before.
     *
     * @throws OutOfMemoryError if no thread can be created; then the action runs before the next one
     */
    @Override
    public void execute(Runnable action) {
        synchronized (this) {
            actions.add(action);
            if (isRunning) {
                return;
            }
            isRunning = true;
        }
        start();
    }

    private void start() {
        boolean isStarted = false;
        try {
            Timer.elsewhere(this::runAll);
            isStarted = true;
        } finally {
            if (!isStarted) {
                stop();
            }
        }
    }

    private synchronized void stop() {
        isRunning = false;
    }

    /** What an action throws goes to the uncaught handler of the shared thread; the others then run on another one. */
    private void runAll() {
        boolean isEmpty = false;
        try {
            for (Runnable next = next(); next != null; next = next()) {
                next.run();
            }
            isEmpty = true;
        } finally {
            if (!isEmpty) {
                start();
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = actions.poll();
        isRunning = next != null;
        return next;
    }
}
