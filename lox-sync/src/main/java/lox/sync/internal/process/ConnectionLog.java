package lox.sync.internal.process;

import org.jspecify.annotations.Nullable;

/**
 * Logs what goes wrong with the connections to one pool's workers and is no failure of a task.
 *
 * @param pool the pool's name
 */
record ConnectionLog(String pool) {
    void note(Throwable trouble) {
        System.getLogger("lox.sync.process")
                .log(System.Logger.Level.DEBUG, "a connection to a worker process of " + pool + " has ended", trouble);
    }

    /** Closes each part, whatever the others do, and logs what cannot be closed. */
    void closeAll(@Nullable AutoCloseable... parts) {
        for (AutoCloseable part : parts) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                note(e);
            }
        }
    }
}
