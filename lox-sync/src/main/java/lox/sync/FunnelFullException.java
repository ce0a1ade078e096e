package lox.sync;

/**
 * Thrown by a put that would begin one more job than the limit allows, with {@link WhenFull#FAIL}. Nothing has changed.
 */
public final class FunnelFullException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    FunnelFullException(String message) {
        super(message);
    }
}
