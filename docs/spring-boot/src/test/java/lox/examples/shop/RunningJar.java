package lox.examples.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lox.test.Patience;

/** The service as it is deployed: {@code java -jar}, with lox and all else nested in the jar. */
final class RunningJar implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("Netty started on port (\\d+)");

    private final Process process;
    private final Path log;

    private RunningJar(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it, and waits until it serves.
     *
     * @param directory is its working directory and gets its log
     */
    static RunningJar start(Path jar, Path directory) throws IOException {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toString(),
                        "--server.port=0")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        RunningJar started = new RunningJar(process, log);
        try {
            Patience.until("the service has started", () -> started.port() != 0 || !process.isAlive());
            if (started.port() == 0) {
                throw new AssertionError("the service has not started:\n" + started.log());
            }
        } catch (AssertionError late) {
            process.destroyForcibly();
            throw late;
        }
        return started;
    }

    int port() {
        Matcher port = PORT.matcher(log());
        return port.find() ? Integer.parseInt(port.group(1)) : 0;
    }

    long pid() {
        return process.pid();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Asks it to end, as an orchestrator does. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the service does not end:\n" + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
