package lox.sync.lock;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One way through a {@link Gate}: the ways of asking, whatever the kind of permit. */
abstract class Door<P extends Permit> implements Acquirable<P> {
    /** How often a thread looks before it stands in the line, and how long at most. */
    private static final int LOOKS = 16;

    private static final long LOOK_NANOS = 50_000;

    final Gate gate;
    /** What one holder counts inside. */
    final int weight;

    Door(Gate gate, int weight) {
        this.gate = gate;
        this.weight = weight;
    }

    /**
     * What is inside when one more has come in, or {@link Gate#CLOSED} if none may. Who might come in once, may still do so
     * when others have left.
     */
    abstract int withOneMore(int inside);

    /** The permit for one that has been counted in; what was inside before tells which, if there are several to be had. */
    abstract P permit(int insideBefore, @Nullable Throwable acquiredHere);

    /** Lets one holder out. */
    void leave() {
        gate.leave(weight);
    }

    /** For the attendant: the permit has been seen by nobody and is not needed. */
    void takeBack(P permit, Aftermath aftermath) {
        if (permit instanceof Held held) {
            held.end();
        }
        gate.add(-weight);
    }

    abstract String name();

    /** The fast path: a permit if it can be had at once without overtaking anybody. */
    @Nullable
    P enter() {
        int insideBefore = gate.enter(this);
        return insideBefore == Gate.CLOSED ? null : permit(insideBefore, gate.acquiredHere());
    }

    @Override
    public final P acquire() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        P permit = enter();
        return permit != null ? permit : waitForIt(Long.MAX_VALUE);
    }

    @Override
    public final P acquire(Duration timeout) throws InterruptedException {
        long nanos = nanos(timeout);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        P permit = enter();
        if (permit != null) {
            return permit;
        }
        if (nanos <= 0) {
            throw new AcquireTimeoutException("not free: " + this);
        }
        return waitForIt(nanos);
    }

    private P waitForIt(long nanos) throws InterruptedException {
        long start = System.nanoTime();
        P permit = lookAround(start, Math.min(nanos, LOOK_NANOS));
        if (permit != null) {
            return permit;
        }
        Waiter<P> waiter = new Waiter<>(this, Thread.currentThread());
        gate.enqueue(waiter);
        return waiter.await(start, nanos);
    }

    /**
     * A thread that finds no way in lets others run a few times before it stands in the line. A thread in the line has to be
     * switched to when its turn comes, and so has everyone who comes while there is a line: each pass then costs a switch,
     * tens of times what it costs those who run to come and go. Like this the line drains instead. Nobody in it is
     * overtaken, since nobody enters here while there is one. See docs/decisions/0017-looking-before-lining-up.md.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
    private @Nullable P lookAround(long start, long nanos) {
        for (int i = 0; i < LOOKS && !Thread.currentThread().isInterrupted(); i++) {
            Thread.yield();
            P permit = enter();
            if (permit != null) {
                return permit;
            }
            if (System.nanoTime() - start >= nanos) {
                return null;
            }
        }
        return null;
    }

    @Override
    public final Optional<P> tryAcquire() {
        return Optional.ofNullable(enter());
    }

    @Override
    public final Acquisition<P> request() {
        return request(Long.MAX_VALUE);
    }

    @Override
    public final Acquisition<P> request(Duration timeout) {
        return request(nanos(timeout));
    }

    private Acquisition<P> request(long nanos) {
        Waiter<P> waiter = new Waiter<>(this, null);
        P permit = enter();
        if (permit != null) {
            waiter.grantUnseen(permit);
        } else if (nanos <= 0) {
            waiter.timeOutUnseen();
        } else {
            gate.enqueue(waiter);
            try {
                waiter.expireIn(nanos);
            } catch (Throwable noTimer) { // no thread to be had: nobody will know of this request
                waiter.close();
                throw noTimer;
            }
        }
        return waiter;
    }

    /** As nanoseconds; the longest durations are for ever. */
    private static long nanos(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        try {
            return timeout.toNanos();
        } catch (ArithmeticException tooLong) {
            return timeout.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }
}
