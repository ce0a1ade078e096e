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
        private final ByteArrayOutputStream rest = new ByteArrayOutputStream(); // guarded by itself

        Lines(PrintStream original, Screen screen) {
            this.original = original;
            this.screen = screen;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int end = offset + length;
            while (end > offset && bytes[end - 1] != '\n') {
                end--;
            }
            byte[] lines;
            synchronized (rest) {
                rest.write(bytes, offset, end - offset);
                lines = end > offset ? take() : new byte[0];
                rest.write(bytes, end, offset + length - end);
            }
            pass(lines);
            if (screen.isInUse()) {
                pass(tooLong());
            } else {
                release();
            }
        }

        private byte[] tooLong() {
            synchronized (rest) {
                if (rest.size() <= LONGEST) {
                    return new byte[0];
                }
                rest.write('\n');
                return take();
            }
        }

        /** Takes the bytes before they are printed: what the original prints here meanwhile must not find them. */
        private byte[] take() {
            synchronized (rest) {
                byte[] taken = rest.toByteArray();
                rest.reset();
                return taken;
            }
        }

        private void pass(byte[] lines) {
            if (lines.length > 0) {
                screen.above(original, lines);
            }
        }

        void release() {
            byte[] taken = take();
            if (taken.length > 0) {
                screen.past(original, taken);
            }
        }

        @Override
        public void close() {
            release();
            original.close();
        }
    }
}
