package lox.sync.process;

/**
 * The machine of a worker process was lost, or the connection to it, and a task had been sent there whose result had
 * not come. So the task may have run, in part or as a whole.
 *
 * <p>Of worker processes, only those {@linkplain lox.sync.ProcessesBuilder#on on other machines} are lost. A task
 * fails with this exception after as many attempts as {@link lox.sync.ProcessesBuilder#retryLost} allows; a process
 * whose end is known fails its task with a {@link WorkerCrashedException}. Tasks whose callable an executor of
 * {@link lox.sync.Workers#cluster} has lost fail with this one, too, and its cause says why.
 */
public final class WorkerLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A worker that was lost.
     *
     * @param what what happened, and that the task may have run
     */
    public WorkerLostException(String what) {
        super(what);
    }
}
