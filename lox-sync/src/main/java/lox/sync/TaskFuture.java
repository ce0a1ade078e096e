package lox.sync;

import java.lang.ref.WeakReference;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.Gathering;
import lox.sync.internal.result.Completion;
import org.jspecify.annotations.Nullable;

/**
 * The result of one submitted task. A caller that ends it, by a cancel or a timeout, has no more use for the task, so
 * that is cancelled. A thread that waits for it in a task on the same workers does the work itself, if nobody has
 * begun.
 *
 * @param <R> the type of the result
 */
final class TaskFuture<R extends @Nullable Object> extends CompletableFuture<R> implements Completion.Observer<R> {
    private final Dispatcher<?, R> dispatcher;
    private final Gathering<R> task;

    private TaskFuture(Dispatcher<?, R> dispatcher, Gathering<R> task) {
        this.dispatcher = dispatcher;
        this.task = task;
    }

    static <R extends @Nullable Object> TaskFuture<R> of(Dispatcher<?, R> dispatcher, Gathering<R> task) {
        TaskFuture<R> future = new TaskFuture<>(dispatcher, task);
        task.observe(future);
        return future;
    }

    // ---- the task ends ---------------------------------------------------------------------------------------------

    @Override
    public void succeeded(R value) {
        super.complete(value);
    }

    @Override
    public void failed(Throwable failure) {
        if (!super.completeExceptionally(failure) && !(failure instanceof CancellationException)) {
            SyncDialect.INSTANCE.drop(failure);
        }
    }

    // ---- somebody else ends it -------------------------------------------------------------------------------------

    /**
     * As {@link java.util.concurrent.Future#cancel} says: with {@code false} a task that runs, runs on.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (mayInterruptIfRunning) {
            task.leave(this);
        } else {
            task.cancelUnstarted("its future was cancelled");
        }
        return cancelled;
    }

    @Override
    public boolean complete(R value) {
        return leave(super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return leave(super.completeExceptionally(failure));
    }

    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable thrown) {
                completeExceptionally(thrown instanceof CompletionException ? thrown : new CompletionException(thrown));
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(R value) {
        super.obtrudeValue(value);
        task.leave(this);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        super.obtrudeException(failure);
        task.leave(this);
    }

    private boolean leave(boolean ended) {
        if (ended) {
            task.leave(this);
        }
        return ended;
    }

    // ---- somebody waits --------------------------------------------------------------------------------------------

    private void help() {
        if (!isDone()) {
            dispatcher.help(task);
        }
    }

    @Override
    public R join() {
        help();
        return super.join();
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        help();
        return super.get();
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        help();
        return super.get(timeout, unit);
    }

    /** What depends on this one: ending it has nothing to do with the task, waiting for it has. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Dependent<>(new WeakReference<>(this));
    }

    private static final class Dependent<U> extends CompletableFuture<U> {
        /** Not kept alive from here. As long as the task has not ended, the engine does that. */
        private final WeakReference<TaskFuture<?>> origin;

        Dependent(WeakReference<TaskFuture<?>> origin) {
            this.origin = origin;
        }

        private void help() {
            TaskFuture<?> first = isDone() ? null : origin.get();
            if (first != null) {
                first.help();
            }
        }

        @Override
        public U join() {
            help();
            return super.join();
        }

        @Override
        public U get() throws InterruptedException, ExecutionException {
            help();
            return super.get();
        }

        @Override
        public U get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            help();
            return super.get(timeout, unit);
        }

        @Override
        public <V> CompletableFuture<V> newIncompleteFuture() {
            return new Dependent<>(origin);
        }
    }
}
