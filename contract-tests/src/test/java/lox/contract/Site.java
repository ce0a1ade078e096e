package lox.contract;

import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;
import lox.sync.BiTask;
import lox.sync.Task;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;

/** Workers of one kind, for any number of functions of one library. */
final class Site implements AutoCloseable {
    private final Library library;
    private final int size;
    private final @Nullable Workers workers;
    private final Library.@Nullable OwnScheduler scheduler;
    private final @Nullable ThreadPoolExecutor executor;
    private final boolean abroad;

    private Site(
            Library library,
            int size,
            @Nullable Workers workers,
            Library.@Nullable OwnScheduler scheduler,
            @Nullable ThreadPoolExecutor executor,
            boolean abroad) {
        this.library = library;
        this.size = size;
        this.workers = workers;
        this.scheduler = scheduler;
        this.executor = executor;
        this.abroad = abroad;
    }

    static Site open(Setup setup, int size, UnaryOperator<Workers.Builder> options) {
        ThreadPoolExecutor executor = setup.kind() == Setup.Kind.EXECUTOR ? Library.OwnScheduler.threads() : null;
        Workers.Builder builder = switch (setup.kind()) {
            case THREADS -> Workers.threads(size);
            case VIRTUAL -> Workers.virtual(size);
            case EXECUTOR -> executor == null ? Workers.inline() : Workers.executor(executor, size);
            case PROCESSES -> Workers.processes(size).initialize(Embassy.wayHome());
            case INLINE -> Workers.inline();
            case SCHEDULER -> null;
        };
        return builder == null
                ? new Site(setup.library(), size, null, setup.library().openScheduler(), null, false)
                : new Site(
                        setup.library(),
                        size,
                        options.apply(builder).build(),
                        null,
                        executor,
                        setup.kind() == Setup.Kind.PROCESSES);
    }

    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> function(Task<T, R> task) {
        return scheduler != null
                ? scheduler.on(size, task)
                : library.on(workers(), abroad ? Embassy.abroad(task) : task);
    }

    <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            Face<Pair<T, U>, R> functionOfTwo(BiTask<T, U, R> task) {
        return library.on(workers(), abroad ? Embassy.abroad(task) : task);
    }

    Workers workers() {
        if (workers == null) {
            throw new AssertionError("a scheduler has no Workers");
        }
        return workers;
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
        if (scheduler != null) {
            scheduler.close();
        }
        if (executor != null) {
            Eventually.idle(executor); // else a lane that is about to start would be rejected
            executor.shutdown();
        }
    }
}
