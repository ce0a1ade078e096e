package lox.sync.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** {@code lox.Worker}: the life of a worker process. */
@Name("lox.Worker")
@Label("Worker Process")
@Description("A worker process, from its start to its end")
@Category("lox")
@Enabled(false)
@StackTrace(false)
final class JfrWorker extends Event {
    @Label("Workers")
    @Description("The name of the Workers")
    @Nullable
    String workers;

    @Label("Worker")
    @Description("The name of the process")
    @Nullable
    String worker;

    @Label("Process Identifier")
    long pid;

    @Label("End")
    @Description("How the process ended")
    @Nullable
    String end;

    @Label("Sent")
    @Description("To the process")
    @DataAmount
    long sent;

    @Label("Received")
    @Description("From the process")
    @DataAmount
    long received;

    static boolean isOn() {
        return new JfrWorker().isEnabled();
    }
}
