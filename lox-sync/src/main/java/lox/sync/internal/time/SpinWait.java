package lox.sync.internal.time;

/**
 * {@link Thread#onSpinWait} for lox's own waits of a few nanoseconds, which also run on threads that must not block.
 * BlockHound reports that call as blocking; lox's integration allows it in this method. The methods that spin are not
 * allowed it themselves, since some of them go on to call users' code, which BlockHound has to check.
 */
public final class SpinWait {
    private SpinWait() {}

    /** Tells the processor that the calling thread spins. */
    public static void pause() {
        Thread.onSpinWait();
    }
}
