package lox.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a function that does not block returns: each library makes its own kind of it, and the test ends it, from any
 * thread. Every signal goes on as it is, a second one too.
 */
final class Promise<R extends @Nullable Object> {
    /** The library's end of it. */
    interface Signals<R extends @Nullable Object> {
        void value(R value);

        void failure(Throwable failure);
    }

    private @Nullable List<Consumer<Signals<R>>> early; // before there is a subscriber
    private @Nullable Signals<R> subscriber;
    private volatile boolean cancelled;
    private volatile Runnable onSubscribe = () -> {};
    private volatile Runnable onCancel = () -> {};

    static <R extends @Nullable Object> Promise<R> of(R value) {
        Promise<R> ended = new Promise<>();
        ended.succeed(value);
        return ended;
    }

    @SuppressWarnings("NullAway") // where R allows it
    static <R extends @Nullable Object> Promise<R> ofNull() {
        Promise<R> ended = new Promise<>();
        ended.succeed(null);
        return ended;
    }

    static <R extends @Nullable Object> Promise<R> failed(Throwable failure) {
        Promise<R> ended = new Promise<>();
        ended.fail(failure);
        return ended;
    }

    Promise<R> whenSubscribed(Runnable action) {
        onSubscribe = action;
        return this;
    }

    Promise<R> whenCancelled(Runnable action) {
        onCancel = action;
        return this;
    }

    void succeed(R value) {
        signal(to -> to.value(value));
    }

    void fail(Throwable failure) {
        signal(to -> to.failure(failure));
    }

    boolean isCancelled() {
        return cancelled;
    }

    private void signal(Consumer<Signals<R>> signal) {
        Signals<R> to;
        synchronized (this) {
            to = subscriber;
            if (to == null) {
                early = early == null ? new ArrayList<>(1) : early;
                early.add(signal);
            }
        }
        if (to != null) {
            signal.accept(to);
        }
    }

    /** For the library: once. */
    void subscribe(Signals<R> to) {
        onSubscribe.run();
        List<Consumer<Signals<R>>> signals;
        synchronized (this) {
            subscriber = to;
            signals = early == null ? List.of() : early;
            early = null;
        }
        signals.forEach(signal -> signal.accept(to));
    }

    /** For the library: whenever the subscription is cancelled. */
    void cancel() {
        cancelled = true;
        onCancel.run();
    }
}
