package lox.sync.engine;

/** The last resort for a failure: the thread's uncaught exception handler. */
final class Uncaught {
    private Uncaught() {}

    /** Tells the handler. What the handler itself throws is ignored, as the JVM ignores it. */
    static void report(Throwable failure) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        } catch (Throwable ofTheHandler) {
            return; // nobody is left to tell
        }
    }
}
