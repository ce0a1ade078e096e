package lox.contract;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.MaybeSource;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.exceptions.CompositeException;
import io.reactivex.rxjava3.exceptions.UndeliverableException;
import io.reactivex.rxjava3.observers.DisposableSingleObserver;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.DisposableSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lox.rxjava.Batch;
import lox.rxjava.BiBatch;
import lox.rxjava.BiScatter;
import lox.rxjava.Lox;
import lox.rxjava.Scatter;
import lox.sync.BiTask;
import lox.sync.Outcome;
import lox.sync.Progress;
import lox.sync.Task;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/** RxJava, through observers of its own kind. */
final class RxJavaLibrary implements Library {
    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> on(Workers workers, Task<T, R> task) {
        return face(Lox.on(workers, task));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> async(Workers workers, Task<T, R> task) {
        return face(Lox.asyncMaybe(workers, argument -> later(() -> task.call(argument))));
    }

    @Override
    public <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            Face<Pair<T, U>, R> async(Workers workers, BiTask<T, U, R> task) {
        return faceOfTwo(Lox.biAsyncMaybe(workers, (first, second) -> later(() -> task.call(first, second))));
    }

    private static <R extends @Nullable Object> Maybe<R> later(Callable<R> task) {
        return Maybe.create(emitter -> {
            Future<?> running = Elsewhere.call(
                    task,
                    value -> {
                        if (value == null) {
                            emitter.onComplete();
                        } else {
                            emitter.onSuccess(value);
                        }
                    },
                    failure -> {
                        if (!emitter.tryOnError(failure) && !(failure instanceof InterruptedException)) {
                            RxJavaPlugins.onError(failure);
                        }
                    });
            emitter.setCancellable(() -> running.cancel(true));
        });
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> promising(
            Workers workers, Task<T, @Nullable Promise<R>> task) {
        return face(Lox.asyncMaybe(workers, argument -> sourceOf(task.call(argument))));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> promising(
            int workers, Task<T, @Nullable Promise<R>> task) {
        return face(Lox.asyncMaybe(workers, argument -> sourceOf(task.call(argument))));
    }

    /** Passes on what the promise signals, without a look at it. */
    @SuppressWarnings("NullAway") // a function that breaks the rules
    private static <R extends @Nullable Object> MaybeSource<R> sourceOf(@Nullable Promise<R> promise) {
        return promise == null
                ? null
                : observer -> {
                    observer.onSubscribe(Disposable.fromRunnable(promise::cancel));
                    promise.subscribe(new Promise.Signals<>() {
                        @Override
                        public void value(R value) {
                            if (value == null) {
                                observer.onComplete();
                            } else {
                                observer.onSuccess(value);
                            }
                        }

                        @Override
                        public void failure(Throwable failure) {
                            observer.onError(failure);
                        }
                    });
                };
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <R extends @Nullable Object> Supplier<List<R>> gatheringHere(Face<?, R> function) {
        Single<List<R>> gather = ((Scatter<?, R>) function.own()).gather();
        return gather::blockingGet;
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> gatherHere(
            Face<T, R> function, Iterable<T> arguments) {
        return ((Scatter<T, R>) function.own()).gather(arguments).blockingGet();
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> expandHere(
            Face<T, R> function, Iterable<T> seeds, Function<R, List<T>> further) {
        return ((Scatter<T, R>) function.own()).expand(seeds, further).blockingGet();
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
                return of(scatter.gather(arguments));
            }

            @Override
            public Result<List<R>> expand(
                    Iterable<? extends T> seeds, Function<? super R, ? extends Iterable<? extends T>> further) {
                return of(scatter.expand(seeds, further));
            }

            @Override
            public int pending() {
                return scatter.pending();
            }

            @Override
            public Result<List<R>> gather() {
                return of(scatter.gather());
            }

            @Override
            public Result<List<R>> gather(Progress progress) {
                return of(scatter.gather(progress));
            }

            @Override
            public Result<List<R>> gatherDelayError() {
                return of(scatter.gatherDelayError());
            }

            @Override
            public Result<List<R>> gatherDelayError(Progress progress) {
                return of(scatter.gatherDelayError(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled() {
                return of(scatter.gatherSettled());
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Progress progress) {
                return of(scatter.gatherSettled(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Duration timeout) {
                return of(scatter.gatherSettled(timeout));
            }

            @Override
            public Sequence<R> gatherStream() {
                return reading(scatter.gatherFlowable());
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
            public Result<List<R>> map(Iterable<T> elements, Mapped<? super R> how) {
                Flowable<T> source = Flowable.fromIterable(elements);
                return stream(
                        switch (how.kind()) {
                            case IN_ORDER ->
                                how.ahead() == 0 ? source.compose(scatter::map) : scatter.map(source, how.ahead());
                            case DELAYING_ERRORS ->
                                how.ahead() == 0
                                        ? scatter.mapDelayError(source)
                                        : scatter.mapDelayError(source, how.ahead());
                            case UNORDERED ->
                                how.ahead() == 0
                                        ? source.compose(scatter::mapUnordered)
                                        : scatter.mapUnordered(source, how.ahead());
                        },
                        how);
            }

            @Override
            public Result<List<Outcome<R>>> mapSettled(Iterable<T> elements, Mapped<? super Outcome<R>> how) {
                Flowable<T> source = Flowable.fromIterable(elements);
                return stream(
                        how.ahead() == 0
                                ? source.compose(scatter::mapSettled)
                                : scatter.mapSettled(source, how.ahead()),
                        how);
            }

            @Override
            public Result<List<R>> mapByKey(Iterable<T> elements, Function<? super T, ?> keyOf, Mapped<? super R> how) {
                Flowable<T> source = Flowable.fromIterable(elements);
                return stream(
                        how.ahead() == 0
                                ? scatter.mapByKey(source, keyOf)
                                : scatter.mapByKey(source, keyOf, how.ahead()),
                        how);
            }
        };
    }

    private static <R extends @Nullable Object> Result<List<R>> stream(Flowable<R> flowable, Mapped<? super R> how) {
        return onValue -> {
            Observation<List<R>> observation = new Observation<>();
            DisposableSubscriber<R> subscriber = new DisposableSubscriber<>() {
                private final List<R> received = new ArrayList<>();
                private long open;

                @Override
                protected void onStart() {
                    requestMore();
                }

                private void requestMore() {
                    open = how.demand().getAsLong();
                    request(open);
                }

                @Override
                public void onNext(R next) {
                    received.add(next);
                    how.each().accept(next);
                    if (--open == 0) {
                        requestMore();
                    }
                }

                @Override
                public void onComplete() {
                    onValue.accept(received);
                    observation.succeeded(received);
                }

                @Override
                public void onError(Throwable failure) {
                    observation.failed(failure);
                }
            };
            flowable.subscribe(subscriber);
            return observation.cancelledBy(subscriber::dispose);
        };
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
                return of(batch.gather());
            }

            @Override
            public Result<List<R>> gather(Progress progress) {
                return of(batch.gather(progress));
            }

            @Override
            public Result<List<R>> gatherDelayError() {
                return of(batch.gatherDelayError());
            }

            @Override
            public Result<List<R>> gatherDelayError(Progress progress) {
                return of(batch.gatherDelayError(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled() {
                return of(batch.gatherSettled());
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Progress progress) {
                return of(batch.gatherSettled(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Duration timeout) {
                return of(batch.gatherSettled(timeout));
            }

            @Override
            public Sequence<R> gatherStream() {
                return reading(batch.gatherFlowable());
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
                return of(batch.gather());
            }

            @Override
            public Result<List<R>> gather(Progress progress) {
                return of(batch.gather(progress));
            }

            @Override
            public Result<List<R>> gatherDelayError() {
                return of(batch.gatherDelayError());
            }

            @Override
            public Result<List<R>> gatherDelayError(Progress progress) {
                return of(batch.gatherDelayError(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled() {
                return of(batch.gatherSettled());
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Progress progress) {
                return of(batch.gatherSettled(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Duration timeout) {
                return of(batch.gatherSettled(timeout));
            }

            @Override
            public Sequence<R> gatherStream() {
                return reading(batch.gatherFlowable());
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
                return of(scatter.gather());
            }

            @Override
            public Result<List<R>> gather(Progress progress) {
                return of(scatter.gather(progress));
            }

            @Override
            public Result<List<R>> gatherDelayError() {
                return of(scatter.gatherDelayError());
            }

            @Override
            public Result<List<R>> gatherDelayError(Progress progress) {
                return of(scatter.gatherDelayError(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled() {
                return of(scatter.gatherSettled());
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Progress progress) {
                return of(scatter.gatherSettled(progress));
            }

            @Override
            public Result<List<Outcome<R>>> gatherSettled(Duration timeout) {
                return of(scatter.gatherSettled(timeout));
            }

            @Override
            public Sequence<R> gatherStream() {
                return reading(scatter.gatherFlowable());
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

    private static <R> Sequence<R> reading(Flowable<R> flowable) {
        return () -> {
            Reading<R> reading = new Reading<>();
            flowable.subscribe(new FlowableSubscriber<R>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    reading.by(subscription::request, subscription::cancel);
                }

                @Override
                public void onNext(R next) {
                    reading.next(next);
                }

                @Override
                public void onComplete() {
                    reading.end(null);
                }

                @Override
                public void onError(Throwable failure) {
                    reading.end(failure);
                }
            });
            return reading;
        };
    }

    private static <V> Result<V> of(Single<V> single) {
        return onValue -> {
            Observation<V> observation = new Observation<>();
            DisposableSingleObserver<V> observer = new DisposableSingleObserver<>() {
                @Override
                public void onSuccess(V value) {
                    onValue.accept(value);
                    observation.succeeded(value);
                }

                @Override
                public void onError(Throwable failure) {
                    observation.failed(failure);
                }
            };
            single.subscribe(observer);
            return observation.cancelledBy(observer::dispose);
        };
    }

    @Override
    public OwnScheduler openScheduler() {
        ThreadPoolExecutor threads = OwnScheduler.threads();
        Scheduler scheduler = Schedulers.from(threads, true);
        return new OwnScheduler() {
            @Override
            public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> on(
                    int workers, Task<T, R> task) {
                return face(Lox.on(scheduler, workers, task));
            }

            @Override
            public Workers.Builder workers(int workers) {
                return Lox.workers(scheduler, workers);
            }

            @Override
            public void close() {
                Eventually.idle(threads);
                threads.shutdown();
            }

            @Override
            public void leave() {
                threads.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
                close();
            }
        };
    }

    @Override
    public boolean hasSubscribers() {
        return true;
    }

    @Override
    public boolean carriesNull() {
        return false;
    }

    @Override
    public Throwable failureOfTask(Throwable received) {
        return received;
    }

    @Override
    public List<Throwable> failuresOfTasks(Throwable received) {
        Throwable delivered = delivered(received);
        return delivered instanceof CompositeException several ? several.getExceptions() : List.of(delivered);
    }

    private static Throwable delivered(Throwable told) {
        return told instanceof UndeliverableException && told.getCause() != null ? told.getCause() : told;
    }

    @Override
    public void captureDropped(Consumer<Throwable> sink) {
        RxJavaPlugins.setErrorHandler(failure -> sink.accept(delivered(failure)));
    }

    @Override
    public void releaseDropped() {
        RxJavaPlugins.setErrorHandler(null);
    }

    @Override
    public void hookSchedules(UnaryOperator<Runnable> hook) {
        RxJavaPlugins.setScheduleHandler(hook::apply);
    }

    @Override
    public void releaseSchedules() {
        RxJavaPlugins.setScheduleHandler(null);
    }

    @Override
    public String toString() {
        return "rxjava";
    }
}
