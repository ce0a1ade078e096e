package lox.cluster.internal;

/** Something that a user has given cannot be used. The message names it. */
public final class BadInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Input that cannot be used.
     *
     * @param what names the input, and says what is wrong with it
     */
    public BadInputException(String what) {
        super(what);
    }

    /**
     * Input that cannot be used.
     *
     * @param what names the input, and says what is wrong with it
     * @param cause what has failed
     */
    public BadInputException(String what, Throwable cause) {
        super(what, cause);
    }
}
