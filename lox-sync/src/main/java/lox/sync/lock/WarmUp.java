package lox.sync.lock;

import lox.sync.internal.time.Timer;
import lox.sync.spi.Uncaught;

/**
 * Runs once everything that can happen to a waiting request, so that the JVM has loaded the classes and linked the
 * calls. That needs far more stack than the calls themselves, and a class whose initialisation exhausts the stack can
 * never be used again. Each lock class calls it in its static initialiser.
 */
final class WarmUp {
    static {
        Uncaught.handler();
        if (Timer.waiting() < 0 || ExpiryQueue.isNotEmpty()) {
            throw new AssertionError("no request has waited yet");
        }
        Timer.elsewhere(() -> {});
    }

    private WarmUp() {}

    /** Holds one lock while two requests to the other wait; withdraws one of them and grants the other. */
    static void run(Acquirable<? extends Permit> lock, Acquirable<? extends Permit> other) {
        Permit held = lock.tryAcquire().orElseThrow();
        PermitRequest<? extends Permit> cancelled = other.request();
        PermitRequest<? extends Permit> granted = other.request();
        granted.stage().whenComplete((permit, failure) -> {});
        cancelled.close();
        held.close();
        granted.close();
    }
}
