package lox.sync.internal.core;

/**
 * The failures of one batch that come after the failure that ended it. They are attached to that first failure as
 * suppressed exceptions: the first {@value #MOST}, and a count of the others. The handler of the first failure thus
 * receives all of them, and none goes to the hook for dropped failures.
 *
 * <p>Many tasks, of many batches, may throw the same exception. An exception is attached to another one once and never
 * to itself, and nothing is attached to one that already has enough suppressed exceptions.
 */
final class LaterFailures {
    private static final int MOST = 10;

    /** The limit on a failure's suppressed exceptions: its origins, the later failures of one batch and their count. */
    private static final int MOST_SUPPRESSED = 20;

    private int attached;
    private final Uncounted more = new Uncounted();

    /** Reports how many failures were not attached. Its count continues to grow after it has been attached. */
    private static final class Uncounted extends Exception {
        private static final long serialVersionUID = 1L;

        private volatile int count; // changed under the lock of its LaterFailures

        Uncounted() {
            super(null, null, false, false);
        }

        @Override
        public String getMessage() {
            int others = count;
            return others + (others == 1 ? " more task" : " more tasks") + " of the same batch failed";
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Attaches a failure to the first one, or counts it. Returns false if the first one accepts no suppressed
     * exceptions; the caller then has to report the failure.
     */
    synchronized boolean add(Throwable first, Throwable failure) {
        if (failure == first) {
            return true;
        }
        Throwable[] suppressed = first.getSuppressed();
        for (Throwable known : suppressed) {
            if (known == failure) {
                return true;
            }
        }
        if (attached < MOST && suppressed.length < MOST_SUPPRESSED) {
            if (!attach(first, failure)) {
                return false;
            }
            attached++;
            return true;
        }
        if (more.count == 0) {
            attach(first, more);
        }
        more.count = more.count + 1;
        return true;
    }

    /** Attaches a suppressed exception. Returns false if the first failure has suppression disabled. */
    private static boolean attach(Throwable first, Throwable failure) {
        int before = first.getSuppressed().length;
        first.addSuppressed(failure);
        return first.getSuppressed().length > before;
    }
}
