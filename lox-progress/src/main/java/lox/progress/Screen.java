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
            write(toTop() + rows());
        } finally {
            lock.unlock();
        }
    }

    /** Prints the last text of a row, which need not have been drawn, above the rows that go on. */
    void finish(Object row, String text) {
        lock.lock();
        try {
            rows.remove(row);
            write(toTop() + line(text) + "\n" + ERASE_BELOW + rows());
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
            boolean isErased = !rows.isEmpty() && tryWrite(toTop() + ERASE_BELOW);
            target.write(lines, 0, lines.length);
            target.flush();
            if (isErased) {
                drawn = 0;
                tryWrite(rows());
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

    private String toTop() {
        return drawn > 1 ? "\r\u001b[" + (drawn - 1) + "A" : "\r";
    }

    private String rows() {
        StringBuilder text = new StringBuilder();
        String separator = "";
        for (String row : rows.values()) {
            text.append(separator).append(line(row));
            separator = "\n";
        }
        drawn = rows.size();
        return text.toString();
    }

    private static String line(String row) {
        return NO_WRAP + row + ERASE_REST_OF_LINE + WRAP;
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
