package lox.sync.internal.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import lox.sync.spi.Uncaught;

/**
 * The stream behind {@code System.out} or {@code System.err} of a worker: a buffer that knows whether anything has to
 * be done when a task ends. As a rule nothing is, and finding that out costs two reads of fields.
 *
 * <p>When a task has left a line without an end, a marker and an end of line are written behind it: the parent forwards
 * the line as it is, and the next task's output does not become a part of it. Safe for use from many threads.
 */
final class TaskOutput extends OutputStream {
    private static final int SIZE = 8 * 1024;

    private final OutputStream descriptor;
    private final byte[] end;
    private final byte[] buffer = new byte[SIZE];
    private int count;
    private boolean isWithinLine;

    /**
     * Makes one.
     *
     * @param descriptor gets all bytes
     * @param marker see {@link StreamReader}
     */
    TaskOutput(OutputStream descriptor, byte[] marker) {
        this.descriptor = descriptor;
        this.end = new byte[marker.length + 1];
        System.arraycopy(marker, 0, end, 0, marker.length);
        end[marker.length] = '\n';
    }

    /** Both streams of this JVM. */
    static final class Streams {
        private final Stream out;
        private final Stream err;

        /** Puts new ones in the place of {@code System.out} and {@code System.err}. */
        Streams(byte[] marker) {
            out = new Stream(FileDescriptor.out, "stdout", marker);
            err = new Stream(FileDescriptor.err, "stderr", marker);
            System.setOut(out.printer);
            System.setErr(err.printer);
        }

        /** Writes what the task that ends here has left in buffers. By the thread that ran it. */
        void endTask() {
            out.endTask(System.out);
            err.endTask(System.err);
        }
    }

    private static final class Stream {
        final TaskOutput bytes;
        final PrintStream printer;

        Stream(FileDescriptor descriptor, String name, byte[] marker) {
            bytes = new TaskOutput(new FileOutputStream(descriptor), marker);
            printer = new PrintStream(bytes, true, charset(name));
        }

        private static Charset charset(String stream) {
            String name = System.getProperty(stream + ".encoding", System.getProperty("sun." + stream + ".encoding"));
            return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
        }

        void endTask(PrintStream current) {
            if (current != printer && current != null) { // the user's, with a buffer perhaps
                flush(current);
            }
            bytes.endTask();
        }

        private static void flush(PrintStream ofTheUser) {
            try {
                ofTheUser.flush();
            } catch (RuntimeException | Error thrown) { // which is no fault of the task that ends here
                Uncaught.report(thrown);
            }
        }
    }

    /** Writes what is left, and ends the line if there is one. */
    void endTask() {
        if (count > 0 || isWithinLine) {
            endLine();
        }
    }

    private synchronized void endLine() {
        try {
            flush();
            if (isWithinLine) {
                isWithinLine = false;
                descriptor.write(end);
            }
        } catch (IOException closed) { // by a task: no task can print any more
            count = 0;
        }
    }

    // ---- the stream ------------------------------------------------------------------------------------------------

    @Override
    public synchronized void write(int unit) throws IOException {
        if (count == SIZE) {
            flush();
        }
        buffer[count++] = (byte) unit;
        isWithinLine = (byte) unit != '\n';
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > SIZE - count) {
            flush();
        }
        if (length >= SIZE) {
            descriptor.write(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, count, length);
            count += length;
        }
        if (length > 0) {
            isWithinLine = bytes[offset + length - 1] != '\n';
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        int length = count;
        count = 0;
        if (length > 0) {
            descriptor.write(buffer, 0, length);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        flush();
        isWithinLine = false;
        descriptor.close();
    }
}
