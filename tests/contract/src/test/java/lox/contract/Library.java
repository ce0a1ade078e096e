package lox.contract;

import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lox.sync.BiTask;
import lox.sync.Task;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;

/** One of the three dialects under test: everything in which they differ. */
interface Library {
    Library SYNC = new SyncLibrary();
    Library REACTOR = new ReactorLibrary();
    Library RXJAVA = new RxJavaLibrary();

    /** In this order in every report. */
    static List<Library> all() {
        return List.of(SYNC, REACTOR, RXJAVA);
    }

    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> on(Workers workers, Task<T, R> task);

    <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> Face<Pair<T, U>, R> on(
            Workers workers, BiTask<T, U, R> task);

    /** {@code Lox.async}, with a function that has the task run {@link Elsewhere}. */
    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> async(Workers workers, Task<T, R> task);

    <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> Face<Pair<T, U>, R> async(
            Workers workers, BiTask<T, U, R> task);

    /** {@code Lox.async}, with a function whose calls the test ends. Null is passed on as it is. */
    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> promising(
            Workers workers, Task<T, @Nullable Promise<R>> task);

    /** The same by {@code Lox.async(workers, task)}. */
    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> promising(
            int workers, Task<T, @Nullable Promise<R>> task);

    /** Seals the batch, where the library does that first, and returns what waits for it in the calling thread. */
    <R extends @Nullable Object> Supplier<List<R>> gatheringHere(Face<?, R> function);

    /** Gathers a list in the calling thread, as a program does. */
    <T extends @Nullable Object, R extends @Nullable Object> List<R> gatherHere(
            Face<T, R> function, Iterable<T> arguments);

    /** Expands in the calling thread. */
    <T extends @Nullable Object, R extends @Nullable Object> List<R> expandHere(
            Face<T, R> function, Iterable<T> seeds, Function<R, List<T>> further);

    /** {@code Lox.thread(workers, task)}, {@code Lox.virtual(workers, task)}, and both without a number. */
    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> thread(int workers, Task<T, R> task);

    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> thread(Task<T, R> task);

    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> virtual(int workers, Task<T, R> task);

    <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> virtual(Task<T, R> task);

    /** A scheduler of this library, with room for as many tasks as any test runs; null in plain Java. */
    @Nullable
    OwnScheduler openScheduler();

    /** Whether a result has subscribers that come and go. In plain Java the one who gathers is all there is. */
    boolean hasSubscribers();

    /** Whether a single result may be null. */
    boolean carriesNull();

    /** The task's own exception, from what the gatherer received. */
    Throwable failureOfTask(Throwable received);

    /** The tasks' own exceptions, from what {@code gatherDelayError} gave. */
    List<Throwable> failuresOfTasks(Throwable received);

    /** From now on, gives what this library's users see of failures nobody can receive. */
    void captureDropped(Consumer<Throwable> sink);

    void releaseDropped();

    /** From now on, wraps what this library's schedule hook is shown. Plain Java has none. */
    void hookSchedules(UnaryOperator<Runnable> hook);

    void releaseSchedules();

    /** A scheduler of the library, to be given to lox. */
    interface OwnScheduler extends AutoCloseable {
        /** {@code Lox.on(scheduler, workers, task)}. */
        <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> on(int workers, Task<T, R> task);

        /** {@code Lox.workers(scheduler, workers)}. */
        Workers.Builder workers(int workers);

        static ThreadPoolExecutor threads() {
            return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
        }

        /** Waits until nothing runs, then disposes of it: from now on it rejects. */
        @Override
        void close();

        /**
         * The same after the Workers on it have been closed. A lane that is on its way then has nothing to run; RxJava
         * would tell its hook of the refusal, during another test.
         */
        default void leave() {
            close();
        }
    }
}
