package lox.sync.internal.observe;

/** The names of threads as those of workers. */
public final class WorkerName {
    /**
     * A virtual thread has no name unless it is given one. One name for all of them, since names become lanes and tags
     * of metrics; none would say that no worker took the task up.
     */
    private static final String UNNAMED = "unnamed";

    private WorkerName() {}

    /** The name of a thread that runs tasks; never empty. */
    public static String of(Thread thread) {
        String name = thread.getName();
        return name.isEmpty() ? UNNAMED : name;
    }
}
