package lox.sync.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A worker process ended while it ran a task, or it could not be started. The message has all that is known.
 *
 * <p>Only the task that was running fails with it. What had been sent to the same worker and not started runs on
 * another one.
 */
public final class WorkerCrashedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SIGNALS = 128;
    private static final int UNKNOWN = Integer.MIN_VALUE;

    /** How the process ended. */
    private final int exitCode;

    /** Last lines. An array, because a list need not be serialisable. */
    private final String[] errorOutput;

    /** A string, because paths cannot be serialised. */
    private final @Nullable String errorFile;

    /**
     * A worker process that has ended.
     *
     * @param what what happened; the message begins with it
     * @param exitCode its exit code, 128 and the number of the signal if one killed it
     * @param errorOutput the last lines it wrote to its standard error, oldest first
     * @param errorFile the path of its {@code hs_err} file, or null
     */
    public WorkerCrashedException(String what, int exitCode, List<String> errorOutput, @Nullable Path errorFile) {
        super(message(what, exitCode, errorOutput, errorFile));
        this.exitCode = exitCode;
        this.errorOutput = errorOutput.toArray(String[]::new);
        this.errorFile = errorFile == null ? null : errorFile.toString();
    }

    /**
     * A worker process that never came into being.
     *
     * @param what the message
     * @param cause why, or null
     */
    public WorkerCrashedException(String what, @Nullable Throwable cause) {
        super(what, cause);
        this.exitCode = UNKNOWN;
        this.errorOutput = new String[0];
        this.errorFile = null;
    }

    private static String message(String what, int exitCode, List<String> errorOutput, @Nullable Path errorFile) {
        StringBuilder message = new StringBuilder(what).append(": ").append(describe(exitCode));
        if (errorFile != null) {
            message.append("; the JVM's report is ").append(errorFile);
        }
        if (!errorOutput.isEmpty()) {
            message.append("; the last of its error output:");
            errorOutput.forEach(line -> message.append("\n  ").append(line));
        }
        return message.toString();
    }

    private static String describe(int exitCode) {
        return exitCode > SIGNALS && exitCode < 2 * SIGNALS
                ? "killed by signal " + (exitCode - SIGNALS) + name(exitCode - SIGNALS)
                : "exit code " + exitCode;
    }

    private static String name(int signal) {
        return switch (signal) {
            case 2 -> " (SIGINT)";
            case 6 -> " (SIGABRT)";
            case 9 -> " (SIGKILL)";
            case 11 -> " (SIGSEGV)";
            case 15 -> " (SIGTERM)";
            default -> "";
        };
    }

    /**
     * How the process ended.
     *
     * @return its exit code, 128 and the number of the signal if one killed it; nothing if no process came into being
     */
    public OptionalInt exitCode() {
        return exitCode == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(exitCode);
    }

    /**
     * The signal that killed the process.
     *
     * @return its number, for example 9; nothing if it was none. A JVM that crashes ends itself with signal 6
     */
    public OptionalInt signal() {
        return exitCode > SIGNALS && exitCode < 2 * SIGNALS ? OptionalInt.of(exitCode - SIGNALS) : OptionalInt.empty();
    }

    /**
     * What the process wrote to its standard error.
     *
     * @return the last lines, oldest first
     */
    public List<String> errorOutput() {
        return List.of(errorOutput);
    }

    /**
     * The report that a JVM writes when it crashes itself.
     *
     * @return the path of its {@code hs_err} file, which stays where it is
     */
    public Optional<Path> errorFile() {
        return Optional.ofNullable(errorFile).map(Path::of);
    }
}
