package lox.contract;

import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;
import lox.sync.BiTask;
import lox.sync.Task;
import lox.sync.Workers;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;

/** Workers of one kind, for any number of functions of one library. */
final class Site implements AutoCloseable {
    private final Library library;
    private final int size;
    private final Workers workers;
    private final Library.@Nullable OwnScheduler scheduler;
    private final @Nullable ThreadPoolExecutor executor;
    private final boolean abroad;
    private final boolean asynchronous;
    private final boolean shared;

    private Site(
            Library library,
            int size,
            Workers workers,
            Library.@Nullable OwnScheduler scheduler,
            @Nullable ThreadPoolExecutor executor,
            Setup.Kind kind,
            boolean shared) {
        this.library = library;
        this.size = size;
        this.workers = workers;
        this.scheduler = scheduler;
        this.executor = executor;
        this.abroad = kind == Setup.Kind.PROCESSES;
        this.asynchronous = kind == Setup.Kind.ASYNC;
        this.shared = shared;
    }

    /** Workers with no options: processes may have served other tests. */
    static Site open(Setup setup, int size) {
        return setup.kind() == Setup.Kind.PROCESSES
                ? new Site(setup.library(), size, SharedProcesses.take(size), null, null, setup.kind(), true)
                : open(setup, size, options -> options);
    }

    static Site open(Setup setup, int size, UnaryOperator<Workers.Builder> options) {
        ThreadPoolExecutor executor = setup.kind() == Setup.Kind.EXECUTOR ? Library.OwnScheduler.threads() : null;
        Library.OwnScheduler scheduler =
                setup.kind() == Setup.Kind.SCHEDULER ? setup.library().openScheduler() : null;
        Workers.Builder builder = switch (setup.kind()) {
            case THREADS -> Workers.threads(size);
            case VIRTUAL -> Workers.virtual(size);
            case EXECUTOR -> executor == null ? Workers.inline() : Workers.executor(executor, size);
            case PROCESSES -> SharedProcesses.shortLived(size);
            case ASYNC -> Workers.async(size);
            case INLINE -> Workers.inline();
            case SCHEDULER -> scheduler == null ? Workers.inline() : scheduler.workers(size);
        };
        return new Site(
                setup.library(), size, options.apply(builder).build(), scheduler, executor, setup.kind(), false);
    }

    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> function(Task<T, R> task) {
        return asynchronous ? library.async(workers, task) : library.on(workers, abroad ? Embassy.abroad(task) : task);
    }

    <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            Face<Pair<T, U>, R> functionOfTwo(BiTask<T, U, R> task) {
        return asynchronous ? library.async(workers, task) : library.on(workers, abroad ? Embassy.abroad(task) : task);
    }

    Workers workers() {
        return workers;
    }

    /** Waits until no task runs any more and each failure has been told. Workers cannot be used after that. */
    void end() throws InterruptedException {
        workers.shutdown();
        if (!workers.awaitTermination(Patience.LIMIT)) {
            throw new AssertionError("still busy: " + workers);
        }
    }

    /** The test is over: processes without options may serve another. */
    void leave() {
        if (shared) {
            SharedProcesses.giveBack(size, workers);
        } else {
            close();
        }
    }

    @Override
    public void close() {
        workers.close();
        if (scheduler != null) {
            scheduler.leave();
        }
        if (executor != null) {
            Eventually.idle(executor); // else a lane that is about to start would be rejected
            executor.shutdown();
        }
    }
}
