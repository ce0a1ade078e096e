package lox.sync.lock;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One way through a {@link Gate}: the ways of asking, whatever the kind of permit. */
abstract class Door<P extends Permit> implements Acquirable<P> {
    final Gate gate;
    /** What one holder counts inside. */
    final int weight;

    Door(Gate gate, int weight) {
        this.gate = gate;
        this.weight = weight;
    }

    /** May one more come in, with these inside? What was once true stays true when others leave. */
    abstract boolean admits(int inside);

    /** The permit for one that has been counted in. */
    abstract P permit(@Nullable Throwable acquiredHere);

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
        return gate.enter(this) ? permit(gate.acquiredHere()) : null;
    }

    @Override
    public final P acquire() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        P permit = enter();
        return permit != null ? permit : waitInLine(Long.MAX_VALUE);
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
        return waitInLine(nanos);
    }

    private P waitInLine(long nanos) throws InterruptedException {
        Waiter<P> waiter = new Waiter<>(this, Thread.currentThread());
        gate.enqueue(waiter);
        return waiter.await(nanos);
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
            waiter.expireIn(nanos);
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
