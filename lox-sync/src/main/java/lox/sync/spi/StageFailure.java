package lox.sync.spi;

import java.util.concurrent.CompletionException;

/** What a {@link java.util.concurrent.CompletionStage} has failed with. */
public final class StageFailure {
    private StageFailure() {}

    /**
     * Takes off the {@link CompletionException} that a dependent stage puts around a failure. One that has no cause, or
     * whose {@code getCause} throws, is the failure itself: it must not be lost, and neither must its end.
     *
     * @param failure as the stage has told it
     * @return the failure without its wrapper
     */
    public static Throwable of(Throwable failure) {
        if (failure instanceof CompletionException) {
            try {
                Throwable cause = failure.getCause();
                return cause == null ? failure : cause;
            } catch (Throwable ofTheException) { // the user's code: only the cause is lost
                return failure;
            }
        }
        return failure;
    }
}
