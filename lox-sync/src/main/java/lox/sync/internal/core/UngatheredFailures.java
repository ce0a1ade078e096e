package lox.sync.internal.core;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.internal.result.UnseenFailure;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a batch that has not been gathered. If it never is, they are reported once, as one failure, when the
 * batch becomes unreachable or its Workers are closed. An instance is made at the first failure of an open batch and
 * does not keep the batch reachable.
 */
public final class UngatheredFailures implements Runnable {
    private static final int GATHERED = 0;
    private static final int TOLD = -1;

    private final Throwable first;
    private final String name;
    private final Dialect dialect;
    private final AtomicInteger count = new AtomicInteger(1); // or GATHERED, or TOLD
    private volatile Cleaner.@Nullable Cleanable unreachable;

    private UngatheredFailures(Throwable first, String name, Dialect dialect) {
        this.first = first;
        this.name = name;
        this.dialect = dialect;
    }

    static UngatheredFailures of(Object batch, Throwable first, String name, Dialect dialect) {
        UngatheredFailures failures = new UngatheredFailures(first, name, dialect);
        failures.unreachable = UnseenFailure.CLEANER.register(batch, failures);
        return failures;
    }

    /** Counts another failure. Returns false if the failures have been reported or gathered. */
    boolean another() {
        return count.getAndUpdate(known -> known > 0 ? known + 1 : known) > 0;
    }

    /** Leaves the failures to the gatherer of the batch. Returns whether they have been reported. */
    boolean gathered() {
        int before = count.getAndUpdate(known -> known > 0 ? GATHERED : known);
        Cleaner.Cleanable watch = unreachable;
        if (watch != null) {
            watch.clean();
        }
        return before == TOLD;
    }

    /**
     * Reports the failures, unless they have been reported or gathered. Also called when the batch has become
     * unreachable.
     */
    @Override
    public void run() {
        int failed = count.getAndUpdate(known -> known > 0 ? TOLD : known);
        if (failed > 0) {
            dialect.drop(new UngatheredException(
                    failed + (failed == 1 ? " task" : " tasks") + " of \"" + name
                            + "\" failed in a batch that was never gathered; the cause is the first failure",
                    first));
        }
    }

    /** The failure that the hook for dropped failures receives. */
    private static final class UngatheredException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UngatheredException(String message, Throwable first) {
            super(message, first, false, false);
        }
    }
}
