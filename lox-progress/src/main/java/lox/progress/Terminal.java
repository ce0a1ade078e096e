package lox.progress;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the terminal. The JDK says whether both standard input and standard output are one; here each output
 * is asked for alone, so that {@code < file} takes no bar away, and {@code > log} and {@code 2> log} get none into it.
 */
final class Terminal {
    /** The number of standard output. */
    static final int OUT = 1;

    /** The number of standard error. */
    static final int ERR = 2;

    private static final int DEFAULT_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 20;
    private static final int LONGEST_SECONDS = 2;

    private static final int COLUMNS_HOLD_SECONDS = 10;

    private record Width(int columns, long since) {
        boolean isStale() {
            return System.nanoTime() - since > TimeUnit.SECONDS.toNanos(COLUMNS_HOLD_SECONDS);
        }
    }

    private static volatile @Nullable Width width; // found under the lock of the class

    private static final Map<Integer, Boolean> KNOWN = new ConcurrentHashMap<>();

    private static final @Nullable Method CHARSET_OF_STREAM = charsetOfStream();

    private record Encoding(WeakReference<PrintStream> of, boolean isAscii) {}

    private static volatile @Nullable Encoding lastAsked; // most often the one that is asked for again

    private static final Map<Charset, Boolean> ASCII = new ConcurrentHashMap<>();

    private Terminal() {}

    /** Whether an output goes to a terminal that knows control sequences. May start a short process, the first time. */
    static boolean isThere(int descriptor) {
        return KNOWN.computeIfAbsent(descriptor, Terminal::find);
    }

    /** Whether it has been found that an output goes to such a terminal. */
    static boolean isKnown(int descriptor) {
        return KNOWN.getOrDefault(descriptor, false);
    }

    private static boolean find(int descriptor) {
        if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return hasConsole() && (System.getenv("WT_SESSION") != null || System.getenv("TERM") != null);
        }
        String kind = System.getenv("TERM");
        return kind != null && !kind.equals("dumb") && isTerminal(descriptor);
    }

    static boolean isTerminal(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString()
                    .matches("/dev/(pts/\\d+|tty.*|console)");
        } catch (IOException | UnsupportedOperationException noProc) {
            return passesTest(descriptor);
        }
    }

    /** Asks {@code test -t}, in a process that has the same outputs. */
    static boolean passesTest(int descriptor) {
        try {
            Process test = new ProcessBuilder("test", "-t", Integer.toString(descriptor))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return hasEnded(test) && test.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return hasConsole();
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it is null on Java 17, and later ones are asked further down
    private static boolean hasConsole() {
        Console console = System.console();
        if (console == null || Runtime.version().feature() < 22) {
            return console != null;
        }
        try { // from Java 22 on there may be a console without a terminal, and a method that tells
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Java " + Runtime.version() + " should have Console.isTerminal", e);
        }
    }

    /** How wide the terminal is, or was some seconds ago: to find out, a short process is started. */
    static synchronized int columns() {
        Width known = width;
        if (known == null || known.isStale()) {
            known = new Width(findColumns(), System.nanoTime());
            width = known;
        }
        return known.columns();
    }

    /** How wide the terminal is, if no process has to be started to find out. */
    static OptionalInt knownColumns() {
        Width known = width;
        return known == null || known.isStale() ? OptionalInt.empty() : OptionalInt.of(known.columns());
    }

    private static int findColumns() {
        try {
            Process size = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (hasEnded(size) && size.exitValue() == 0) {
                return columns(new String(size.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            }
            return DEFAULT_COLUMNS;
        } catch (IOException noSuchProgram) {
            return DEFAULT_COLUMNS;
        }
    }

    /** Reads rows and columns; a terminal that does not know its size says 0. */
    static int columns(String size) {
        String[] words = size.strip().split(" ", -1);
        if (words.length != 2 || !words[1].matches("[1-9]\\d{0,4}")) {
            return DEFAULT_COLUMNS;
        }
        return Math.max(FEWEST_COLUMNS, Integer.parseInt(words[1]));
    }

    private static boolean hasEnded(Process process) {
        try {
            if (process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }

    /** Whether a stream has no characters but those of ASCII for a bar. */
    static boolean isAscii(PrintStream out) {
        Encoding last = lastAsked;
        if (last == null || !last.of().refersTo(out)) {
            boolean isAscii = ASCII.computeIfAbsent(
                    charset(out), charset -> !charset.newEncoder().canEncode("█▏"));
            last = new Encoding(new WeakReference<>(out), isAscii);
            lastAsked = last;
        }
        return last.isAscii();
    }

    /** How a stream encodes characters: from Java 18 on it tells. */
    static Charset charset(PrintStream stream) {
        if (CHARSET_OF_STREAM != null) {
            try {
                return (Charset) CHARSET_OF_STREAM.invoke(stream);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.toString(), e);
            }
        }
        String name = System.getProperty(stream == System.out ? "sun.stdout.encoding" : "sun.stderr.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    private static @Nullable Method charsetOfStream() {
        try {
            return Runtime.version().feature() >= 18 ? PrintStream.class.getMethod("charset") : null;
        } catch (NoSuchMethodException e) {
            throw new LinkageError("Java " + Runtime.version() + " should have PrintStream.charset", e);
        }
    }
}
