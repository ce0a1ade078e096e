package lox.sync;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import lox.sync.engine.Completion;
import org.jspecify.annotations.Nullable;

/**
 * The result of one submitted task, as a stage that nobody but the task completes. {@link CompletableFuture}'s own way to such a
 * stage, {@code minimalCompletionStage}, would wrap the task's exception.
 *
 * @param <R> the type of the result
 */
final class TaskStage<R extends @Nullable Object> extends CompletableFuture<R> implements Completion.Observer<R> {
    @Override
    public void succeeded(R value) {
        super.complete(value);
    }

    @Override
    public void failed(Throwable failure) {
        super.completeExceptionally(failure);
    }

    /** A future of the caller's own, which he may complete or cancel as he likes. */
    @Override
    public CompletableFuture<R> toCompletableFuture() {
        CompletableFuture<R> own = new CompletableFuture<>();
        @SuppressWarnings("unused") // own tells of it
        CompletableFuture<R> handedOn = whenComplete((value, failure) -> {
            if (failure != null) {
                own.completeExceptionally(failure);
            } else {
                own.complete(value);
            }
        });
        return own;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    @Override
    public boolean complete(R value) {
        throw refused();
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        throw refused();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        throw refused();
    }

    @Override
    public void obtrudeValue(R value) {
        throw refused();
    }

    @Override
    public void obtrudeException(Throwable failure) {
        throw refused();
    }

    @Override
    public CompletableFuture<R> orTimeout(long timeout, TimeUnit unit) {
        throw refused();
    }

    @Override
    public CompletableFuture<R> completeOnTimeout(R value, long timeout, TimeUnit unit) {
        throw refused();
    }

    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        throw refused();
    }

    private static UnsupportedOperationException refused() {
        return new UnsupportedOperationException(
                "only the task completes its stage; toCompletableFuture() gives one of your own");
    }
}
