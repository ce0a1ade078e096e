package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What all permits share: they end once, and can be watched. */
abstract class Held implements Permit {
    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(Held.class, "ended", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through ENDED
    private volatile boolean ended;

    private final @Nullable LeakWatch watch;

    Held(Door<?> door, @Nullable Throwable acquiredHere) {
        this.watch = acquiredHere == null ? null : LeakWatch.over(this, door.name(), acquiredHere);
    }

    /** Frees what this permit stands for; called once. */
    abstract void release();

    @Override
    public final void close() {
        if (end()) {
            release();
        }
    }

    /** True for the one caller that ended this permit, who has to see to what it stood for. */
    final boolean end() {
        if (!ENDED.compareAndSet(this, false, true)) {
            return false;
        }
        if (watch != null) {
            watch.closed();
        }
        return true;
    }

    /** A permit that stands for nothing but having been counted in. */
    static final class Plain extends Held {
        private final Door<?> door;

        Plain(Door<?> door, @Nullable Throwable acquiredHere) {
            super(door, acquiredHere);
            this.door = door;
        }

        @Override
        void release() {
            door.leave();
        }

        @Override
        public String toString() {
            return "a permit of " + door;
        }
    }
}
