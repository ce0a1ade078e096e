package lox.progress;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Stands in for {@code System.out} or {@code System.err} while there are bars on the same terminal: whole lines go
 * above the bars, and a line without an end waits for it. With no bar everything passes through, so whoever keeps this
 * stream, a logger for example, loses nothing.
 */
final class LineStream extends PrintStream {
    private final PrintStream original;
    private final Lines lines;

    private LineStream(PrintStream original, Lines lines) {
        super(lines, false, Terminal.charset(original));
        this.original = original;
        this.lines = lines;
    }

    /** Stands in for a stream. */
    static LineStream of(PrintStream original, Screen screen) {
        return new LineStream(original, new Lines(original, screen));
    }

    PrintStream original() {
        return original;
    }

    /** Passes on what waits for the end of its line. */
    void release() {
        flush();
        lines.release();
    }

    @Override
    public boolean checkError() {
        boolean mine = super.checkError();
        return original.checkError() || mine;
    }

    private static final class Lines extends OutputStream {
        /** A line that is longer is passed on in pieces, as lines. */
        private static final int LONGEST = 8_192;

        private final PrintStream original;
        private final Screen screen;
        private final ByteArrayOutputStream rest = new ByteArrayOutputStream(); // guarded by this

        Lines(PrintStream original, Screen screen) {
            this.original = original;
            this.screen = screen;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            int end = offset + length;
            while (end > offset && bytes[end - 1] != '\n') {
                end--;
            }
            rest.write(bytes, offset, end - offset);
            if (end > offset) {
                pass();
            }
            rest.write(bytes, end, offset + length - end);
            if (!screen.isInUse()) {
                release();
            } else if (rest.size() > LONGEST) {
                rest.write('\n');
                pass();
            }
        }

        private void pass() {
            screen.above(original, rest.toByteArray());
            rest.reset();
        }

        synchronized void release() {
            original.write(rest.toByteArray(), 0, rest.size());
            original.flush();
            rest.reset();
        }

        @Override
        public synchronized void close() {
            release();
            original.close();
        }
    }
}
