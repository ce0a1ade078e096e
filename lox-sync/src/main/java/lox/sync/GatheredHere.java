package lox.sync;

/**
 * Shows where a task's failure was gathered. The failure's own stack trace tells where it was thrown, which is in a
 * worker's thread and says nothing of the caller; so this is attached to it, as a suppressed exception.
 */
final class GatheredHere extends Exception {
    private static final long serialVersionUID = 1L;

    /** One exception may be gathered a million times, and must not collect a million traces. */
    private static final int MOST = 8;

    private GatheredHere() {
        super("gathered here");
    }

    /** Attaches the calling thread's trace. Does nothing if that is not possible: the failure has to be delivered. */
    static void attachTo(Throwable failure) {
        try {
            int here = 0; // other failures of the same batch do not count
            for (Throwable suppressed : failure.getSuppressed()) {
                here += suppressed instanceof GatheredHere ? 1 : 0;
            }
            if (here < MOST) {
                failure.addSuppressed(new GatheredHere());
            }
        } catch (Throwable noRoom) { // no memory, no stack
            return;
        }
    }
}
