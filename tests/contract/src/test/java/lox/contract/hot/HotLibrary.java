package lox.contract.hot;

import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.exceptions.MissingBackpressureException;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import lox.sync.AnnouncementOptions;
import lox.sync.Buffer;
import lox.sync.OverflowException;
import lox.sync.PutResult;
import lox.test.VirtualTimer;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Hooks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Everything in which the libraries differ. */
enum HotLibrary {
    SYNC {
        @Override
        <T> Channel<T> open(int backlog) {
            lox.sync.Announcement<T> announcement = backlog == 0
                    ? lox.sync.Announcement.create()
                    : backlog == EVERYTHING
                            ? lox.sync.Announcement.builder().unboundedBacklog().build()
                            : lox.sync.Announcement.builder().backlog(backlog).build();
            return new SyncChannel<>(announcement);
        }

        @Override
        <T> Timed<T> open(Consumer<AnnouncementOptions<?>> options) {
            VirtualTimer time = new VirtualTimer();
            lox.sync.Announcement.Builder builder = lox.sync.Announcement.builder();
            builder.scheduler(time).ticker(time::nanos);
            options.accept(builder);
            return new Timed<>(new SyncChannel<>(builder.build()), passed -> time.advance(passed.toMillis()));
        }

        @Override
        void captureDropped(Consumer<Throwable> sink) {
            Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> sink.accept(failure));
        }

        @Override
        void releaseDropped() {
            Thread.setDefaultUncaughtExceptionHandler(null);
        }

