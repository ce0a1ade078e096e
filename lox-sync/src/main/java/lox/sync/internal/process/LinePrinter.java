package lox.sync.internal.process;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import lox.sync.process.OutputLine;
import lox.sync.spi.Uncaught;
import lox.sync.spi.host.LineSink;
import org.jspecify.annotations.Nullable;

/** Gives the lines of one worker process to the user: to a listener, or to this JVM's own streams. */
final class LinePrinter implements LineSink {
    private final long pid;
    private final @Nullable Consumer<OutputLine> listener;
    private boolean withinOutput; // a line of standard output, whose beginning was forwarded
    private boolean withinError;

    /**
     * Makes one for a process.
     *
     * @param listener gets the lines, or null for {@code System.out} and {@code System.err}
     */
    LinePrinter(long pid, @Nullable Consumer<OutputLine> listener) {
        this.pid = pid;
        this.listener = listener;
    }

    @Override
    public void accept(boolean isError, byte[] line, boolean isEnded) {
        boolean isBareEnd = (isError ? withinError : withinOutput) && line.length == 0;
        if (isError) {
            withinError = !isEnded;
        } else {
            withinOutput = !isEnded;
        }
        String text = new String(line, StandardCharsets.UTF_8);
        if (listener == null) {
            print(line, text, isEnded, isError ? System.err : System.out);
        } else if (!isBareEnd) {
            tell(listener, new OutputLine(pid, isError, text));
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
