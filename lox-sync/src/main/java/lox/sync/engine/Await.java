package lox.sync.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread that waits for a gathering. In a {@link ForkJoinPool} another worker stands in for it. */
final class Await<V> implements Completion.Observer<V>, ForkJoinPool.ManagedBlocker {
    private final @Nullable Helping help;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable V value; // both published by the latch
    private @Nullable Throwable failure;

    /** {@code help}: to be done meanwhile, or null. */
    Await(@Nullable Helping help) {
        this.help = help;
    }

    V on(Gathering<V> gathering, String name) throws Throwable {
        gathering.observe(this);
        try {
            ForkJoinPool.managedBlock(this);
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
        return Slots.typed(value);
    }

    @Override
    public boolean block() throws InterruptedException {
        if (help == null) {
            ended.await();
            return true;
        }
        for (; ; ) {
            if (ended.await(help.work(), TimeUnit.NANOSECONDS)) {
                return true;
            }
        }
    }

    @Override
    public boolean isReleasable() {
        return ended.getCount() == 0;
    }

    @Override
    public void succeeded(V gathered) {
        value = gathered;
        ended.countDown();
    }

    @Override
    public void failed(Throwable thrown) {
        failure = thrown;
        ended.countDown();
    }
}
