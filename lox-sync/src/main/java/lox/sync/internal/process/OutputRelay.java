package lox.sync.internal.process;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lox.sync.spi.host.LineSink;

/**
 * Forwards what a worker process writes to its standard output and its standard error, a line at a time, and remembers
 * the last lines of the latter. Each stream has a {@linkplain StreamReader thread}; lines of one stream keep their
 * order.
 */
final class OutputRelay {
    private final LineSink sink;
    private final ErrorTail errorTail = new ErrorTail();
    private final StreamReader output;
    private final StreamReader error;

    private OutputRelay(Process process, byte[] marker, String name, LineSink sink) {
        this.sink = sink;
        this.output = new StreamReader(
                process.getInputStream(), process::isAlive, marker, new Forwarder(false), name + "-out");
        this.error = new StreamReader(
                process.getErrorStream(), process::isAlive, marker, new Forwarder(true), name + "-err");
    }

    /**
     * Starts to read both streams of a process.
     *
     * @param marker what a task's last line ends with if it has no end, see {@link TaskOutput}; empty if there are no
     *     tasks
     * @param name for the threads
     * @param sink gets the lines
     */
    static OutputRelay start(Process process, byte[] marker, String name, LineSink sink) {
        OutputRelay relay = new OutputRelay(process, marker, name, sink);
        relay.output.start();
        relay.error.start();
        return relay;
    }

    /** The last lines of standard error, oldest first. */
    List<String> errorTail() {
        return errorTail.lines();
    }

    /** Waits until all lines that the process has written by now have been forwarded, or one of them takes too long. */
    void forwardLines() {
        output.forwardAll(false);
        error.forwardAll(false);
    }

    /** Whether the process has written something that is no line yet, and was not forwarded. */
    boolean holdsUnfinishedLine() {
        return output.holdsUnfinishedLine() || error.holdsUnfinishedLine();
    }

    /** The same as {@link #forwardLines}, an unfinished line included. */
    void forwardAll() {
        output.forwardAll(true);
        error.forwardAll(true);
    }

    /**
     * Waits until all that the process has written has been forwarded, or one line takes too long. It has to have
     * ended. What its children write, which may hold its streams open longer than it lives, is not waited for.
     *
     * @return whether it has
     */
    boolean awaitEnd() {
        boolean outputEnded = output.awaitEnd(); // both are waited for, whatever becomes of the first
        return error.awaitEnd() && outputEnded;
    }

    // ---- the readers' threads --------------------------------------------------------------------------------------

    private final class Forwarder implements StreamReader.LineConsumer {
        private final boolean isError;
        private boolean within; // a line, whose beginning was forwarded

        Forwarder(boolean isError) {
            this.isError = isError;
        }

        @Override
        public void accept(byte[] line, boolean isEnded) {
            if (isError && (!within || line.length > 0)) {
                errorTail.add(new String(line, StandardCharsets.UTF_8));
            }
            within = !isEnded;
            sink.accept(isError, line, isEnded);
        }
    }
}
