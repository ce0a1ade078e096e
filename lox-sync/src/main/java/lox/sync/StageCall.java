package lox.sync;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import lox.sync.internal.time.BoundedCalls;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function that returns a {@link CompletionStage}.
 *
 * <p>To cancel a future is to run code of the client's, and of all that depends on the future. Whoever gathers, or
 * closes the {@code Workers}, waits for that for a second at most.
 */
final class StageCall extends AsyncCall implements BiFunction<@Nullable Object, @Nullable Throwable, @Nullable Object> {
    private static final BoundedCalls CANCELS = new BoundedCalls(1, TimeUnit.SECONDS);

    private volatile @Nullable CompletionStage<?> stage;

    StageCall(Receiver receiver, Object batch) {
        super(receiver, batch);
    }

    @Override
    protected void subscribe(Object returned) {
        CompletionStage<?> begun = (CompletionStage<?>) returned;
        stage = begun;
        begun.handle(this); // not whenComplete, which would put the failure into another one
        if (isOver()) { // stopped before it could be seen, or it has completed
            cancel(begun, 1);
        }
    }

    @Override
    public @Nullable Object apply(@Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            succeed(value);
            return null;
        }
        Throwable cause = StageFailure.of(failure);
        if (!fail(cause) && !(cause instanceof CancellationException)) { // that is the echo of cancel
            SyncDialect.INSTANCE.drop(cause);
        }
        return null;
    }

    @Override
    protected void unwanted(Object returned) {
        cancel((CompletionStage<?>) returned, 0); // a stage is under way as soon as it is there
    }

    @Override
    protected void cancel() {
        CompletionStage<?> begun = stage;
        if (begun != null) {
            cancel(begun, 1);
        }
    }

    /** Cancels a stage; so many of what depends on it is lox's own. */
    private static void cancel(CompletionStage<?> begun, int own) {
        CompletableFuture<?> future;
        try {
            future = begun.toCompletableFuture();
        } catch (UnsupportedOperationException optional) {
            return; // such a stage cannot be cancelled; what it gives is ignored
        }
        if (future.getClass() == CompletableFuture.class && future.getNumberOfDependents() <= own) {
            future.cancel(true); // runs nothing that could take its time
        } else {
            CANCELS.run(() -> future.cancel(true));
        }
    }

    @Override
    protected String expected() {
        return "CompletionStage";
    }
}
