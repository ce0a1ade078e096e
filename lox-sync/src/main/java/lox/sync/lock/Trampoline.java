package lox.sync.lock;

import java.util.ArrayDeque;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Runs callbacks one after the other instead of one inside the other: a callback that closes a permit lets in the next
 * request, whose callback closes its permit, and so on, a hundred thousand times on a flat stack.
 */
final class Trampoline {
    private static final ThreadLocal<@Nullable ArrayDeque<Runnable>> PENDING = new ThreadLocal<>();

    private Trampoline() {}

    /** Runs the callbacks now, or after those that the calling thread is in. */
    static void run(ArrayDeque<Runnable> callbacks) {
        if (callbacks.isEmpty()) {
            return;
        }
        ArrayDeque<Runnable> pending = PENDING.get();
        if (pending != null) {
            pending.addAll(callbacks);
            return;
        }
        if (Deadlines.isTimerThread()) {
            ForkJoinPool.commonPool().execute(() -> run(callbacks));
            return;
        }
        PENDING.set(callbacks);
        try {
            runAll(callbacks);
        } finally {
            PENDING.remove();
        }
    }

    /**
     * To be called before the thread parks: if it is in a callback, those behind it run first, because one of them may be
     * what it is about to wait for.
     */
    static void runPending() {
        ArrayDeque<Runnable> pending = PENDING.get();
        if (pending != null) {
            runAll(pending);
        }
    }

    private static void runAll(ArrayDeque<Runnable> pending) {
        for (Runnable next = pending.poll(); next != null; next = pending.poll()) {
            runSafely(next);
        }
    }

    // What users hang on a stage fails in their stage; what arrives here comes from a lock that is not ours, or from
    // the JVM. A handler that throws too is left alone, as the JVM does: those behind have to be told all the same.
    static void runSafely(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable failure) {
            Thread thread = Thread.currentThread();
            try {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            } catch (Throwable handlersOwn) {
                failure.addSuppressed(handlersOwn);
            }
        }
    }
}
