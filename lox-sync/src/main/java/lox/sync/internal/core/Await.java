package lox.sync.internal.core;

import java.util.concurrent.CancellationException;
import lox.sync.internal.result.Completion;
import lox.sync.internal.result.Unchecked;
import lox.sync.internal.time.WaitingThread;
import org.jspecify.annotations.Nullable;

/** The blocking wait of one thread for a gathering. An interrupt of that thread cancels the gathering. */
final class Await<V> implements Completion.Observer<V> {
    private final @Nullable CooperativeWait help;
    private final WaitingThread waiting = new WaitingThread();
    private @Nullable V value; // both published by ended
    private @Nullable Throwable failure;
    private volatile boolean ended;

    /** {@code help}: the work to do while waiting, or null. */
    Await(@Nullable CooperativeWait help) {
        this.help = help;
    }

    V on(Gathering<V> gathering, String name) throws Throwable {
        gathering.observe(this);
        try {
            waiting.await(() -> ended, help == null ? null : help::work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while gathering \"" + name + "\"");
            cancelled.initCause(e);
            gathering.cancel("its gather was interrupted");
            throw cancelled;
        }
        if (failure != null) {
            throw failure;
        }
        return Unchecked.cast(value);
    }

    @Override
    public void succeeded(V gathered) {
        value = gathered;
        end();
    }

    @Override
    public void failed(Throwable thrown) {
        failure = thrown;
        end();
    }

    private void end() {
        ended = true;
        waiting.wake();
    }
}
