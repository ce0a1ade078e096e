package lox.sync.lock;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first in takes a lock, the last out gives it back: "switch on the light when you enter an empty room". Any number
 * may be inside together, and whoever takes the lock below directly, is in there alone.
 *
 * <pre>{@code
 * QLock room = new QLock();
 * LightSwitch guests = new LightSwitch(room);
 * try (Permit guest = guests.acquire()) {
 *     visit(guest);
 * }
 * }</pre>
 *
 * <p>While somebody is inside, everybody who comes enters at once, so that those who wait for the lock below may starve;
 * where that matters, take an {@link RWLock}. It is the switch that asks for the lock below, not the first who came: when
 * that one withdraws or times out, the others go on waiting with the same place in the line below. When all have
 * withdrawn, the switch withdraws as well. If the lock below fails with an exception, those who wait fail with it.
 */
public final class LightSwitch extends Door<Permit> {
    private final Light light;

    /**
     * Makes a switch that is off.
     *
     * @param below the lock that the first in takes and the last out gives back
     */
    public LightSwitch(Acquirable<?> below) {
        this(new Light(below));
    }

    private LightSwitch(Light light) {
        super(light, 1);
        this.light = light;
    }

    @Override
    int withOneMore(int inside) {
        return Light.isLit(inside) ? inside + 1 : Gate.CLOSED;
    }

    @Override
    @Nullable
    Permit enter() {
        Permit permit = super.enter();
        if (permit != null || !light.beginToTry()) {
            return permit;
        }
        Optional<? extends Permit> below;
        try {
            below = light.below().tryAcquire();
        } catch (Throwable failure) {
            light.tryInVain();
            throw failure;
        }
        if (below.isEmpty()) {
            light.tryInVain();
            return null;
        }
        light.switchOnForOne(below.get());
        return permit(0, gate.acquiredHere());
    }

    @Override
    Permit permit(int insideBefore, @Nullable Throwable acquiredHere) {
        return new Held.Plain(this, acquiredHere);
    }

    @Override
    void leave() {
        Permit off = light.leaveOne();
        try {
            if (off != null) {
                off.close();
            }
        } finally {
            light.attendIfSomebodyWaits();
        }
    }

    @Override
    void takeBack(Permit permit, Aftermath aftermath) {
        if (permit instanceof Held held) {
            held.end();
        }
        Permit off = light.leaveOne();
        if (off != null) {
            aftermath.errand(off::close);
        }
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
        return Light.entrants(gate.state());
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
     * How many requests wait for the lock below.
     *
     * @return the length of the line
     */
    public int waiting() {
        return gate.lineLength();
    }

    /**
     * How the switch stands.
     *
     * @return holders and waiting requests at this moment
     */
    public LockSnapshot snapshot() {
        long state = gate.state();
        return new LockSnapshot(Light.entrants(state), gate.lineLength(), gate.longestWait());
    }

    @Override
    public String toString() {
        return "LightSwitch[" + snapshot() + "; below: " + light.below() + "]";
    }
}
