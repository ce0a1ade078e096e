package lox.sync.lock;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/** Logs a permit that became garbage without having been closed. Must not refer to the permit. */
final class LeakWatch implements Runnable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final Logger LOGGER = System.getLogger("lox.sync.lock");

    private final String lock;
    private final Throwable acquiredHere;
    private volatile boolean closed;

    private LeakWatch(String lock, Throwable acquiredHere) {
        this.lock = lock;
        this.acquiredHere = acquiredHere;
    }

    static LeakWatch over(Permit permit, String lock, Throwable acquiredHere) {
        LeakWatch watch = new LeakWatch(lock, acquiredHere);
        CLEANER.register(permit, watch);
        return watch;
    }

    void closed() {
        closed = true;
    }

    @Override
    public void run() {
        if (!closed) {
            LOGGER.log(
                    Level.WARNING,
                    "A permit of " + lock + " was never closed and is garbage now; nobody can give it back any more.",
                    acquiredHere);
        }
    }
}
