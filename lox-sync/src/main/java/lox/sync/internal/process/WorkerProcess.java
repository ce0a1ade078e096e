package lox.sync.internal.process;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.host.LineSink;
import org.jspecify.annotations.Nullable;

/** A child JVM as the operating system sees it. */
final class WorkerProcess {
    private static final long EXIT_MILLIS = 5_000;
    private static final int LONGEST_NAME = 200;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Process process;
    private final LaunchCommand command;
    private final OutputRelay output;
    private final String marker;
    private volatile boolean forwarding;

    private WorkerProcess(Process process, LaunchCommand command, OutputRelay output, String marker) {
        this.process = process;
        this.command = command;
        this.output = output;
        this.marker = marker;
    }

    /**
     * Starts one.
     *
     * @param mark tells it from all others with the same command
     * @param name of the worker; its second-last argument, where lists of processes show it
     * @param output makes what takes its lines, of the number of the process
     */
    static WorkerProcess start(LaunchCommand command, int mark, String name, LongFunction<LineSink> output)
            throws IOException {
        Process process = null;
        WorkerProcess worker = null;
        try {
            process = command.toProcessBuilder(shown(name), Integer.toString(mark))
                    .start();
            String marker = newMarker();
            byte[] bytes = marker.getBytes(StandardCharsets.US_ASCII);
            LineSink sink = output.apply(process.pid());
            worker = new WorkerProcess(process, command, OutputRelay.start(process, bytes, name, sink), marker);
            return worker;
        } finally {
            if (worker == null) {
                killStray(process, command, mark);
            }
        }
    }

    /** A name as one argument of a command, for people who look at the list of processes. */
    private static String shown(String name) {
        String plain = CONTROL.matcher(name).replaceAll("?");
        return plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME);
    }

    /**
     * Ends a process whose start failed half-way: if no threads are left, there may be a process and no object for
     * it.
     */
    private static void killStray(@Nullable Process process, LaunchCommand command, int mark) {
        if (process != null) {
            process.destroyForcibly();
            return;
        }
        ProcessHandle.current()
                .children()
                .filter(child -> command.isOf(child, Integer.toString(mark)))
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** A random text that no task prints by chance; it is not secret. */
    private static String newMarker() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "\u0000lox" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    }

    /** Sends where to connect and how, and closes the process's standard input. */
    void sendGreeting(String socket, String buffer, byte[] token) throws IOException {
        DataOutputStream greeting = new DataOutputStream(process.getOutputStream());
        greeting.writeUTF(socket);
        greeting.writeUTF(buffer);
        greeting.writeUTF(marker);
        greeting.write(token);
        greeting.flush();
        ClassPreloader.give(greeting);
        greeting.close(); // programs that tasks start inherit it
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void whenGone(Runnable action) {
        CompletableFuture<Void> told = process.onExit().thenRun(action);
        assert told != null;
    }

    /** Kills it, and all that it has started. */
    void kill() {
        List<ProcessHandle> started = List.of();
        try {
            started = process.descendants().toList();
        } finally {
            process.toHandle()
                    .destroyForcibly(); // not the process itself: that would close its output before it is read
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }

    // ---- what it writes, for its receiver's thread -----------------------------------------------------------------

    /** Waits until all lines that it has written by now have been forwarded, or one of them takes too long. */
    void forwardLines() {
        forwarding = true;
        output.forwardLines();
        forwarding = false;
    }

    /** Whether it has written something that is no line yet, and was not forwarded. */
    boolean holdsUnfinishedLine() {
        return output.holdsUnfinishedLine();
    }

    /** The same as {@link #forwardLines}, an unfinished line included. */
    void forwardAll() {
        forwarding = true;
        output.forwardAll();
        forwarding = false;
    }

    /** Whether its receiver waits for that. By any thread. */
    boolean isForwarding() {
        return forwarding;
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Waits for its end, which is near, and kills it if it is not. */
    void awaitEnd() {
        boolean interrupted = false;
        try {
            for (; ; ) {
                try {
                    if (!process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS)) {
                        kill();
                        process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS);
                    }
                    output.awaitEnd();
                    return;
                } catch (InterruptedException meantForSomethingElse) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Describes the process's end; call after it has exited. */
    WorkerCrashedException crash(String what) {
        if (process.isAlive()) {
            return new WorkerCrashedException(what + ": process " + process.pid() + " cannot be killed", null);
        }
        return new WorkerCrashedException(
                what, process.exitValue(), output.errorTail(), command.errorFile(process.pid()));
    }

    /** Closes its standard input if it could not be greeted. */
    void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyGone) {
            return; // with the process
        }
    }
}