        @Override
        boolean isOverflow(Throwable failure) {
            return failure instanceof OverflowException;
        }
    },
    REACTOR {
        @Override
        <T> Channel<T> open(int backlog) {
            lox.reactor.Announcement<T> announcement = backlog == 0
                    ? lox.reactor.Announcement.create()
                    : backlog == EVERYTHING
                            ? lox.reactor.Announcement.builder()
                                    .unboundedBacklog()
                                    .build()
                            : lox.reactor.Announcement.builder()
                                    .backlog(backlog)
                                    .build();
            return new ReactorChannel<>(announcement);
        }

        @Override
        <T> Timed<T> open(Consumer<AnnouncementOptions<?>> options) {
            VirtualTimeScheduler time = VirtualTimeScheduler.create();
            lox.reactor.Announcement.Builder builder = lox.reactor.Announcement.builder();
            builder.scheduler(time);
            options.accept(builder);
            return new Timed<>(new ReactorChannel<>(builder.build()), time::advanceTimeBy);
        }

        @Override
        void captureDropped(Consumer<Throwable> sink) {
            Hooks.onErrorDropped(sink);
        }

        @Override
        void releaseDropped() {
            Hooks.resetOnErrorDropped();
        }

        @Override
        boolean isOverflow(Throwable failure) {
            return Exceptions.isOverflow(failure);
        }
    },
    RXJAVA {
        @Override
        <T> Channel<T> open(int backlog) {
            lox.rxjava.Announcement<T> announcement = backlog == 0
                    ? lox.rxjava.Announcement.create()
                    : backlog == EVERYTHING
                            ? lox.rxjava.Announcement.builder()
                                    .unboundedBacklog()
                                    .build()
                            : lox.rxjava.Announcement.builder().backlog(backlog).build();
            return new RxJavaChannel<>(announcement);
        }

        @Override
        <T> Timed<T> open(Consumer<AnnouncementOptions<?>> options) {
            TestScheduler time = new TestScheduler();
            lox.rxjava.Announcement.Builder builder = lox.rxjava.Announcement.builder();
            builder.scheduler(time);
            options.accept(builder);
            return new Timed<>(
                    new RxJavaChannel<>(builder.build()),
                    passed -> time.advanceTimeBy(passed.toNanos(), TimeUnit.NANOSECONDS));
        }

        @Override
        void captureDropped(Consumer<Throwable> sink) {
            RxJavaPlugins.setErrorHandler(sink::accept);
        }

        @Override
        void releaseDropped() {
            RxJavaPlugins.reset();
        }

        @Override
        boolean isOverflow(Throwable failure) {
            return failure instanceof MissingBackpressureException;
        }
    };

    static final int EVERYTHING = -1;

    /** An announcement with so much backlog: 0, n, or {@link #EVERYTHING}. */
    abstract <T> Channel<T> open(int backlog);

    /** An announcement with these options, and a time that stands still until it is advanced. */
    abstract <T> Timed<T> open(Consumer<AnnouncementOptions<?>> options);

    /** An announcement, and what advances its time. */
    record Timed<T>(Channel<T> channel, Consumer<Duration> time) {
        void pass(long millis) {
            time.accept(Duration.ofMillis(millis));
        }
    }

    /** From now on, gives what this library's users see of failures nobody can receive. */
    abstract void captureDropped(Consumer<Throwable> sink);

    abstract void releaseDropped();

    abstract boolean isOverflow(Throwable failure);

    private record SyncChannel<T>(lox.sync.Announcement<T> announcement) implements Channel<T> {
        @Override
        public void put(T item) {
            announcement.put(item);
        }

        @Override
        public PutResult tryPut(T item) {
            return announcement.tryPut(item);
        }

        @Override
        public List<T> backlog() {
            return announcement.backlog();
        }

        @Override
        public void subscribe(Buffer buffer, Listener<? super T> listener) {
            announcement.asPublisher(buffer).subscribe(listener);
        }

        @Override
        public Voice<T> member(Buffer buffer) {
            lox.sync.Announcement.Member<T> member = announcement.member(buffer);
            return new Voice<>() {
                @Override
                public void put(T item) {
                    member.put(item);
                }

                @Override
                public PutResult tryPut(T item) {
                    return member.tryPut(item);
                }

                @Override
                public void subscribe(Listener<? super T> listener) {
                    listener.readFrom(member);
                }
            };
        }

        @Override
        public void seal() {
            announcement.seal();
        }

        @Override
        public void complete() {
            announcement.complete();
        }

        @Override
        public void fail(Throwable failure) {
            announcement.fail(failure);
        }

        @Override
        public int subscriberCount() {
            return announcement.subscriberCount();
        }
    }

    private record ReactorChannel<T>(lox.reactor.Announcement<T> announcement) implements Channel<T> {
        @Override
        public void put(T item) {
            announcement.put(item);
        }

        @Override
        public PutResult tryPut(T item) {
            return announcement.tryPut(item);
        }

        @Override
        public List<T> backlog() {
            return announcement.backlog();
        }

        @Override
        public void subscribe(Buffer buffer, Listener<? super T> listener) {
            announcement.asFlux(buffer).subscribe(asCoreSubscriber(listener));
        }

        @Override
        public Voice<T> member(Buffer buffer) {
            lox.reactor.Announcement.Member<T> member = announcement.member();
            return new Voice<>() {
                @Override
                public void put(T item) {
                    member.put(item);
                }

                @Override
                public PutResult tryPut(T item) {
                    return member.tryPut(item);
                }

                @Override
                public void subscribe(Listener<? super T> listener) {
                    member.asFlux(buffer).subscribe(asCoreSubscriber(listener));
                }
            };
        }

        @Override
        public void seal() {
            announcement.seal();
        }

        @Override
        public void complete() {
            announcement.complete();
        }

        @Override
        public void fail(Throwable failure) {
            announcement.fail(failure);
        }

        @Override
        public int subscriberCount() {
            return announcement.subscriberCount();
        }
    }

    private record RxJavaChannel<T>(lox.rxjava.Announcement<T> announcement) implements Channel<T> {
        @Override
        public void put(T item) {
            announcement.put(item);
        }

        @Override
        public PutResult tryPut(T item) {
            return announcement.tryPut(item);
        }

        @Override
        public List<T> backlog() {
            return announcement.backlog();
        }

        @Override
        public void subscribe(Buffer buffer, Listener<? super T> listener) {
            announcement.asFlowable(buffer).subscribe(asFlowableSubscriber(listener));
        }

        @Override
        public Voice<T> member(Buffer buffer) {
            lox.rxjava.Announcement.Member<T> member = announcement.member();
            return new Voice<>() {
                @Override
                public void put(T item) {
                    member.put(item);
                }

                @Override
                public PutResult tryPut(T item) {
                    return member.tryPut(item);
                }

                @Override
                public void subscribe(Listener<? super T> listener) {
                    member.asFlowable(buffer).subscribe(asFlowableSubscriber(listener));
                }
            };
        }

        @Override
        public void seal() {
            announcement.seal();
        }

        @Override
        public void complete() {
            announcement.complete();
        }

        @Override
        public void fail(Throwable failure) {
            announcement.fail(failure);
        }

        @Override
        public int subscriberCount() {
            return announcement.subscriberCount();
        }
    }

    private static <T> CoreSubscriber<T> asCoreSubscriber(Flow.Subscriber<? super T> listener) {
        return new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                listener.onSubscribe(asFlow(subscription));
            }

            @Override
            public void onNext(T item) {
                listener.onNext(item);
            }

            @Override
            public void onError(Throwable failure) {
                listener.onError(failure);
            }

            @Override
            public void onComplete() {
                listener.onComplete();
            }
        };
    }

    private static <T> FlowableSubscriber<T> asFlowableSubscriber(Flow.Subscriber<? super T> listener) {
        CoreSubscriber<T> core = asCoreSubscriber(listener);
        return new FlowableSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                core.onSubscribe(subscription);
            }

            @Override
            public void onNext(T item) {
                core.onNext(item);
            }

            @Override
            public void onError(Throwable failure) {
                core.onError(failure);
            }

            @Override
            public void onComplete() {
                core.onComplete();
            }
        };
    }

    private static Flow.Subscription asFlow(Subscription subscription) {
        return new Flow.Subscription() {
            @Override
            public void request(long n) {
                subscription.request(n);
            }

            @Override
            public void cancel() {
                subscription.cancel();
            }
        };
    }
}
