package lox.sync.internal.core;

import org.jspecify.annotations.Nullable;

/** Runs tasks in the lane's own thread, those first whose next attempt is due. */
public final class RetryingRunner extends ThreadRunner {
    private final DelayedRetries retries;

    public RetryingRunner(LaneSettings settings, InterruptGuard guard, DelayedRetries retries) {
        super(settings, guard);
        this.retries = retries;
    }

    @Override
    public boolean claimRetry(@Nullable Batch only) {
        return claimRetry(retries, only);
    }
}
