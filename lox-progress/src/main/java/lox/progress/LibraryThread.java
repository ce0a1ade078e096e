package lox.progress;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * The one thread of the library, which lives as long as the JVM and inherits from whatever thread needs it first: class
 * loaders, inheritable thread-locals. So a shared thread of lox, which has none of these, makes the first bar.
 */
final class LibraryThread {
    private static boolean isStarted; // guarded by the class

    private LibraryThread() {}

    /** Starts it, unless it has been started. */
    static synchronized void start() {
        if (!isStarted) {
            isStarted = true;
            BoundedWait.on(
                    () -> new ProgressBarBuilder()
                            .setConsumer(new DelegatingProgressBarConsumer(text -> {}, 1))
                            .build()
                            .close(),
                    () -> {});
        }
    }
}
