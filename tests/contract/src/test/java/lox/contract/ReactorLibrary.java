package lox.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lox.reactor.Batch;
import lox.reactor.BiBatch;
import lox.reactor.BiScatter;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import lox.sync.BiTask;
import lox.sync.Outcome;
import lox.sync.Progress;
import lox.sync.Task;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Project Reactor, through subscribers of its own kind. */
final class ReactorLibrary implements Library {
    private static final String HOOK = "lox-contract";

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

    private static <R extends @Nullable Object> Mono<R> later(Callable<R> task) {
        return Mono.create(sink -> {
            Future<?> running = Elsewhere.call(task, sink::success, sink::error);
            sink.onCancel(() -> running.cancel(true));
        });
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> promising(
            Workers workers, Task<T, @Nullable Promise<R>> task) {
        return face(Lox.async(workers, argument -> monoOf(task.call(argument))));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Face<T, R> promising(
            int workers, Task<T, @Nullable Promise<R>> task) {
        return face(Lox.async(workers, argument -> monoOf(task.call(argument))));
    }

    @SuppressWarnings("NullAway") // a function that breaks the rules
    private static <R extends @Nullable Object> Mono<R> monoOf(@Nullable Promise<R> promise) {
        return promise == null ? null : new PromisedMono<>(promise);
    }

    /** Passes on what the promise signals, without a look at it. */
    private static final class PromisedMono<R extends @Nullable Object> extends Mono<R> {
        private final Promise<R> promise;

        PromisedMono(Promise<R> promise) {
            this.promise = promise;
        }

        @Override
        public void subscribe(CoreSubscriber<? super R> actual) {
            actual.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {
                    promise.cancel();
                }
            });
            promise.subscribe(new Promise.Signals<>() {
                @Override
                public void value(R value) {
                    if (value != null) {
                        actual.onNext(value);
                    }
                    actual.onComplete();
                }

                @Override
                public void failure(Throwable failure) {
                    actual.onError(failure);
                }
            });
        }
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <R extends @Nullable Object> Supplier<List<R>> gatheringHere(Face<?, R> function) {
        Mono<List<R>> gather = ((Scatter<?, R>) function.own()).gather();
        return () -> Objects.requireNonNull(gather.block());
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> gatherHere(
            Face<T, R> function, Iterable<T> arguments) {
        return Objects.requireNonNull(
                ((Scatter<T, R>) function.own()).gather(arguments).block());
    }

    @Override
    @SuppressWarnings("unchecked") // made here
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> expandHere(
            Face<T, R> function, Iterable<T> seeds, Function<R, List<T>> further) {
        return Objects.requireNonNull(
                ((Scatter<T, R>) function.own()).expand(seeds, further).block());
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
                return reading(scatter.gatherFlux());
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
                Flux<T> source = exactly(elements);
                return stream(
                        switch (how.kind()) {
                            case IN_ORDER ->
                                how.ahead() == 0 ? source.transform(scatter::map) : scatter.map(source, how.ahead());
                            case DELAYING_ERRORS ->
                                how.ahead() == 0
                                        ? scatter.mapDelayError(source)
                                        : scatter.mapDelayError(source, how.ahead());
                            case UNORDERED ->
                                how.ahead() == 0
                                        ? source.transform(scatter::mapUnordered)
                                        : scatter.mapUnordered(source, how.ahead());
                        },
                        how);
            }

            @Override
            public Result<List<Outcome<R>>> mapSettled(Iterable<T> elements, Mapped<? super Outcome<R>> how) {
                Flux<T> source = exactly(elements);
                return stream(
                        how.ahead() == 0
                                ? source.transform(scatter::mapSettled)
                                : scatter.mapSettled(source, how.ahead()),
                        how);
            }

            @Override
            public Result<List<R>> mapByKey(Iterable<T> elements, Function<? super T, ?> keyOf, Mapped<? super R> how) {
                Flux<T> source = exactly(elements);
                return stream(
                        how.ahead() == 0
                                ? scatter.mapByKey(source, keyOf)
                                : scatter.mapByKey(source, keyOf, how.ahead()),
                        how);
            }
        };
    }

