package lox.cluster.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a worker prints before its program has come for it, up to a limit. Who reads the worker's output must not wait
 * for the program: a process that ends while it starts has told the reason by then, and its program never comes. Safe
 * for use from many threads.
 */
final class EarlyLines {
    private static final int MOST_BYTES = 64 * 1024;

    private final Queue<Line> lines = new ArrayDeque<>(); // all guarded by this
    private int bytes;
    private boolean isPassedOn;

    private static final class Line {
        private final boolean isError;
        private final byte[] text;
        private final boolean isEnded;

        Line(boolean isError, byte[] text, boolean isEnded) {
            this.isError = isError;
            this.text = text;
            this.isEnded = isEnded;
        }

        void passOn(FrameWriter to) throws IOException {
            to.line(isError, text, isEnded);
        }
    }

    /** Keeps a line. False if the program has come, or too much is kept: then the caller waits for the program. */
    synchronized boolean keep(boolean isError, byte[] text, boolean isEnded) {
        if (isPassedOn || bytes + text.length > MOST_BYTES) {
            return false;
        }
        lines.add(new Line(isError, text.clone(), isEnded));
        bytes += text.length;
        return true;
    }

    /** Passes on what has been kept, in its order. From then on nothing is kept; further calls do nothing. */
    synchronized void passOn(FrameWriter to) throws IOException {
        isPassedOn = true;
        for (Line line = lines.poll(); line != null; line = lines.poll()) {
            line.passOn(to);
        }
    }
}
