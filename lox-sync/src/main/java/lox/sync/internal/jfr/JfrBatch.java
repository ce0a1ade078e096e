package lox.sync.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** {@code lox.Batch}: a batch. */
@Name("lox.Batch")
@Label("Batch")
@Description("A batch, from its first scatter to its end")
@Category("lox")
@Enabled(false)
@Threshold("1 ms")
@StackTrace(false)
final class JfrBatch extends Event {
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

    @Label("Tasks")
    @Description("How many tasks were scattered")
    long tasks;

    @Label("End")
    @Description("How the batch ended")
    @Nullable
    String end;

    static boolean isOn() {
        return new JfrBatch().isEnabled();
    }
}
