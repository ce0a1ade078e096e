package lox.sync.process;

/**
 * There is no machine to run tasks on: none that was looked for has answered in time, or none of those that are there
 * can be used, and the message says where was looked and why not.
 *
 * <p>The tasks that wait for a worker fail with it, and have not run. The next ones look again.
 */
public final class ClusterUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A cluster that cannot be used.
     *
     * @param what where was looked, and what was found
     */
    public ClusterUnavailableException(String what) {
        super(what);
    }

    /**
     * A cluster that cannot be joined.
     *
     * @param what where was looked, and what was found
     * @param cause what has failed
     */
    public ClusterUnavailableException(String what, Throwable cause) {
        super(what, cause);
    }
}
