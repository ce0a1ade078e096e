package lox.sync.internal.process;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import lox.test.Patience;

/** What tests want to know of processes. */
final class Processes {
    private Processes() {}

    static boolean isAlive(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isPresent() && process.get().isAlive();
    }

    static void awaitEnd(long pid) {
        await("process " + pid + " has ended", () -> !isAlive(pid));
    }

    static void await(String what, BooleanSupplier condition) {
        Patience.until(what, condition);
    }

    /** For tasks that are to take a while, and for waiting with a deadline. */
    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
