package lox.progress;

import java.util.concurrent.atomic.AtomicBoolean;

/** Logs that the output of a bar has failed: once, though the bar is used for several gathers. */
final class OutputWarning {
    private final String label;
    private final AtomicBoolean isLogged = new AtomicBoolean();

    /**
     * Logs nothing yet.
     *
     * @param label of the bar
     */
    OutputWarning(String label) {
        this.label = label;
    }

    /** Logs it, the first time. */
    void log(Throwable reason) {
        if (isLogged.compareAndSet(false, true)) {
            System.getLogger("lox.progress")
                    .log(
                            System.Logger.Level.WARNING,
                            "the progress of \"" + label + "\" is not shown any more: its output failed",
                            reason);
        }
    }
}
