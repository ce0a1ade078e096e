package lox.benchmarks.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** CPython's own process pool, where a python3 is installed. */
final class Python {
    private static final String SCRIPT = """
            import sys, time
            from concurrent.futures import ProcessPoolExecutor
            def work(i):
                return i + 1
            if __name__ == '__main__':
                tasks = int(sys.argv[1])
                with ProcessPoolExecutor(int(sys.argv[2])) as pool:
                    assert [f.result() for f in [pool.submit(work, i) for i in range(1000)]][999] == 1000
                    begun = time.perf_counter()
                    results = [f.result() for f in [pool.submit(work, i) for i in range(tasks)]]
                    took = time.perf_counter() - begun
                    assert results == list(range(1, tasks + 1))
                print(took / tasks * 1e9)
            """;

    private Python() {}

    /** Nanoseconds a task; empty if there is no python3. */
    static OptionalDouble nanosPerTask(int workers, int tasks) throws IOException, InterruptedException {
        Path script = Files.createTempFile("pool", ".py");
        try {
            Files.writeString(script, SCRIPT);
            Process process;
            try {
                process = new ProcessBuilder(
                                "python3", script.toString(), Integer.toString(tasks), Integer.toString(workers))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
            } catch (IOException notInstalled) {
                return OptionalDouble.empty();
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("python3 failed: " + printed);
            }
            return OptionalDouble.of(Double.parseDouble(printed));
        } finally {
            Files.delete(script);
        }
    }
}
