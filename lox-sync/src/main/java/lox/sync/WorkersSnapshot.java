package lox.sync;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@link Workers} are at, at one moment: for logs, metrics and a look at what hangs. Immutable. While work is under
 * way it may be out of date when it is read, and its parts may be of slightly different moments; once all is quiet it
 * is exact.
 *
 * <pre>{@code
 * System.out.println(workers.snapshot()); // network: 8 of at most 8 at work, 1203 queued, and a line for each task
 * }</pre>
 *
 * @param name the name of the workers
 * @param limit the most tasks at once; 0 if tasks run in the threads that scatter them
 * @param active how many places are taken: by tasks, calls of functions that do not block, and jobs of schedulers over
 *     these workers; always 0 if {@code limit} is
 * @param queued how many tasks of all functions wait for a worker; those that wait for their next attempt are not among
 *     them
 * @param tasks the tasks under way, in no order; unmodifiable. Calls of functions that do not block, and jobs of
 *     schedulers, are not among them, nor are tasks in the threads that scatter
 * @param processes the worker processes; all figures are 0 if the workers are no processes
 */
public record WorkersSnapshot(
        String name, int limit, int active, long queued, List<RunningTask> tasks, Processes processes) {
    private static final int MOST_LINES = 20;

    /**
     * Makes a snapshot.
     *
     * @param name the name of the workers
     * @param limit the most tasks at once
     * @param active how many places are taken
     * @param queued how many tasks wait
     * @param tasks the tasks under way
     * @param processes the worker processes
     * @throws NullPointerException if the list is null or has a null element
     */
    public WorkersSnapshot {
        tasks = List.copyOf(tasks);
    }

    /** One line, and one more for each task and each process, up to twenty of each. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name + ": " + active + " of at most " + limit + " at work, " + queued);
        text.append(" queued");
        append(text, tasks);
        append(text, processes.live());
        return text.toString();
    }

    private static void append(StringBuilder text, List<?> lines) {
        text.append(lines.stream()
                .limit(MOST_LINES)
                .map(line -> System.lineSeparator() + "  " + line)
                .collect(Collectors.joining()));
        if (lines.size() > MOST_LINES) {
            text.append(System.lineSeparator())
                    .append("  and ")
                    .append(lines.size() - MOST_LINES)
                    .append(" more");
        }
    }

    /**
     * A task under way.
     *
     * @param worker the name of its thread, {@code unnamed} if that has none, or of its process
     * @param function names the function, as {@link lox.sync.event.BatchEvent#function} does
     * @param age how long it has been under way; of tasks that take microseconds, or run in a process, together with
     *     those that were taken up with it
     */
    public record RunningTask(String worker, String function, Duration age) {
        @Override
        public String toString() {
            return worker + " at " + function + " for " + age.toMillis() + " ms";
        }
    }

    /**
     * The worker processes of these workers, and what has become of all of them so far.
     *
     * @param live those that run, in no order; unmodifiable
     * @param started how many have become ready for tasks
     * @param crashed how many have ended by themselves
     * @param killed how many were killed, for a cancel or a timeout
     * @param sentBytes what was sent to all of them, in bytes
     * @param receivedBytes what they have sent, in bytes
     */
    public record Processes(
            List<WorkerProcess> live, long started, long crashed, long killed, long sentBytes, long receivedBytes) {
        static final Processes NONE = new Processes(List.of(), 0, 0, 0, 0, 0);

        /**
         * Makes the figures.
         *
         * @param live those that run
         * @param started how many have become ready
         * @param crashed how many have ended by themselves
         * @param killed how many were killed
         * @param sentBytes what was sent to them
         * @param receivedBytes what they have sent
         * @throws NullPointerException if the list is null or has a null element
         */
        public Processes {
            live = List.copyOf(live);
        }
    }

    /**
     * A worker process that runs.
     *
     * @param name as threads, {@link lox.sync.process.OutputLine}s and its command line show it
     * @param pid its number
     * @param busy whether it is at work for a function
     * @param age since its start
     * @param sentBytes what was sent to it, in bytes
     * @param receivedBytes what it has sent, in bytes
     */
    public record WorkerProcess(String name, long pid, boolean busy, Duration age, long sentBytes, long receivedBytes) {
        @Override
        public String toString() {
            return name + ", process " + pid + ", " + (busy ? "busy" : "idle") + ", for " + age.toMillis() + " ms";
        }
    }
}
