package lox.progress;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last rows of a terminal: the bars that are under way, one below the other, the cursor behind the last of them.
 * What else is to be printed goes above them by {@link #above}, so that neither tears the other.
 *
 * <p>Every change is one write: up to the first row, the rows one after another, each without the terminal's line wrap
 * and with its remainder erased. So nothing flickers, and a terminal that has become narrower cuts rows off.
 */
final class Screen {
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final String ERASE_REST_OF_LINE = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private static final int USUAL_LENGTH = 200;

    /** One for each output, as long as somebody uses it. */
    private static final Map<PrintStream, WeakReference<Screen>> SCREENS = new WeakHashMap<>();

    private final PrintStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, String> rows = new LinkedHashMap<>(); // guarded by lock
    private int drawn; // how many rows there are on the terminal; guarded by lock

    private Screen(PrintStream out) {
        this.out = out;
    }

    /** The screen of an output. */
    static Screen of(PrintStream out) {
        synchronized (SCREENS) {
            WeakReference<Screen> known = SCREENS.get(out);
            Screen screen = known == null ? null : known.get();
            if (screen == null) {
                screen = new Screen(out);
                SCREENS.put(out, new WeakReference<>(screen));
            }
            return screen;
        }
    }

    /** Draws a row, below the others if it is new. */
    void draw(Object row, String text) {
        lock.lock();
        try {
            rows.put(row, text);
            StringBuilder drawing = toTop();
            appendRows(drawing);
            write(drawing.toString());
        } finally {
            lock.unlock();
        }
    }

    /** Prints the last text of a row, which need not have been drawn, above the rows that go on. */
    void finish(Object row, String text) {
        lock.lock();
        try {
            rows.remove(row);
            StringBuilder drawing = toTop();
            appendLine(drawing, text);
            drawing.append('\n').append(ERASE_BELOW);
            appendRows(drawing);
            write(drawing.toString());
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a row, without drawing: the output has failed. */
    void remove(Object row) {
        lock.lock();
        try {
            rows.remove(row);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Prints whole lines above the rows. A failure of the screen's own output is not this caller's affair: the bars
     * meet it when they are next drawn.
     *
     * @param target where to print, on the same terminal
     * @param lines as they are, with their ends
     */
    void above(PrintStream target, byte[] lines) {
        lock.lock();
        try {
            boolean isErased =
                    !rows.isEmpty() && tryWrite(toTop().append(ERASE_BELOW).toString());
            target.write(lines, 0, lines.length);
            target.flush();
            if (isErased) {
                drawn = 0;
                StringBuilder drawing = new StringBuilder();
                appendRows(drawing);
                tryWrite(drawing.toString());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is a row. */
    boolean isInUse() {
        lock.lock();
        try {
            return !rows.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Leaves all rows where they are and ends the last of them, so that what comes after begins on a line of its own.
     */
    void leave() {
        lock.lock();
        try {
            if (!rows.isEmpty()) {
                rows.clear();
                drawn = 0;
                tryWrite("\n");
            }
        } finally {
            lock.unlock();
        }
    }

    private StringBuilder toTop() {
        StringBuilder drawing = new StringBuilder(USUAL_LENGTH).append('\r');
        return drawn > 1 ? drawing.append("\u001b[").append(drawn - 1).append('A') : drawing;
    }

    private void appendRows(StringBuilder drawing) {
        String separator = "";
        for (String row : rows.values()) {
            drawing.append(separator);
            appendLine(drawing, row);
            separator = "\n";
        }
        drawn = rows.size();
    }

    private static void appendLine(StringBuilder drawing, String row) {
        drawing.append(NO_WRAP).append(row).append(ERASE_REST_OF_LINE).append(WRAP);
    }

    private void write(String text) {
        out.print(text);
        if (out.checkError()) { // which flushes it, too
            throw new UncheckedIOException(new IOException("the output is closed or full"));
        }
    }

    private boolean tryWrite(String text) {
        try {
            write(text);
            return true;
        } catch (RuntimeException thrown) {
            return false;
        }
    }
}
