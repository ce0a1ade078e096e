package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;

/** A call in a daemon thread of its own, so that a test fails where the call hangs. */
final class Elsewhere<V> {
    static final Duration LONG = Patience.LIMIT;

    final CompletableFuture<V> result = new CompletableFuture<>();
    final Thread thread;

    private Elsewhere(Callable<? extends V> call) {
        thread = new Thread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Throwable failure) {
                        result.completeExceptionally(failure);
                    }
                },
                "elsewhere");
        thread.setDaemon(true);
    }

    static <V> Elsewhere<V> call(Callable<? extends V> call) {
        Elsewhere<V> elsewhere = new Elsewhere<>(call);
        elsewhere.thread.start();
        return elsewhere;
    }

    /** Returns when the call waits for somebody else. */
    Elsewhere<V> waiting() {
        Patience.until("the call waits", () -> thread.getState() == Thread.State.WAITING);
        return this;
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
