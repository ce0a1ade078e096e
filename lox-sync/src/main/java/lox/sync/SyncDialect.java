package lox.sync;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/** Plain Java: failures come as exceptions, and what nobody can receive goes to the thread's handler. */
final class SyncDialect implements Dialect {
    static final SyncDialect INSTANCE = new SyncDialect();

    private SyncDialect() {}

    @Override
    public void dropped(Throwable failure) {
        Uncaught.report(failure);
    }

    @Override
    public Throwable combine(List<Throwable> failures, int total) {
        return new GatherException(failures, total);
    }

    @Override
    public boolean carriesNull() {
        return true;
    }

    @Override
    public @Nullable Object valueOf(Object returned) {
        if (returned.getClass() == CompletableFuture.class) { // a minimal stage is a subclass, and refuses to be asked
            CompletableFuture<?> future = (CompletableFuture<?>) returned;
            if (future.isDone() && !future.isCompletedExceptionally()) {
                return future.join();
            }
        }
        return AsyncCall.PENDING;
    }

    @Override
    public AsyncCall asyncCall(AsyncCall.Receiver receiver, Object batch, @Nullable Context context) {
        return new StageCall(receiver, batch);
    }

    @Override
    public Throwable overflow(String message) {
        return new OverflowException(message);
    }

    /** What a gather throws for a task's failure, with the trace of whoever gathers. */
    static RuntimeException gathered(Throwable failure) {
        if (failure instanceof GatherException several) {
            several.fillInStackTrace(); // it was made by the thread that ended the batch, and is this gatherer's alone
        } else if (failure instanceof RuntimeException || failure instanceof Error) {
            GatheredHere.attachTo(failure); // any other is wrapped here
        }
        return thrown(failure);
    }

    /** What a call in this thread throws for the function's failure. */
    static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new GatherException(failure);
    }
}
