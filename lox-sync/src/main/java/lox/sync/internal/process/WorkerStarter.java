package lox.sync.internal.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import lox.sync.internal.result.FailureText;
import lox.sync.internal.serialization.JavaSerialization;
import lox.sync.process.ClusterUnavailableException;
import lox.sync.process.Codec;
import lox.sync.process.SerializationException;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerLink;
import org.jspecify.annotations.Nullable;

/** Starts a pool's workers on a {@link WorkerHost} and makes them ready for tasks. Safe for use from many threads. */
final class WorkerStarter {
    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final WorkerHost host;
    private final WorkerContext context;
    private final Worker.Owner owner;
    private final AtomicInteger started = new AtomicInteger();

    WorkerStarter(WorkerHost host, WorkerContext context, Worker.Owner owner) {
        this.host = host;
        this.context = context;
        this.owner = owner;
    }

    /**
     * Starts a worker, which has to {@linkplain #awaitReady become ready}.
     *
     * @param wanted asked while it waits
     * @param wantsNew asked while it waits for room; false if a worker has become free
     * @return the worker; null if it was no longer wanted, or its machine was lost meanwhile
     * @throws WorkerCrashedException if it cannot be started, whatever the reason
     * @throws ClusterUnavailableException if there is no machine for it
     * @throws SerializationException if what every worker needs cannot be sent to one
     */
    @Nullable
    Worker start(BooleanSupplier wanted, BooleanSupplier wantsNew) {
        try {
            int number = started.incrementAndGet();
            WorkerLink link = host.start(number, wanted, wantsNew);
            return link == null ? null : begun(worker(number, link));
        } catch (WorkerCrashedException | ClusterUnavailableException | SerializationException said) {
            throw said;
        } catch (Throwable e) { // no threads, no memory, no directory
            String reason = e instanceof IOException ? String.valueOf(e.getMessage()) : FailureText.of(e);
            throw new WorkerCrashedException(
                    "no worker process of \"" + context.pool() + "\" could be started: " + reason, e);
        }
    }

    private Worker worker(int number, WorkerLink link) {
        Worker worker = null;
        try {
            worker = new Worker(owner, context, number, link);
            return worker;
        } finally {
            if (worker == null) { // no memory, say
                link.kill();
                link.awaitEnd();
                link.close();
            }
        }
    }

    private Worker begun(Worker worker) {
        boolean begun = false;
        try {
            Codec codec = context.options().codec();
            worker.begin(
                    codec instanceof JavaSerialization ? null : codec,
                    context.options().initializer());
            begun = true;
            return worker;
        } finally {
            if (!begun && !worker.isGone()) {
                worker.kill();
            }
        }
    }

    /**
     * Waits until a worker is ready. One that is no longer wanted is killed, unless that is because another one is
     * free: then it goes on starting, for the next caller.
     *
     * @param wanted asked while it waits
     * @param wantsThis asked while it waits; false if another worker has become free
     * @return whether it is ready; if not, it may still be starting
     * @throws WorkerCrashedException if it will not be ready
     */
    boolean awaitReady(Worker worker, BooleanSupplier wanted, BooleanSupplier wantsThis) {
        BooleanSupplier waits = context.options().initializer() == null ? wantedOrReadySoon(wanted) : wanted;
        boolean kept = false;
        try {
            boolean ready = worker.awaitReady(() -> wantsThis.getAsBoolean() && waits.getAsBoolean());
            if (!ready) {
                checkMayBeReady(worker);
            }
            kept = ready || !wantsThis.getAsBoolean();
            return ready;
        } finally {
            if (!kept && !worker.isRetired() && !worker.isGone()) {
                worker.kill(); // it may be stuck in its initializer for ever
            }
        }
    }

    /**
     * A worker that has connected and has no initializer is ready in a moment, and serves the next batch. Otherwise
     * short batches, each over before its second worker has started, would have one worker for ever.
     */
    private static BooleanSupplier wantedOrReadySoon(BooleanSupplier wanted) {
        long connected = System.nanoTime();
        return () -> System.nanoTime() - connected < READY_NANOS || wanted.getAsBoolean();
    }

    private void checkMayBeReady(Worker worker) {
        Throwable refusal = worker.refusal();
        if (refusal != null) {
            worker.retire();
            throw new WorkerCrashedException(
                    "the initializer of \"" + context.pool() + "\" failed: " + FailureText.of(refusal), refusal);
        }
        if (worker.isGone() && !worker.wasLost()) { // and its process has ended
            throw worker.crash("a worker process of \"" + context.pool() + "\" ended before it was ready");
        }
    }
}
