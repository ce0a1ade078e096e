package lox.sync.lock;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A shared lock over another lock: the first holder acquires the underlying lock, the last one releases it, as the
 * light is switched on by the first in a room. Any number may hold the switch together; a holder of the underlying lock
 * is alone.
 *
 * <pre>{@code
 * QLock room = new QLock();
 * LightSwitch guests = new LightSwitch(room);
 * try (Permit guest = guests.acquire()) {
 *     visit(guest);
 * }
 * }</pre>
 *
 * <p>While the switch is held, every request is granted at once, so requests for the underlying lock may starve; where
 * that matters, take an {@link RWLock}. The switch itself requests the underlying lock, not its first requester: when
 * that requester withdraws or times out, the others keep their place in the underlying lock's queue. When all have
 * withdrawn, the switch withdraws its request as well. If the underlying lock fails with an exception, all waiting
 * requests fail with it.
 */
public final class LightSwitch extends AcquirePath<Permit> {
    static {
        QLock lock = new QLock();
        LightSwitch lights = new LightSwitch(lock);
        WarmUp.run(lights, lock);
        WarmUp.run(lock, lights);
    }

    private final SwitchSync light;

    /**
     * Makes a switch that is off.
     *
     * @param underlying the lock that the first holder acquires and the last one releases
     */
    public LightSwitch(Acquirable<?> underlying) {
        this(new SwitchSync(underlying));
    }

    private LightSwitch(SwitchSync light) {
        super(light, 1);
        this.light = light;
    }

    @Override
    int withOneMore(int inside, Permit permit) {
        return SwitchSync.isLit(inside) ? inside + 1 : FairSync.CLOSED;
    }

    @Override
    boolean enter(Permit permit) {
        return super.enter(permit) || (sync.state() == 0 && switchOn());
    }

    private boolean switchOn() {
        DeferredActions prepared = sync.prepareToDrain();
        SwitchSync.UnderlyingRelease off = new SwitchSync.UnderlyingRelease();
        if (!light.beginToTry()) {
            return false;
        }
        try {
            Optional<? extends Permit> underlying = light.underlying().tryAcquire();
            if (underlying.isPresent()) {
                off.permit = underlying.get();
                light.switchOnForOne(off, prepared);
                return true;
            }
        } catch (Throwable failure) {
            light.tryFailed(prepared);
            throw failure;
        }
        light.tryFailed(prepared);
        return false;
    }

    @Override
    Permit newPermit(@Nullable Throwable acquiredHere) {
        return new PlainPermit(this, acquiredHere);
    }

    @Override
    void leave() {
        light.leaveOne();
    }

    @Override
    void takeBack(Permit permit, DeferredActions deferred) {
        light.takeOneBack(deferred);
    }

    @Override
    String name() {
        return "LightSwitch";
    }

    /**
     * How many are inside.
     *
     * @return the number of permits that are out
     */
    public int entrants() {
        return SwitchSync.entrants(sync.state());
    }

    /**
     * How many are inside; another word for {@link #entrants()}, the same as with the other locks.
     *
     * @return the number of permits that are out
     */
    public int held() {
        return entrants();
    }

    /**
     * How many requests wait for the underlying lock.
     *
     * @return the length of the queue
     */
    public int waiting() {
        return sync.queueLength();
    }

    /**
     * The state of the switch.
     *
     * @return holders and waiting requests at this moment
     */
    public LockSnapshot snapshot() {
        long state = sync.state();
        return new LockSnapshot(SwitchSync.entrants(state), sync.queueLength(), sync.longestWait());
    }

    /**
     * The holders of the switch and the requests that wait for it, but not the holder of the underlying lock; for
     * finding a deadlock. Never waits.
     *
     * @return the holders, if permits are tracked, and the waiting requests
     */
    public LockReport report() {
        return QueueInspector.report(toString(), sync);
    }

    @Override
    public String toString() {
        return "LightSwitch[" + snapshot() + "; below: " + light.underlying() + "]";
    }
}
