package lox.progress;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The last rows of a terminal: the bars that are under way, one below the other, the cursor behind the last of them.
 * What else is to be printed goes above them by {@link #above}, so that neither tears the other.
 *
 * <p>Every change is one write: up to the first row, the rows one after another, each without the terminal's line wrap
 * and with its remainder erased. So nothing flickers, and a terminal that has become narrower cuts rows off.
 *
 * <p>The outputs are streams of the program. They may take its locks and print to {@code System.out} or
 * {@code System.err}, and threads that hold these locks print, too. So a thread that prints does not wait for the lock
 * of the screen without limit. If it does not get it, it leaves its lines to the thread that has it, which prints them
 * before it draws again or after it has released the lock.
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
    private final BoundedLock lock = new BoundedLock();
    private final LeftLines left = new LeftLines();
    private final Map<Object, String> rows = new LinkedHashMap<>(); // guarded by lock
    private int drawn; // how many rows there are on the terminal; guarded by lock
    private volatile boolean isInUse; // whether there is a row; written under lock

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
            isInUse = true;
            StringBuilder drawing = toTop();
            appendRows(drawing);
            write(drawing.toString());
        } finally {
            unlock();
        }
    }

    /** Prints the last text of a row, which need not have been drawn, above the rows that go on. */
    void finish(Object row, String text) {
        lock.lock();
        try {
            rows.remove(row);
            isInUse = !rows.isEmpty();
            StringBuilder drawing = toTop();
            appendLine(drawing, text);
            drawing.append('\n').append(ERASE_BELOW);
            appendRows(drawing);
            write(drawing.toString());
        } finally {
            unlock();
        }
    }

    /** Forgets a row, without drawing: the output has failed. */
    void remove(Object row) {
        lock.lock();
        try {
            rows.remove(row);
            isInUse = !rows.isEmpty();
        } finally {
            unlock();
        }
    }

    // ---- what else is printed --------------------------------------------------------------------------------------

    /**
     * Prints whole lines above the rows, most often before it returns. A failure of the screen's own output is not this
     * caller's affair: the bars meet it when they are next drawn.
     *
     * @param target where to print, on the same terminal
     * @param lines as they are, with their ends
     */
    void above(PrintStream target, byte[] lines) {
        if (lock.isHeldByThisThread()) { // a stream prints while it is written to
            past(target, lines);
        } else if (lock.tryLock()) {
            try {
                printLeft();
                printAbove(() -> print(target, lines));
            } finally {
                unlock();
            }
        } else {
            left.add(target, lines);
            if (left.isFull()) {
                past(target, new byte[0]);
            }
            drain(); // the lock may have been released before the lines were left
        }
    }

    /**
     * Prints where the cursor is, after what has been left for the same target, without the lock.
     *
     * @param target where to print
     * @param text as it is
     */
    void past(PrintStream target, byte[] text) {
        byte[] before = left.take(target);
        if (before.length > 0) {
            print(target, before);
        }
        print(target, text);
    }

    /** Whether there is a row. */
    boolean isInUse() {
        return isInUse;
    }

    /**
     * Leaves all rows where they are and ends the last of them, so that what comes after begins on a line of its own.
     * What has been left is printed, even if the lock cannot be had: the JVM ends.
     */
    void leave() {
        boolean isLocked = lock.tryLock();
        try {
            if (isLocked) {
                printLeft();
                if (!rows.isEmpty()) {
                    rows.clear();
                    isInUse = false;
                    drawn = 0;
                    tryWrite("\n");
                }
            }
        } finally {
            if (isLocked) {
                unlock();
            } else {
                left.take().forEach(Screen::tryPrint);
            }
        }
    }

    private void unlock() {
        lock.unlock();
        drain();
    }

    /**
     * Call after lines have been left, and after the lock has been released: so one of the two threads sees the lines
     * and gets the lock.
     */
    private void drain() {
        while (!left.isEmpty() && lock.tryLockAtOnce()) {
            try {
                printLeft();
            } finally {
                lock.unlock();
            }
        }
    }

    private void printLeft() {
        if (!left.isEmpty()) {
            printAbove(() -> left.take().forEach(Screen::tryPrint));
        }
    }

    private void printAbove(Runnable printing) {
        boolean isErased = drawn > 0 && tryWrite(toTop().append(ERASE_BELOW).toString());
        try {
            printing.run();
        } finally {
            if (isErased) {
                StringBuilder drawing = new StringBuilder();
                appendRows(drawing);
                tryWrite(drawing.toString());
            }
        }
    }

    private static void print(PrintStream target, byte[] text) {
        target.write(text, 0, text.length);
        target.flush();
    }

    /** The thread that has left the lines does not wait for what becomes of them. */
    private static void tryPrint(LeftLines.Lines lines) {
        try {
            print(lines.target(), lines.bytes());
        } catch (Throwable nobodyWouldCatch) {
            return;
        }
    }

    // ---- drawing ---------------------------------------------------------------------------------------------------

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
        } catch (Throwable toBeMetAgain) {
            return false;
        }
    }
}
