package lox.sync.engine;

/** One worker outside this JVM, lent to one thread. Not thread-safe. */
public interface RemoteWorker {
    /**
     * Begins a run of tasks. Several runs may be under way; the worker goes through them one after the other.
     *
     * @param work the function, which has to be serialisable with all that it captures
     * @param most no more tasks than that
     * @return the run, not sent yet
     * @throws RuntimeException if the function cannot be sent
     */
    RemoteRun open(Work<?, ?> work, int most);

    /**
     * Tells whether it can take another run.
     *
     * @return false once it has crashed, was killed, or has run as many tasks as one worker may
     */
    boolean isUsable();

    /** Ends the loan. To be called once. */
    void giveBack();
}
