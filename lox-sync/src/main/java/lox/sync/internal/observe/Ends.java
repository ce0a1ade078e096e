package lox.sync.internal.observe;

import java.util.concurrent.CancellationException;
import lox.sync.event.BatchEnd;
import org.jspecify.annotations.Nullable;

/** Tells by a failure how something has ended. */
final class Ends {
    private Ends() {}

    static BatchEnd ofBatch(@Nullable Throwable failure) {
        if (failure == null) {
            return BatchEnd.COMPLETED;
        }
        return failure instanceof CancellationException ? BatchEnd.CANCELLED : BatchEnd.FAILED;
    }
}
