package lox.sync.internal.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that a worker has received and not started. The reading thread puts them in and recalls them; the running
 * thread takes them out. Whether a task is started or recalled is settled under one lock, which is free as a rule.
 */
final class ReceivedTasks {
    /** Tasks that came together. */
    static final class Run {
        private final long id;
        private final long function;
        private final boolean timed;
        private final @Nullable Object[] arguments;
        private int arrived;
        private int next;
        private int limit;

        Run(long id, long function, int size, boolean timed) {
            this.timed = timed;
            this.id = id;
            this.function = function;
            this.arguments = new @Nullable Object[size];
            this.limit = size;
        }

        /** For the reading thread, before it tells that more has arrived. */
        void set(int index, @Nullable Object argument) {
            arguments[index] = argument;
        }
    }

    /** What a task needs, and whether the parent wants to know how long it takes. */
    record Task(long function, @Nullable Object argument, boolean timed) {}

    private final Deque<Run> runs = new ArrayDeque<>();
    private final CrashSafeOutput output;
    private long started;

    ReceivedTasks(CrashSafeOutput output) {
        this.output = output;
    }

    synchronized void add(Run run) {
        runs.addLast(run);
    }

    /** Notes how many tasks of the run that was added last have arrived. */
    synchronized void arrived(Run run, int count) {
        run.arrived = count;
        notifyAll();
    }

    /** Starts the next task. */
    synchronized Task take() {
        Run run = awaitTask();
        int index = run.next++;
        Task task = new Task(run.function, run.arguments[index], run.timed);
        run.arguments[index] = null;
        output.started(++started);
        if (run.next == run.limit) {
            runs.removeFirst();
        }
        return task;
    }

    private Run awaitTask() {
        for (; ; ) {
            Run first = runs.peekFirst();
            if (first != null && first.next < Math.min(first.arrived, first.limit)) {
                return first;
            }
            try {
                wait();
            } catch (InterruptedException meantForATask) {
                assert !Thread.currentThread().isInterrupted(); // the task is over, and its interrupt is forgotten here
            }
        }
    }

    /** Whether a task could be taken now. */
    synchronized boolean hasTask() {
        Run first = runs.peekFirst();
        return first != null && first.next < Math.min(first.arrived, first.limit);
    }

    /**
     * Takes back what has not been started, and adds the answer to the output before a task of a later run can start:
     * if the worker dies in that task, the parent knows that this run was over.
     *
     * @param message an empty one, empty again afterwards
     */
    synchronized void answerRecall(long id, WireWriter message) throws IOException {
        message.write(Protocol.RECALLED);
        message.writeLong(id);
        message.writeInt(recall(id));
        output.add(message);
    }

    /** Takes back what has not been started. Returns where that begins, or -1 if nothing was left to start. */
    synchronized int recall(long id) {
        for (Run run : runs) {
            if (run.id == id) {
                int limit = run.next;
                run.limit = limit;
                Arrays.fill(run.arguments, limit, run.arguments.length, null);
                runs.remove(run);
                return limit;
            }
        }
        return -1;
    }
}
