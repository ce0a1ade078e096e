package lox.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    /** Processor time that children and parent have used so far. */
    static Duration cpuTime() {
        Duration time = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        for (ProcessHandle child : all()) {
            time = time.plus(child.info().totalCpuDuration().orElse(Duration.ZERO));
        }
        return time;
    }

    private static List<ProcessHandle> all() {
        return ProcessHandle.current().children().toList();
    }
}
