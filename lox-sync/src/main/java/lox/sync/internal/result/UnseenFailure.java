package lox.sync.internal.result;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a {@link Completion} that had no observer when it ended. If no observer ever comes, the failure is
 * reported once, when the completion has become unreachable. This object does not refer to the completion.
 *
 * <p><b>Invariant.</b> One change of a flag decides whether the failure is seen or reported. A thread that observes the
 * completion reaches it, so the cleaner cannot have run before.
 */
public final class UnseenFailure implements Runnable {
    /** Used for failures in batches that are never gathered, too. */
    public static final Cleaner CLEANER = Cleaner.create();

    private final Throwable failure;
    private final Dialect dialect;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile Cleaner.@Nullable Cleanable unreachable;

    UnseenFailure(Throwable failure, Dialect dialect) {
        this.failure = failure;
        this.dialect = dialect;
    }

    /** Starts watching. Called once, when the completion has ended with this failure. */
    void watch(Completion<?> completion) {
        unreachable = CLEANER.register(completion, this);
        if (settled.get()) { // an observer came meanwhile, and found no registration to cancel
            forget();
        }
    }

    /** Called when an observer receives the failure, or the failure is known in another way. */
    void seen() {
        if (settled.compareAndSet(false, true)) {
            forget();
        }
    }

    private void forget() {
        Cleaner.Cleanable watch = unreachable;
        if (watch != null) {
            watch.clean();
        }
    }

    /** Called by the cleaner when the completion is unreachable. */
    @Override
    public void run() {
        if (settled.compareAndSet(false, true)) {
            dialect.drop(failure);
        }
    }
}
