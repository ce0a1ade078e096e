package lox.sync.internal.process;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import lox.sync.internal.result.FailureText;
import lox.sync.process.WorkerLostException;
import lox.sync.spi.RemoteRun;
import org.jspecify.annotations.Nullable;

/**
 * A run of tasks that an executor carries elsewhere as one callable. The lane's thread fills it and waits for it.
 *
 * <p><b>Invariant.</b> A run has ended or it has not: all its results come at once, and are never replaced. Until then
 * nothing is settled, and every task is the callable's; afterwards what it has not started is the caller's again. Each
 * way out ends it: an answer, a failure of the callable, a refusal, a timeout, {@link #stop}, and an executor that has
 * terminated without an answer.
 */
final class ExecutorRun implements RemoteRun {
    /** Says how long a callable took, and how long it was away. */
    @FunctionalInterface
    interface Trip {
        void took(long awayNanos, long ranNanos);
    }

    /** What has become of the first tasks; the rest was not started. */
    private static final class Ended {
        final @Nullable Object[] outcomes;
        final long[] ran;

        Ended(@Nullable Object[] outcomes, long[] ran) {
            this.outcomes = outcomes;
            this.ran = ran;
        }
    }

    private record Thrown(@Nullable Object received) {}

    private record Failed(Throwable reason) {}

    /**
     * How often a thread that waits looks whether the executor can still answer, and whether the run is still wanted:
     * the futures of some executors, Hazelcast's among them, swallow an interrupt while they wait.
     */
    private static final long LOOK_NANOS = 50_000_000;

    private static final long MOST_BYTES = 1 << 20;

    private final ExecutorWorkers pool;
    private final Trip trip;
    private final byte[] function;
    private final int most;
    private final WireWriter arguments = new WireWriter();
    private int size;
    private long bytes;
    private long sentAt;
    private boolean wasTerminated; // at the last look; used only by the thread that waits
    private volatile @Nullable Future<byte[]> future;
    private volatile @Nullable Ended ended;

    ExecutorRun(ExecutorWorkers pool, Trip trip, byte[] function, int most) {
        this.pool = pool;
        this.trip = trip;
        this.function = function;
        this.most = most;
    }

    @Override
    public void add(@Nullable Object argument) {
        pool.values().write(argument, arguments, "the argument");
        size++;
    }

    @Override
    public boolean isFull() {
        return size >= most || arguments.size() >= MOST_BYTES;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Hands the tasks to the executor, which takes them or refuses them at once: nothing is asked meanwhile. */
    @Override
    public void send(BooleanSupplier giveUp) {
        bytes = arguments.size() + function.length;
        sentAt = System.nanoTime();
        try {
            future = pool.submit(new ShippedTasks(function, arguments.toByteArray(), size));
        } catch (RuntimeException refused) {
            fail(pool.refusal(refused));
        }
        arguments.clear();
    }

    @Override
    public int settled() {
        Ended all = ended;
        return all == null ? 0 : all.outcomes.length;
    }

    @Override
    public int limit() {
        Ended all = ended;
        return all == null ? size : all.outcomes.length;
    }

    @Override
    public @Nullable Object result(int index) throws Throwable {
        Ended all = ended;
        if (all == null) {
            throw new IllegalStateException("the run has not ended");
        }
        Object outcome = all.outcomes[index];
        all.outcomes[index] = null;
        if (outcome instanceof Failed failed) {
            throw failed.reason;
        }
        if (outcome instanceof Thrown thrown) {
            throw pool.values().openThrown(thrown.received);
        }
        return pool.values().open(outcome, "the result");
    }

    @Override
    public long ranNanos(int index) {
        Ended all = ended;
        return all == null || index >= all.ran.length ? -1 : all.ran[index];
    }

    @Override
    public void await(int known, int knownLimit, @Nullable RemoteRun behind, int behindLimit) {
        Future<byte[]> sent = future;
        while (sent != null && settled() == known && limit() == knownLimit) {
            try {
                receive(sent.get(lookNanos(), TimeUnit.NANOSECONDS));
            } catch (InterruptedException toLook) {
                return; // with the flag cleared
            } catch (TimeoutException nothingYet) {
                look(sent);
                Thread.interrupted(); // as after an interrupt: the caller looks for itself
                return;
            } catch (ExecutionException failed) {
                fail(lost(failed.getCause() == null ? failed : failed.getCause()));
            } catch (CancellationException cancelled) {
                fail(lost(cancelled));
            } catch (IOException | RuntimeException broken) { // some executors throw from here what ended the callable
                fail(lost(broken));
            }
        }
    }

    private long lookNanos() {
        long left = pool.timeoutNanos() == Long.MAX_VALUE
                ? LOOK_NANOS
                : sentAt + pool.timeoutNanos() - System.nanoTime(); // also if it is over: then the look comes first
        return Math.max(0, Math.min(LOOK_NANOS, left));
    }

    private void look(Future<byte[]> sent) {
        if (pool.timeoutNanos() != Long.MAX_VALUE && System.nanoTime() - sentAt >= pool.timeoutNanos()) {
            fail(new TimedOut());
            sent.cancel(true);
        } else if (!sent.isDone() && pool.hasTerminated()) {
            if (wasTerminated) { // not only at the moment at which the answer was on its way
                fail(lost(new CancellationException("it has terminated and will not answer")));
            }
            wasTerminated = true;
        }
    }

    /** Nothing: a callable cannot be asked for what it has not started. It comes back by itself, soon. */
    @Override
    public void recall() {}

    /** Cancels the callable. Its task ends when it heeds the interrupt, if the executor passes that on. */
    @Override
    public void stop() {
        fail(new InterruptedException("stopped"));
        Future<byte[]> sent = future;
        if (sent != null) {
            sent.cancel(true);
        }
    }

    private void receive(byte @Nullable [] answer) throws IOException {
        if (answer == null) {
            throw new IOException("it has answered with null");
        }
        WireReader in = new WireReader(answer);
        int count = in.readInt();
        if (count < 1 || count > size) {
            throw new IOException("it has answered for " + count + " tasks");
        }
        @Nullable Object[] outcomes = new @Nullable Object[count];
        long[] ran = new long[count];
        for (int i = 0; i < count; i++) {
            byte kind = in.readByte();
            ran[i] = in.readLong();
            Object received = ValueCodec.receive(in);
            outcomes[i] = kind == Protocol.RESULT ? received : new Thrown(received);
        }
        trip.took(System.nanoTime() - sentAt, in.readLong());
        end(new Ended(outcomes, ran));
    }

    private void fail(Throwable reason) {
        @Nullable Object[] outcomes = new @Nullable Object[size];
        Arrays.fill(outcomes, new Failed(reason));
        end(new Ended(outcomes, new long[0]));
    }

    private synchronized void end(Ended how) {
        if (ended == null) {
            ended = how;
        }
    }

    private WorkerLostException lost(Throwable cause) {
        WorkerLostException lost = new WorkerLostException("the executor of \"" + pool.name() + "\" has lost a run of "
                + size + (size == 1 ? " task, which" : " tasks, some of which") + " may have run: "
                + FailureText.of(cause));
        lost.initCause(cause);
        return lost;
    }
}
