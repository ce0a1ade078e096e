package lox.sync.lock;

import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * Runs callbacks one after the other instead of one inside the other. A callback that closes a permit grants the next
 * request, whose callback closes its permit, and so on: a hundred thousand times without a deeper stack.
 */
final class Trampoline {
    private static final ThreadLocal<@Nullable Callbacks> PENDING = new ThreadLocal<>();

    private static final Callbacks NONE = new Callbacks();

    private Trampoline() {}

    /** Runs the callbacks now, or after the callback that the calling thread is in. */
    static void run(Callbacks callbacks) {
        if (callbacks.isEmpty()) {
            return;
        }
        Callbacks pending;
        try {
            pending = PENDING.get();
            if (pending == null) {
                PENDING.set(callbacks);
            }
        } catch (OutOfMemoryError noMemory) { // then they nest
            runAll(callbacks);
            return;
        }
        if (pending != null) {
            pending.addAll(callbacks);
            return;
        }
        try {
            runAll(callbacks);
        } finally {
            PENDING.remove();
        }
    }

    /**
     * Performs an action and returns the callbacks that it caused, not yet run. Without memory for that, they have run.
     */
    static Callbacks collect(Action action) {
        Callbacks collected;
        try {
            collected = new Callbacks();
            PENDING.set(collected);
        } catch (OutOfMemoryError noMemory) {
            action.perform();
            return NONE;
        }
        try {
            action.perform();
        } finally {
            PENDING.remove();
        }
        return collected;
    }

    /**
     * To be called before the thread parks. If it is in a callback, the callbacks behind it run first, because the
     * thread may be about to wait for one of them.
     */
    static void runPending() {
        Callbacks pending = PENDING.get();
        if (pending != null) {
            runAll(pending);
        }
    }

    private static void runAll(Callbacks pending) {
        for (Listener next = pending.poll(); next != null; next = pending.poll()) {
            Runnable callback = next.callback;
            if (callback != null) {
                runSafely(callback);
            }
        }
    }

    // A user's function that throws fails its own stage. A failure that arrives here comes from a user's lock, or from
    // the JVM; the callbacks behind it run all the same.
    private static void runSafely(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable failure) {
            Uncaught.report(failure);
        }
    }

    /** What {@link #collect} performs. */
    interface Action {
        void perform();
    }
}
