package lox.tck;

import lox.test.Patience;
import org.reactivestreams.tck.TestEnvironment;

/** How long the kit waits. */
final class Environments {
    private static final int NO_SIGNAL_MILLIS = 25;
    private static final int POLL_MILLIS = 5;

    private Environments() {}

    /** Waits long for what must come, and shortly for what must not: the kit waits for the latter in most of its tests. */
    static TestEnvironment patient() {
        return new TestEnvironment(Patience.LIMIT.toMillis(), NO_SIGNAL_MILLIS, POLL_MILLIS);
    }
}
