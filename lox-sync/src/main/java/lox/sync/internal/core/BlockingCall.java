package lox.sync.internal.core;

import lox.sync.internal.time.WaitingThread;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/** A call of a function that does not block, by a thread that waits for its end. */
final class BlockingCall implements AsyncCall.Receiver {
    private final WaitingThread waiting = new WaitingThread();

    private BlockingCall() {}

    static @Nullable Object of(ChainStep step, @Nullable Object argument, Dialect dialect) throws Exception {
        CooperativeWait.checkMayWait(step.pool());
        if (!dialect.mayBlock()) {
            throw new IllegalStateException(
                    "call of \"" + step.pool().name() + "\" would wait in a thread that must not block: "
                            + Thread.currentThread().getName());
        }
        return new BlockingCall().of(step, argument, dialect, dialect.capture());
    }

    private @Nullable Object of(
            ChainStep step, @Nullable Object argument, Dialect dialect, Dialect.@Nullable Context context)
            throws Exception {
        AsyncCall call = dialect.asyncCall(this, this, context);
        call.start(TaskRunner.apply(step.work(), argument));
        if (call.leave()) {
            try {
                waiting.await(call::isEnded, null);
            } catch (InterruptedException interrupted) {
                call.stop(interrupted);
                throw interrupted;
            }
        }
        Throwable failure = call.failure();
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw failure instanceof Exception exception ? exception : new IllegalStateException(failure);
        }
        return call.value();
    }

    @Override
    public void resume(boolean here) {
        waiting.wake();
    }
}
