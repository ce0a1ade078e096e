package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import lox.sync.internal.map.Mapping;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;

/** A subscriber that keeps all it is told, and notes every breach of the protocol. */
public final class Recorder<R> implements Mapping.Downstream<R> {
    public final Queue<R> results = new ConcurrentLinkedQueue<>();
    public final Queue<Object> discarded = new ConcurrentLinkedQueue<>();
    public final Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();
    public final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    public final AtomicInteger completions = new AtomicInteger();
    public final AtomicInteger received = new AtomicInteger();
    private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicLong requested = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Consumer<? super Recorder<R>> onSubscribe;
    private final Consumer<? super R> onNext;
    private volatile Flow.@Nullable Subscription subscription;

    public Recorder() {
        this(recorder -> {}, result -> {});
    }

    public Recorder(Consumer<? super Recorder<R>> onSubscribe, Consumer<? super R> onNext) {
        this.onSubscribe = onSubscribe;
        this.onNext = onNext;
    }

    public static <R> Recorder<R> unbounded() {
        return new Recorder<>(recorder -> recorder.request(Long.MAX_VALUE), result -> {});
    }

    public void request(long n) {
        requested.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n);
        Objects.requireNonNull(subscription, "not subscribed").request(n);
    }

    public void cancel() {
        Objects.requireNonNull(subscription, "not subscribed").cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription != null) {
            breaches.add("a second onSubscribe");
        }
        subscription = given;
        onSubscribe.accept(this);
    }

    @Override
    public void onNext(R result) {
        enter("onNext");
        results.add(result);
        int count = received.incrementAndGet(); // asking the queue for its size takes as long as it is
        if (count > requested.get()) {
            breaches.add("result " + count + " of " + requested + " requested");
        }
        try {
            onNext.accept(result);
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    public void onError(Throwable thrown) {
        enter("onError");
        failure.set(thrown);
        end();
    }

    @Override
    public void onComplete() {
        enter("onComplete");
        completions.incrementAndGet();
        end();
    }

    private void enter(String signal) {
        if (inside.getAndIncrement() != 0) {
            breaches.add(signal + " while another signal is under way");
        }
        if (ended.getCount() == 0) {
            breaches.add(signal + " after the end");
        }
    }

    private void end() {
        inside.decrementAndGet();
        ended.countDown();
    }

    @Override
    public void discarded(Object value) {
        discarded.add(value);
    }

    @Override
    public void dropped(Throwable thrown) {
        dropped.add(thrown);
    }

    public boolean isEnded() {
        return ended.getCount() == 0;
    }

    public void awaitEnd() throws InterruptedException {
        assertThat(ended.await(Patience.SECONDS, TimeUnit.SECONDS))
                .as("ended, after %s results", received)
                .isTrue();
    }

    public Throwable awaitFailure() throws InterruptedException {
        awaitEnd();
        return Objects.requireNonNull(failure.get(), "completed instead of failing");
    }

    public List<R> awaitCompletion() throws InterruptedException {
        awaitEnd();
        assertThat(failure.get()).isNull();
        checkProtocol();
        return List.copyOf(results);
    }

    public void checkProtocol() {
        assertThat(breaches).isEmpty();
    }
}
