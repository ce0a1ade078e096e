package lox.sync.spi;

/** The last resort for a failure: the thread's uncaught exception handler. */
public final class Uncaught {
    private Uncaught() {}

    /**
     * Passes a failure to the handler. Anything the handler throws is ignored, as the JVM ignores it.
     *
     * @param failure the failure
     */
    public static void report(Throwable failure) {
        try {
            handler().uncaughtException(Thread.currentThread(), failure);
        } catch (Throwable ofTheHandler) {
            return; // no handler is left
        }
    }

    /**
     * Returns the handler. A call also makes the JVM load what {@link #report} needs.
     *
     * @return that of the calling thread
     */
    public static Thread.UncaughtExceptionHandler handler() {
        return Thread.currentThread().getUncaughtExceptionHandler();
    }
}
