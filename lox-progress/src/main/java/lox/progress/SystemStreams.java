package lox.progress;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import lox.sync.internal.time.OwnThreads;
import lox.sync.internal.time.SharedThreads;
import org.jspecify.annotations.Nullable;

/**
 * {@code System.out} and {@code System.err}, which are replaced while bars are shown on their terminal. So what tasks
 * print, what child JVMs print, and stack traces go above the bars. The streams from before are put back with the last
 * bar, unless the program has set others meanwhile.
 */
final class SystemStreams {
    private static int bars; // all guarded by the class
    private static @Nullable Screen screen;
    private static @Nullable LineStream out;
    private static @Nullable LineStream err;
    private static boolean isHooked;

    private SystemStreams() {}

    /** Whether it is the current {@code System.out} or {@code System.err}. */
    static boolean isOne(PrintStream stream) {
        return stream == System.out || stream == System.err;
    }

    /** Whether a stream of the system goes to a terminal. */
    static boolean isTerminal(PrintStream stream) {
        return Terminal.isThere(descriptor(stream));
    }

    /** Whether it is known that a stream of the system goes to a terminal. */
    static boolean isKnownTerminal(PrintStream stream) {
        return Terminal.isKnown(descriptor(stream));
    }

    private static int descriptor(PrintStream stream) {
        return unwrapped(stream) == unwrapped(System.out) ? Terminal.OUT : Terminal.ERR;
    }

    /**
     * Replaces the streams until {@link #leave}. All bars on them share one screen.
     *
     * @param stream where the first bar is drawn
     * @param both whether both go to the terminal, which is otherwise found out
     * @return the screen to draw on
     */
    static synchronized Screen enter(PrintStream stream, boolean both) {
        Screen shared = screen;
        if (shared == null) {
            PrintStream drawn = unwrapped(stream);
            boolean isOut = both || drawn == unwrapped(System.out) || Terminal.isThere(Terminal.OUT);
            boolean isErr = both || drawn == unwrapped(System.err) || Terminal.isThere(Terminal.ERR);
            shared = Screen.of(drawn);
            LineStream lines = isOut ? LineStream.of(unwrapped(System.out), shared) : null;
            LineStream errors = isErr ? LineStream.of(unwrapped(System.err), shared) : null;
            hook();
            screen = shared;
            out = lines;
            err = errors;
            if (lines != null) {
                System.setOut(lines);
            }
            if (errors != null) {
                System.setErr(errors);
            }
        }
        bars++;
        return shared;
    }

    /** Puts the streams back if this was the last bar. Throws what a stream throws, after both are back. */
    static void leave() {
        List<LineStream> replaced;
        synchronized (SystemStreams.class) {
            bars--;
            replaced = bars == 0 ? putBack() : List.of();
        }
        release(replaced);
    }

    /** Calls no stream: one may throw or block. To be followed by {@link #release}, without the lock. */
    private static synchronized List<LineStream> putBack() {
        LineStream lines = out;
        LineStream errors = err;
        out = null;
        err = null;
        screen = null;
        List<LineStream> replaced = new ArrayList<>();
        if (lines != null) {
            if (System.out == lines) {
                System.setOut(lines.original());
            }
            replaced.add(lines);
        }
        if (errors != null) {
            if (System.err == errors) {
                System.setErr(errors.original());
            }
            replaced.add(errors);
        }
        return replaced;
    }

    /** Passes on what waits for the end of its line in each of them, whatever another one throws. */
    private static void release(List<LineStream> replaced) {
        if (!replaced.isEmpty()) {
            try {
                replaced.get(0).release();
            } finally {
                release(replaced.subList(1, replaced.size()));
            }
        }
    }

    /** The stream of the program, for one that stands in for it. */
    static PrintStream unwrapped(PrintStream stream) {
        return stream instanceof LineStream lines ? lines.original() : stream;
    }

    // ---- the end of the JVM ----------------------------------------------------------------------------------------

    /** A JVM may end with bars: what waits for the end of its line is printed, and the shell's prompt gets its own. */
    private static void hook() {
        if (!isHooked) {
            isHooked = true;
            Thread atEnd = OwnThreads.make(
                    "lox-progress-exit",
                    () -> BoundedWait.on(SharedThreads::elsewhere, SystemStreams::leaveAll, () -> {}));
            try {
                Runtime.getRuntime().addShutdownHook(atEnd);
            } catch (IllegalStateException itEndsAlready) {
                isHooked = false;
            }
        }
    }

    private static void leaveAll() {
        Screen shared;
        List<LineStream> replaced;
        synchronized (SystemStreams.class) {
            shared = screen;
            replaced = putBack();
        }
        if (shared != null) {
            shared.leave();
            release(replaced);
        }
    }
}
