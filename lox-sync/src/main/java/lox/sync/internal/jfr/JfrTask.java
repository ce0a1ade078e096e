package lox.sync.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** {@code lox.Task}: one attempt of a task. */
@Name("lox.Task")
@Label("Task")
@Description("One attempt of a task, from when a worker has taken it up to its end")
@Category("lox")
@Enabled(false)
@Threshold("1 ms")
@StackTrace(false)
final class JfrTask extends Event {
    @Label("Workers")
    @Description("The name of the Workers")
    @Nullable
    String workers;

    @Label("Function")
    @Nullable
    String function;

    @Label("Batch")
    @Description("The number of the batch, unique in this JVM")
    long batch;

    @Label("Index")
    @Description("The task's place in its batch, from 0")
    long index;

    @Label("Attempt")
    @Description("1 for the first")
    int attempt;

    @Label("Worker")
    @Description("The thread or the worker process")
    @Nullable
    String worker;

    @Label("End")
    @Description("How the attempt ended")
    @Nullable
    String end;

    @Label("Waited")
    @Description("How long the task waited for a worker, if that is known")
    @Timespan
    long waited;

    @Label("Tasks")
    @Description("1; or the length of a run of short tasks, of which this is the first")
    int tasks;

    static boolean isOn() {
        return new JfrTask().isEnabled();
    }
}
