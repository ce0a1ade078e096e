package lox.contract;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One subscriber: what it received, and how it leaves. */
final class Observation<V extends @Nullable Object> {
    private record Signal(@Nullable Object value, @Nullable Throwable failure) {}

    private final CompletableFuture<Signal> signal = new CompletableFuture<>();
    private Runnable canceller = () -> {};

    Observation<V> cancelledBy(Runnable how) {
        canceller = how;
        return this;
    }

    /** A second signal is a broken protocol: it is thrown at whoever sends it, and would show as a dropped failure. */
    void succeeded(V value) {
        if (!signal.complete(new Signal(value, null))) {
            throw new AssertionError("a value after the end: " + value);
        }
    }

    void failed(Throwable failure) {
        if (!signal.complete(new Signal(null, failure))) {
            throw new AssertionError("a failure after the end", failure);
        }
    }

    boolean isOver() {
        return signal.isDone();
    }

    void cancel() {
        canceller.run();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // null where V allows it
    V value() {
        Signal received = receive();
        if (received.failure() != null) {
            throw new AssertionError("a failure instead of a value", received.failure());
        }
        return (V) received.value();
    }

    Throwable failure() {
        Signal received = receive();
        if (received.failure() == null) {
            throw new AssertionError("a value instead of a failure: " + received.value());
        }
        return received.failure();
    }

    /** The failure once it is there, or null for a value. */
    @Nullable
    Throwable failureOrNull() {
        return receive().failure();
    }

    private Signal receive() {
        try {
            return signal.get(Eventually.SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no signal within " + Eventually.SECONDS + " s", e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
