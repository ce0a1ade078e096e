package lox.sync.lock;

/** The time to wait was over before a permit was granted. Nothing is held. */
public final class AcquireTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what was waited for.
     *
     * @param message which lock, and how it stood
     */
    public AcquireTimeoutException(String message) {
        super(message);
    }
}
