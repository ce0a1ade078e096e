package lox.sync.process;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A child JVM as the operating system sees it. */
final class WorkerProcess {
    private static final long OUTPUT_MILLIS = 300;
    private static final long EXIT_MILLIS = 5_000;

    private final Process process;
    private final LaunchCommand command;
    private final OutputRelay output;

    private WorkerProcess(Process process, LaunchCommand command, OutputRelay output) {
        this.process = process;
        this.command = command;
        this.output = output;
    }

    static WorkerProcess start(LaunchCommand command, String name, @Nullable Consumer<OutputLine> listener)
            throws IOException {
        Process process = command.toProcessBuilder().start();
        return new WorkerProcess(process, command, OutputRelay.start(process, name, listener));
    }

    /** Tells it where to connect and how. Its standard input stays open, and ends with this JVM. */
    void greet(String socket, String journal, byte[] token) throws IOException {
        DataOutputStream greeting = new DataOutputStream(process.getOutputStream());
        greeting.writeUTF(socket);
        greeting.writeUTF(journal);
        greeting.write(token);
        greeting.flush();
        HeadStart.give(greeting);
        greeting.flush();
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
        List<ProcessHandle> started = process.descendants().toList();
        process.toHandle().destroyForcibly(); // not the process itself: that would close its output before it is read
        started.forEach(ProcessHandle::destroyForcibly);
    }

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
                    output.awaitEnd(OUTPUT_MILLIS);
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

    /** What is to be said of its end, which is over. */
    WorkerCrashedException crash(String what) {
        if (process.isAlive()) {
            return new WorkerCrashedException(what + ": process " + process.pid() + " cannot be killed");
        }
        return new WorkerCrashedException(
                what, process.exitValue(), output.errorTail(), command.errorFile(process.pid()));
    }

    /** Ends the life line. */
    void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyGone) {
            return; // with the process
        }
    }
}
