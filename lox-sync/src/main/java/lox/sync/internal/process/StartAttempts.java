package lox.sync.internal.process;

import java.util.concurrent.TimeUnit;
import lox.sync.process.SerializationException;
import lox.sync.process.WorkerCrashedException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failed starts of one caller, and says how long it waits before it tries again. The pool's lock guards it.
 *
 * <pre>
 *            failed            a few times             while another worker works
 *   HOPEFUL ---------&gt; HOPEFUL -----------&gt; EXHAUSTED --------------------------&gt; tries again, less and less often
 *                                                |
 *                                                +--- none works, none is about to: the failure is thrown
 * </pre>
 */
final class StartAttempts {
    private static final int MOST = 3;

    /** A kill comes from outside, as a rule, so the next start may well succeed. */
    private static final int MOST_KILLED = 10;

    private static final long FIRST_PATIENCE_MILLIS = 200;
    private static final long LONGEST_PATIENCE_MILLIS = 30_000;

    private int failed;
    private int killed;
    private boolean exhausted;
    private long patienceMillis = FIRST_PATIENCE_MILLIS;
    private long nextAt;
    private @Nullable RuntimeException last;

    /** Notes a start that failed. */
    void failed(RuntimeException reason) {
        boolean bySignal =
                reason instanceof WorkerCrashedException crash && crash.signal().isPresent();
        failed += bySignal ? 0 : 1;
        killed += bySignal ? 1 : 0;
        if (failed >= MOST || killed >= MOST_KILLED || reason instanceof SerializationException) {
            exhausted(reason);
        } else {
            last = reason;
        }
    }

    /** Notes that another try is of no use now, for that reason. */
    void exhausted(RuntimeException reason) {
        last = reason;
        exhausted = true;
        nextAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        patienceMillis = Math.min(2 * patienceMillis, LONGEST_PATIENCE_MILLIS);
    }

    boolean areExhausted() {
        return exhausted;
    }

    int count() {
        return failed + killed;
    }

    /** Why the last one failed. */
    RuntimeException reason() {
        RuntimeException reason = last;
        return reason == null ? new IllegalStateException("no start has failed") : reason;
    }

    /** How long to wait before the next try, beyond the last: after each twice as long, up to half a minute. */
    long millisToNext() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nextAt - System.nanoTime()));
    }
}
