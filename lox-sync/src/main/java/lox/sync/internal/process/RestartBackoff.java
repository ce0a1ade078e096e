package lox.sync.internal.process;

import java.util.Optional;
import lox.sync.process.WorkerCrashedException;
import org.jspecify.annotations.Nullable;

/**
 * Limits how fast a pool replaces worker processes that end at once. After some crashes in a row each start waits,
 * longer and longer, up to a tenth of a second. If processes keep ending before they have run a task, the pool reports
 * that instead of starting another. Not safe for use from many threads: the pool's lock guards it.
 */
final class RestartBackoff {
    /** After this many useless processes in a row the pool gives up. */
    static final int MOST_USELESS = 3;

    private static final int FREE_CRASHES = 2;
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 100;
    private static final int MOST_DOUBLINGS = 10;

    private int crashesInARow;
    private int uselessInARow;
    private @Nullable WorkerCrashedException lastUseless;

    /** Notes that a worker has ended tasks, whatever became of it then. */
    void hasServed() {
        crashesInARow = 0;
    }

    /** Notes that a worker's process has ended. */
    void hasEnded() {
        crashesInARow++;
    }

    /** Notes that the process had run a task, or ended because it was told to. */
    void wasOfUse() {
        uselessInARow = 0;
    }

    /** Notes that the process had been ready and had run no task. */
    void wasUseless(WorkerCrashedException end) {
        uselessInARow++;
        lastUseless = end;
    }

    /** The end of the last process if too many in a row were useless; resets the count then. */
    Optional<WorkerCrashedException> findUseless() {
        if (uselessInARow < MOST_USELESS) {
            return Optional.empty();
        }
        uselessInARow = 0;
        return Optional.ofNullable(lastUseless);
    }

    /**
     * How long to wait before the next start.
     *
     * @param attempts how many have failed since the caller began
     */
    long pauseMillis(int attempts) {
        int beyond = Math.max(crashesInARow - FREE_CRASHES, attempts);
        return beyond <= 0
                ? 0
                : Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(beyond - 1, MOST_DOUBLINGS));
    }
}