    /** Takes as many as are requested. {@link Flux#fromIterable} takes one more. */
    private static <T extends @Nullable Object> Flux<T> exactly(Iterable<T> elements) {
        return Flux.generate(elements::iterator, (iterator, sink) -> {
            if (iterator.hasNext()) {
                sink.next(iterator.next());
            } else {
                sink.complete();
            }
            return iterator;
        });
    }

    private static <R extends @Nullable Object> Result<List<R>> stream(Flux<R> flux, Mapped<? super R> how) {
        return onValue -> {
            Observation<List<R>> observation = new Observation<>();
            BaseSubscriber<R> subscriber = new BaseSubscriber<>() {
                private final List<R> received = new ArrayList<>();
                private long open;

                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    requestMore();
                }

                private void requestMore() {
                    open = how.demand().getAsLong();
                    request(open);
                }

                @Override
                protected void hookOnNext(R next) {
                    received.add(next);
                    how.each().accept(next);
                    if (--open == 0) {
                        requestMore();
                    }
                }

                @Override
                protected void hookOnComplete() {
                    onValue.accept(received);
                    observation.succeeded(received);
                }

                @Override
                protected void hookOnError(Throwable failure) {
                    observation.failed(failure);
                }
            };
            flux.subscribe(subscriber);
            return observation.cancelledBy(subscriber::cancel);
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
                return reading(batch.gatherFlux());
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
                return reading(batch.gatherFlux());
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
                return reading(scatter.gatherFlux());
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

    private static <R extends @Nullable Object> Sequence<R> reading(Flux<R> flux) {
        return () -> {
            Reading<R> reading = new Reading<>();
            BaseSubscriber<R> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    reading.by(subscription::request, subscription::cancel);
                }

                @Override
                protected void hookOnNext(R next) {
                    reading.next(next);
                }

                @Override
                protected void hookOnComplete() {
                    reading.end(null);
                }

                @Override
                protected void hookOnError(Throwable failure) {
                    reading.end(failure);
                }
            };
            flux.subscribe(subscriber);
            return reading;
        };
    }

    private static <V> Result<V> of(Mono<V> mono) {
        return onValue -> {
            Observation<V> observation = new Observation<>();
            AtomicReference<@Nullable V> value = new AtomicReference<>();
            BaseSubscriber<V> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(V next) {
                    if (!value.compareAndSet(null, next)) {
                        throw new AssertionError("a second value: " + next);
                    }
                    onValue.accept(next);
                }

                @Override
                protected void hookOnComplete() {
                    V received = value.get();
                    if (received == null) {
                        observation.failed(new AssertionError("completed without a value"));
                    } else {
                        observation.succeeded(received);
                    }
                }

                @Override
                protected void hookOnError(Throwable failure) {
                    observation.failed(failure);
                }
            };
            mono.subscribe(subscriber);
            return observation.cancelledBy(subscriber::cancel);
        };
    }

    @Override
    public OwnScheduler openScheduler() {
        ThreadPoolExecutor threads = OwnScheduler.threads();
        Scheduler scheduler = Schedulers.fromExecutorService(threads);
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
                scheduler.dispose();
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
        return Exceptions.unwrapMultiple(received);
    }

    @Override
    public void captureDropped(Consumer<Throwable> sink) {
        Hooks.onErrorDropped(sink);
    }

    @Override
    public void releaseDropped() {
        Hooks.resetOnErrorDropped();
    }

    @Override
    public void hookSchedules(UnaryOperator<Runnable> hook) {
        Schedulers.onScheduleHook(HOOK, hook);
    }

    @Override
    public void releaseSchedules() {
        Schedulers.resetOnScheduleHook(HOOK);
    }

    @Override
    public String toString() {
        return "reactor";
    }
}
