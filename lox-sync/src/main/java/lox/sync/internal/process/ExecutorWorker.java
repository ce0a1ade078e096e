package lox.sync.internal.process;

import java.util.function.BooleanSupplier;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * The right to have one run of tasks under way in an executor. It is always usable: which JVM runs the tasks is the
 * executor's choice, anew for each run. For one thread at a time.
 */
final class ExecutorWorker implements RemoteWorker {
    /** A trip that was longer than the ones before counts for so much of the difference. */
    private static final int SLOWLY = 8;

    private final ExecutorWorkers pool;
    private final String name;
    private @Nullable Work<?, ?> lastFunction;
    private byte[] lastWritten = {};
    private long tripNanos = -1; // until one is known

    ExecutorWorker(ExecutorWorkers pool, String name) {
        this.pool = pool;
        this.name = name;
    }

    @Override
    public RemoteRun open(Work<?, ?> work, int most, BooleanSupplier giveUp) {
        if (work != lastFunction) {
            WireWriter out = new WireWriter();
            pool.values().ofFunctions().write(work, out, "the function");
            lastWritten = out.toByteArray();
            lastFunction = work;
        }
        return new ExecutorRun(pool, this::took, lastWritten, pool.timeoutNanos() == Long.MAX_VALUE ? most : 1);
    }

    @Override
    public String name() {
        return name;
    }

    /** What a callable needed lately beside its tasks; so runs become longer where the way is longer. */
    @Override
    public long tripNanos() {
        return Math.max(0, tripNanos);
    }

    private void took(long awayNanos, long ranNanos) {
        long trip = Math.max(0, awayNanos - ranNanos);
        tripNanos = tripNanos < 0 || trip < tripNanos ? trip : tripNanos + (trip - tripNanos) / SLOWLY;
    }

    /** Never: the executor would run the second callable beside the first, and not behind it. */
    @Override
    public boolean isFarAway() {
        return false;
    }

    @Override
    public boolean isUsable() {
        return true;
    }

    @Override
    public void giveBack() {
        lastFunction = null; // which may hold much
        lastWritten = new byte[0];
        pool.takeBack(this);
    }
}
