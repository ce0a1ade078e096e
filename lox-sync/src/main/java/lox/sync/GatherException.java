package lox.sync;

import java.util.List;
import lox.sync.internal.result.FailureText;

/**
 * Carries out of a blocking call what could not be thrown as it is: a checked exception of a task, or several failures
 * at once.
 *
 * <p>The cause is the task's exception; of several, the first in scatter order, the others being suppressed exceptions.
 */
public final class GatherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the tasks threw, in scatter order. */
    private final Throwable[] failures;

    GatherException(Throwable failure) {
        super(FailureText.of(failure), failure);
        failures = new Throwable[] {failure};
    }

    GatherException(List<Throwable> failures, int total) {
        super(
                failures.size() + " of " + total + " tasks failed, first " + FailureText.of(failures.get(0)),
                failures.get(0));
        this.failures = failures.toArray(new Throwable[0]);
        for (Throwable failure : failures.subList(1, failures.size())) {
            if (failure != failures.get(0)) {
                addSuppressed(failure);
            }
        }
    }

    /**
     * What the tasks threw.
     *
     * @return at least one failure, in scatter order, unmodifiable
     */
    public List<Throwable> failures() {
        return List.of(failures);
    }
}
