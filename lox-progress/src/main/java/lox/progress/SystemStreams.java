package lox.progress;

import java.io.PrintStream;
import lox.sync.internal.time.OwnThreads;
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
            shared = Screen.of(drawn);
            screen = shared;
            if (both || drawn == unwrapped(System.out) || Terminal.isThere(Terminal.OUT)) {
                out = LineStream.of(unwrapped(System.out), shared);
                System.setOut(out);
            }
            if (both || drawn == unwrapped(System.err) || Terminal.isThere(Terminal.ERR)) {
                err = LineStream.of(unwrapped(System.err), shared);
                System.setErr(err);
            }
            hook();
        }
        bars++;
        return shared;
    }

    /** Puts the streams back if this was the last bar. */
    static synchronized void leave() {
        bars--;
        if (bars == 0) {
            putBack();
        }
    }

    private static void putBack() {
        LineStream lines = out;
        if (lines != null) {
            if (System.out == lines) {
                System.setOut(lines.original());
            }
            lines.release();
        }
        LineStream errors = err;
        if (errors != null) {
            if (System.err == errors) {
                System.setErr(errors.original());
            }
            errors.release();
        }
        out = null;
        err = null;
        screen = null;
    }

    private static PrintStream unwrapped(PrintStream stream) {
        return stream instanceof LineStream lines ? lines.original() : stream;
    }

    // ---- the end of the JVM ----------------------------------------------------------------------------------------

    /** A JVM may end with bars: what waits for the end of its line is printed, and the shell's prompt gets its own. */
    private static void hook() {
        if (!isHooked) {
            isHooked = true;
            Thread atEnd = OwnThreads.make("lox-progress-exit", () -> BoundedWait.on(SystemStreams::leaveAll));
            try {
                Runtime.getRuntime().addShutdownHook(atEnd);
            } catch (IllegalStateException itEndsAlready) {
                isHooked = false;
            }
        }
    }

    private static synchronized void leaveAll() {
        Screen shared = screen;
        if (shared != null) {
            shared.leave();
            putBack();
        }
    }
}
