package lox.sync.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what a worker process writes to its standard output and its standard error, a line at a time, and remembers the last lines
 * of the latter. Each stream has a thread; lines of one stream keep their order.
 */
final class OutputRelay {
    private static final int TAIL = 40;

    /** A longer line is handed on in parts. */
    private static final int LONGEST_LINE = 1024 * 1024;

    private final long pid;
    private final @Nullable Consumer<OutputLine> listener;
    private final Deque<String> errorTail = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(2);

    private OutputRelay(long pid, @Nullable Consumer<OutputLine> listener) {
        this.pid = pid;
        this.listener = listener;
    }

    /**
     * Starts to read both streams of a process.
     *
     * @param name for the threads
     * @param listener gets the lines, or null for {@code System.out} and {@code System.err}
     */
    static OutputRelay start(Process process, String name, @Nullable Consumer<OutputLine> listener) {
        OutputRelay relay = new OutputRelay(process.pid(), listener);
        relay.startReader(process.getInputStream(), false, name + "-out");
        relay.startReader(process.getErrorStream(), true, name + "-err");
        return relay;
    }

    private void startReader(InputStream in, boolean isError, String name) {
        Thread reader = new Thread(null, () -> relay(in, isError), name, 256 * 1024);
        reader.setDaemon(true);
        reader.start();
    }

    /** The last lines of standard error, oldest first. */
    List<String> errorTail() {
        synchronized (errorTail) {
            return List.copyOf(errorTail);
        }
    }

    /**
     * Waits until all that the process wrote has been handed on. Its children may hold its streams open longer than it lives, so this
     * takes a limit.
     *
     * @return whether it has
     */
    boolean awaitEnd(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    // ---- the reader's thread ---------------------------------------------------------------------------------------

    private void relay(InputStream stream, boolean isError) {
        try (InputStream in = stream) {
            Line line = new Line();
            byte[] block = new byte[16 * 1024];
            for (int length = in.read(block); length >= 0; length = in.read(block)) {
                takeApart(block, length, line, isError);
            }
            if (line.size() > 0) {
                handOn(line.take(), isError);
            }
        } catch (IOException closed) {
            return; // the process is gone, and its streams with it: there is nothing left to hand on
        } finally {
            ended.countDown();
        }
    }

    private void takeApart(byte[] block, int length, Line line, boolean isError) {
        int begin = 0;
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                line.write(block, begin, i - begin);
                line.dropCarriageReturn();
                handOn(line.take(), isError);
                begin = i + 1;
            }
        }
        line.write(block, begin, length - begin);
        if (line.size() >= LONGEST_LINE) {
            handOn(line.take(), isError);
        }
    }

    private void handOn(byte[] line, boolean isError) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (isError) {
            synchronized (errorTail) {
                if (errorTail.size() == TAIL) {
                    errorTail.removeFirst();
                }
                errorTail.addLast(text);
            }
        }
        if (listener == null) {
            print(line, text, isError ? System.err : System.out);
            return;
        }
        try {
            listener.accept(new OutputLine(pid, isError, text));
        } catch (Throwable ofTheListener) { // the stream has to be read on, or the worker would stand still
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, ofTheListener);
        }
    }

    /** Characters as characters, in whatever encoding the stream has; what are none, as the bytes they are. */
    private static void print(byte[] line, String text, PrintStream out) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
            out.println(text);
        } catch (CharacterCodingException binary) {
            synchronized (out) {
                out.write(line, 0, line.length);
                out.println();
            }
        }
    }

    private static final class Line extends ByteArrayOutputStream {
        void dropCarriageReturn() {
            if (count > 0 && buf[count - 1] == '\r') {
                count--;
            }
        }

        byte[] take() {
            byte[] content = toByteArray();
            reset();
            if (buf.length > 64 * 1024) {
                buf = new byte[256];
            }
            return content;
        }
    }
}
