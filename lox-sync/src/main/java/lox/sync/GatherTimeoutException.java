package lox.sync;

import java.time.Duration;

/**
 * A gather has not ended in the time that it was given. Its batch has been cancelled; failures of its tasks are
 * suppressed exceptions.
 */
public final class GatherTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How long it was allowed to take. */
    private final Duration limit;

    GatherTimeoutException(String name, Duration limit) {
        super("the gather of \"" + name + "\" took longer than " + limit);
        this.limit = limit;
    }

    /**
     * How long the gather was allowed to take.
     *
     * @return as given to the gather
     */
    public Duration limit() {
        return limit;
    }
}
