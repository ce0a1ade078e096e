package lox.sync.lock;

import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/** A call to the lock that underlies a {@link LightSwitch}. It does what it is for, or throws and can be made again. */
abstract class UnderlyingCall implements Runnable {
    /** The next in a list of {@link DeferredActions}. */
    @Nullable
    UnderlyingCall next;

    /** Runs here, or on a shared thread if this one lacks stack or memory for it. */
    final void runHereOrElsewhere() {
        try {
            tryHere();
        } catch (StackOverflowError | OutOfMemoryError noRoom) {
            Timer.elsewhere(this);
        }
    }

    /** The first attempt: may leave everything as it was and throw one of these two errors. */
    void tryHere() {
        run();
    }
}
