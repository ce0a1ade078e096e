package lox.contract;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lox.sync.Batch;
import lox.sync.BiBatch;
import lox.sync.BiScatter;
import lox.sync.BiTask;
import lox.sync.GatherException;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Progress;
import lox.sync.Scatter;
import lox.sync.Task;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;

/** Plain Java. Its gather blocks, so each runs in a thread of its own; to cancel it is to interrupt that thread. */
final class SyncLibrary implements Library {
    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> on(Workers workers, Task<T, R> task) {
        return face(Lox.on(workers, task));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> async(Workers workers, Task<T, R> task) {
        return face(Lox.async(workers, argument -> later(() -> task.call(argument))));
    }

    @Override
    public <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            Face<Pair<T, U>, R> async(Workers workers, BiTask<T, U, R> task) {
        return faceOfTwo(Lox.biAsync(workers, (first, second) -> later(() -> task.call(first, second))));
    }

    /** A future whose cancel interrupts the task. */
    private static final class Interrupting<R extends @Nullable Object> extends CompletableFuture<R> {
        private final Future<?> task;

        Interrupting(Callable<R> task) {
            this.task = Elsewhere.call(task, this::complete, this::completeExceptionally);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            task.cancel(true);
            return cancelled;
        }
    }

    private static <R extends @Nullable Object> CompletionStage<R> later(Callable<R> task) {
        return new Interrupting<>(task);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> promising(
            Workers workers, Task<T, @Nullable Promise<R>> task) {
        return face(Lox.async(workers, argument -> stageOf(task.call(argument))));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> promising(
            int workers, Task<T, @Nullable Promise<R>> task) {
        return face(Lox.async(workers, argument -> stageOf(task.call(argument))));
    }

    @SuppressWarnings("NullAway") // a function that breaks the rules
    private static <R extends @Nullable Object> CompletionStage<R> stageOf(@Nullable Promise<R> promise) {
        if (promise == null) {
            return null;
        }
        CompletableFuture<R> stage = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                promise.cancel();
                return super.cancel(mayInterruptIfRunning);
            }
        };
        promise.subscribe(new Promise.Signals<>() {
            @Override
            public void value(R value) {
                stage.complete(value);
            }

            @Override
            public void failure(Throwable failure) {
                stage.completeExceptionally(failure);
            }
        });
        return stage;
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <R extends @Nullable Object> Supplier<List<R>> gatheringHere(Face<?, R> function) {
        return ((Scatter<?, R>) function.own())::gather;
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> gatherHere(
            Face<T, R> function, Iterable<T> arguments) {
        return ((Scatter<T, R>) function.own()).gather(arguments);
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> expandHere(
            Face<T, R> function, Iterable<T> seeds, Function<R, List<T>> further) {
        return ((Scatter<T, R>) function.own()).expand(seeds, further);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> thread(int workers, Task<T, R> task) {
        return face(Lox.thread(workers, task));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> thread(Task<T, R> task) {
        return face(Lox.thread(task));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> virtual(int workers, Task<T, R> task) {
        return face(Lox.virtual(workers, task));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> virtual(Task<T, R> task) {
        return face(Lox.virtual(task));
    }

    private static <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> face(Scatter<T, R> scatter) {
        return new Face<>() {
            @Override
            public R call(T argument) {
                return scatter.call(argument);
            }

            @Override
            public int scatter(T argument) {
                return scatter.scatter(argument);
            }

            @Override
            public Result<R> submit(T argument) {
                return of(scatter.submit(argument));
            }

            @Override
            public Own<T, R> batch() {
                return batchOf(scatter.batch());
            }

            @Override
            public void discard() {
                scatter.discard();
            }

            @Override
            public Result<List<R>> gather(Iterable<T> arguments) {
                return blocking(() -> scatter.gather(arguments));
            }

            @Override
            public Result<List<R>> expand(
                    Iterable<? extends T> seeds, Function<? super R, ? extends Iterable<? extends T>> further) {
                return blocking(() -> scatter.expand(seeds, further));
            }

            @Override
            public int pending() {
                return scatter.pending();
            }

            @Override
            public Result<List<R>> gather() {
                return blocking(scatter::gather);
            }

            @Override
            public Result<List<R>> gather(Progress progress) {
                return blocking(() -> scatter.gather(progress));
            }

            @Override
            public Result<List<R>> gatherDelayError() {
                return blocking(() -> scatter.gatherDelayError());
            }

            @Override
            public Result<List<R>> gatherDelayError(Progress progress) {
                return blocking(() -> scatter.gatherDelayError(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled() {
                return blocking(() -> scatter.gatherSettled());
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Progress progress) {
                return blocking(() -> scatter.gatherSettled(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Duration timeout) {
                return blocking(() -> scatter.gatherSettled(timeout));
            }

            @Override
            public Sequence<R> gatherStream() {
                return reading(scatter.gatherStream());
            }

            @Override
            public Sequence<R> gatherAsCompleted() {
                return reading(scatter.gatherAsCompleted());
            }

            @Override
            public Sequence<Outcome<R>> gatherSettledAsCompleted() {
                return reading(scatter.gatherSettledAsCompleted());
            }

            @Override
            @SuppressWarnings("unchecked") // made here
            public <S extends @Nullable Object> Face<T, S> then(Face<R, S> next) {
                return face(scatter.andThen((Scatter<R, S>) next.own()));
            }

            @Override
            public Object own() {
                return scatter;
            }

            @Override
            public Result<List<R>> map(Iterable<T> source, Mapped<? super R> how) {
                Stream<R> mapped = switch (how.kind()) {
                    case IN_ORDER -> how.ahead() == 0 ? scatter.map(source) : scatter.map(source, how.ahead());
                    case DELAYING_ERRORS ->
                        how.ahead() == 0 ? scatter.mapDelayError(source) : scatter.mapDelayError(source, how.ahead());
                    case UNORDERED ->
                        how.ahead() == 0
                                ? scatter.mapUnordered(streamOf(source))
                                : scatter.mapUnordered(streamOf(source), how.ahead());
                };
                return blocking(() -> mapped.peek(how.each()).toList());
            }

            @Override
            public Result<List<Outcome<R>>> mapSettled(Iterable<T> source, Mapped<? super Outcome<R>> how) {
                Stream<Outcome<R>> mapped = how.ahead() == 0
                        ? scatter.mapSettled(streamOf(source))
                        : scatter.mapSettled(streamOf(source), how.ahead());
                return blocking(() -> mapped.peek(how.each()).toList());
            }

            @Override
            public Result<List<R>> mapByKey(Iterable<T> source, Function<? super T, ?> keyOf, Mapped<? super R> how) {
                Stream<R> mapped = how.ahead() == 0
                        ? scatter.mapByKey(streamOf(source), keyOf)
                        : scatter.mapByKey(streamOf(source), keyOf, how.ahead());
                return blocking(() -> mapped.peek(how.each()).toList());
            }
        };
    }

    private static <T extends @Nullable Object> Stream<T> streamOf(Iterable<T> source) {
        return StreamSupport.stream(source.spliterator(), false);
    }

    private static <T extends @Nullable Object, R extends @Nullable Object> Own<T, R> batchOf(Batch<T, R> batch) {
        return new Own<>() {
            @Override
            public int scatter(T argument) {
                return batch.scatter(argument);
            }

            @Override
            public void close() {
                batch.close();
            }

            @Override
            public int pending() {
                return batch.pending();
            }

            @Override
            public Result<List<R>> gather() {
                return blocking(batch::gather);
            }

            @Override
            public Result<List<R>> gather(Progress progress) {
                return blocking(() -> batch.gather(progress));
            }

            @Override
            public Result<List<R>> gatherDelayError() {
                return blocking(() -> batch.gatherDelayError());
            }

            @Override
            public Result<List<R>> gatherDelayError(Progress progress) {
                return blocking(() -> batch.gatherDelayError(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled() {
                return blocking(() -> batch.gatherSettled());
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Progress progress) {
                return blocking(() -> batch.gatherSettled(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Duration timeout) {
                return blocking(() -> batch.gatherSettled(timeout));
            }

            @Override
            public Sequence<R> gatherStream() {
                return reading(batch.gatherStream());
            }

            @Override
            public Sequence<R> gatherAsCompleted() {
                return reading(batch.gatherAsCompleted());
            }

            @Override
            public Sequence<Outcome<R>> gatherSettledAsCompleted() {
                return reading(batch.gatherSettledAsCompleted());
            }
        };
    }

    private static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            Own<Pair<T, U>, R> batchOfTwo(BiBatch<T, U, R> batch) {
        return new Own<>() {
            @Override
            public int scatter(Pair<T, U> both) {
                return batch.scatter(both.first(), both.second());
            }

            @Override
            public void close() {
                batch.close();
            }

            @Override
            public int pending() {
                return batch.pending();
            }

            @Override
            public Result<List<R>> gather() {
                return blocking(batch::gather);
            }

            @Override
            public Result<List<R>> gather(Progress progress) {
                return blocking(() -> batch.gather(progress));
            }

            @Override
            public Result<List<R>> gatherDelayError() {
                return blocking(() -> batch.gatherDelayError());
            }

            @Override
            public Result<List<R>> gatherDelayError(Progress progress) {
                return blocking(() -> batch.gatherDelayError(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled() {
                return blocking(() -> batch.gatherSettled());
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Progress progress) {
                return blocking(() -> batch.gatherSettled(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Duration timeout) {
                return blocking(() -> batch.gatherSettled(timeout));
            }

            @Override
            public Sequence<R> gatherStream() {
                return reading(batch.gatherStream());
            }

            @Override
            public Sequence<R> gatherAsCompleted() {
                return reading(batch.gatherAsCompleted());
            }

            @Override
            public Sequence<Outcome<R>> gatherSettledAsCompleted() {
                return reading(batch.gatherSettledAsCompleted());
            }
        };
    }

    @Override
    public <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> Face<Pair<T, U>, R> on(
            Workers workers, BiTask<T, U, R> task) {
        return faceOfTwo(Lox.biOn(workers, task));
    }

    private static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            Face<Pair<T, U>, R> faceOfTwo(BiScatter<T, U, R> scatter) {
        return new Face<>() {
            @Override
            public R call(Pair<T, U> both) {
                return scatter.call(both.first(), both.second());
            }

            @Override
            public int scatter(Pair<T, U> both) {
                return scatter.scatter(both.first(), both.second());
            }

            @Override
            public Result<R> submit(Pair<T, U> both) {
                return of(scatter.submit(both.first(), both.second()));
            }

            @Override
            public Own<Pair<T, U>, R> batch() {
                return batchOfTwo(scatter.batch());
            }

            @Override
            public void discard() {
                scatter.discard();
            }

            @Override
            public int pending() {
                return scatter.pending();
            }

            @Override
            public Result<List<R>> gather() {
                return blocking(scatter::gather);
            }

            @Override
            public Result<List<R>> gather(Progress progress) {
                return blocking(() -> scatter.gather(progress));
            }

            @Override
            public Result<List<R>> gatherDelayError() {
                return blocking(() -> scatter.gatherDelayError());
            }

            @Override
            public Result<List<R>> gatherDelayError(Progress progress) {
                return blocking(() -> scatter.gatherDelayError(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled() {
                return blocking(() -> scatter.gatherSettled());
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Progress progress) {
                return blocking(() -> scatter.gatherSettled(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Duration timeout) {
                return blocking(() -> scatter.gatherSettled(timeout));
            }

            @Override
            public Sequence<R> gatherStream() {
                return reading(scatter.gatherStream());
            }

            @Override
            public Sequence<R> gatherAsCompleted() {
                return reading(scatter.gatherAsCompleted());
            }

            @Override
            public Sequence<Outcome<R>> gatherSettledAsCompleted() {
                return reading(scatter.gatherSettledAsCompleted());
            }

            @Override
            @SuppressWarnings("unchecked") // made here
            public <S extends @Nullable Object> Face<Pair<T, U>, S> then(Face<R, S> next) {
                return faceOfTwo(scatter.andThen((Scatter<R, S>) next.own()));
            }

            @Override
            public Object own() {
                return scatter;
            }
        };
    }

    private static <R extends @Nullable Object> Sequence<R> reading(Stream<R> stream) {
        return () -> {
            Reading<R> reading = new Reading<>();
            Semaphore demand = new Semaphore(0);
            Thread thread = new Thread(
                    () -> {
                        try {
                            Iterator<R> results = stream.iterator();
                            while (results.hasNext()) {
                                demand.acquireUninterruptibly();
                                reading.next(results.next());
                            }
                            reading.end(null);
                        } catch (Throwable failure) {
                            reading.end(failure);
                        }
                    },
                    "reader");
            thread.setDaemon(true);
            thread.start();
            return reading.by(n -> demand.release((int) Math.min(n, 1_000_000)), thread::interrupt);
        };
    }

    private static <V> Result<V> blocking(Supplier<V> gather) {
        CompletableFuture<V> future = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        future.complete(gather.get());
                    } catch (Throwable failure) {
                        future.completeExceptionally(failure);
                    }
                },
                "gatherer");
        thread.setDaemon(true);
        thread.start();
        Eventually.until("the gather has closed its batch", () -> Eventually.isWaiting(thread));
        return onValue -> observe(future, onValue).cancelledBy(thread::interrupt);
    }

    private static <V extends @Nullable Object> Result<V> of(CompletableFuture<V> future) {
        return onValue -> observe(future, onValue).cancelledBy(() -> future.cancel(true));
    }

    private static <V extends @Nullable Object> Observation<V> observe(
            CompletionStage<V> stage, Consumer<? super V> onValue) {
        Observation<V> observation = new Observation<>();
        CompletionStage<V> observed = stage.whenComplete((value, failure) -> {
            if (failure == null) {
                onValue.accept(value);
                observation.succeeded(value);
            } else {
                observation.failed(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        assert observed != stage;
        return observation;
    }

    @Override
    public @Nullable OwnScheduler openScheduler() {
        return null;
    }

    @Override
    public boolean hasSubscribers() {
        return false;
    }

    @Override
    public boolean carriesNull() {
        return true;
    }

    @Override
    public Throwable failureOfTask(Throwable received) {
        return received instanceof GatherException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : received;
    }

    @Override
    public List<Throwable> failuresOfTasks(Throwable received) {
        return received instanceof GatherException several ? several.failures() : List.of(received);
    }

    @Override
    public void captureDropped(Consumer<Throwable> sink) {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> sink.accept(failure));
    }

    @Override
    public void releaseDropped() {
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    @Override
    public void hookSchedules(UnaryOperator<Runnable> hook) {
        throw new UnsupportedOperationException("plain Java has no schedule hook");
    }

    @Override
    public void releaseSchedules() {}

    @Override
    public String toString() {
        return "sync";
    }
}
