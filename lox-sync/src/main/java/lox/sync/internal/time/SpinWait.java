package lox.sync.internal.time;

/**
 * {@link Thread#onSpinWait} and {@link Thread#yield} for lox's own short waits, which also run on threads that must not
 * block. BlockHound reports these calls as blocking; lox's integration allows them in these methods. The methods that
 * spin are not allowed them themselves, since some of them go on to call users' code, which BlockHound has to check.
 */
public final class SpinWait {
    private SpinWait() {}

    /** Tells the processor that the calling thread spins. */
    public static void pause() {
        Thread.onSpinWait();
    }

    /** Lets another thread run that needs a processor, as the one that the calling thread waits for may. */
    @SuppressWarnings("ThreadPriorityCheck") // it affects cost only
    public static void giveWay() {
        Thread.yield();
    }
}
