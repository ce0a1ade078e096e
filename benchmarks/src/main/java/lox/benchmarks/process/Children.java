package lox.benchmarks.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What the operating system says of this JVM's children. */
final class Children {
    private Children() {}

    /** Resident memory of the largest child, in bytes. */
    static long mostResidentBytes() throws IOException {
        long most = 0;
        for (ProcessHandle child : all()) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(child.pid()), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    most = Math.max(most, Long.parseLong(line.replaceAll("\\D", "")) * 1024);
                }
            }
        }
        return most;
    }

    /**
     * Processor time so far, in nanoseconds, of all threads of the children, and of those of this JVM that lox has
     * started: what else runs here, compilers say, is not the pool's. Only threads that are left count.
     */
    static long cpuNanos() throws IOException {
        long nanos = cpuNanos(ProcessHandle.current(), "lox-");
        for (ProcessHandle child : all()) {
            nanos += cpuNanos(child, "");
        }
        return nanos;
    }

    private static long cpuNanos(ProcessHandle process, String name) throws IOException {
        long nanos = 0;
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads) {
                nanos += cpuNanos(thread, name);
            }
        }
        return nanos;
    }

    private static long cpuNanos(Path thread, String name) throws IOException {
        try {
            if (!Files.readString(thread.resolve("comm")).startsWith(name)) {
                return 0;
            }
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
        } catch (NoSuchFileException ended) {
            return 0; // it was just leaving
        }
    }

    private static List<ProcessHandle> all() {
        return ProcessHandle.current().children().toList();
    }
}
