package lox.sync;

/** A subscriber was too slow: its {@link Buffer} was full when the next item came. */
public final class OverflowException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OverflowException(String message) {
        super(message);
    }
}
