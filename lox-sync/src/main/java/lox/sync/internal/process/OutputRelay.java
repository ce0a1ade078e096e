package lox.sync.internal.process;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import lox.sync.process.OutputLine;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * Forwards what a worker process writes to its standard output and its standard error, a line at a time, and remembers
 * the last lines of the latter. Each stream has a {@linkplain StreamReader thread}; lines of one stream keep their
 * order.
 */
final class OutputRelay {
    private final long pid;
    private final @Nullable Consumer<OutputLine> listener;
    private final ErrorTail errorTail = new ErrorTail();
    private final StreamReader output;
    private final StreamReader error;

    private OutputRelay(Process process, byte[] marker, String name, @Nullable Consumer<OutputLine> listener) {
        this.pid = process.pid();
        this.listener = listener;
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
     * @param listener gets the lines, or null for {@code System.out} and {@code System.err}
     */
    static OutputRelay start(Process process, byte[] marker, String name, @Nullable Consumer<OutputLine> listener) {
        OutputRelay relay = new OutputRelay(process, marker, name, listener);
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
            boolean isBareEnd = within && line.length == 0;
            within = !isEnded;
            String text = new String(line, StandardCharsets.UTF_8);
            if (isError && !isBareEnd) {
                errorTail.add(text);
            }
            if (listener == null) {
                print(line, text, isEnded, isError ? System.err : System.out);
            } else if (!isBareEnd) {
                tell(listener, new OutputLine(pid, isError, text));
            }
        }
    }

    private static void tell(Consumer<OutputLine> listener, OutputLine line) {
        try {
            listener.accept(line);
        } catch (Throwable ofTheListener) { // the stream has to be read on, or the worker would stand still
            Uncaught.report(ofTheListener);
        }
    }

    /** Characters as characters, in whatever encoding the stream has; what are none, as the bytes they are. */
    private static void print(byte[] line, String text, boolean isEnded, PrintStream out) {
        String end = isEnded ? System.lineSeparator() : "";
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
            out.print(text + end);
        } catch (CharacterCodingException binary) {
            synchronized (out) {
                out.write(line, 0, line.length);
                out.print(end);
            }
        }
        if (!isEnded) {
            out.flush();
        }
    }
}
