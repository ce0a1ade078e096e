package lox.examples.recipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Shown in docs/recipes/shell-commands.md. */
public class Shell {
    record Result(int exitCode, String out, String err) {}

    static Result run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("command", ".out");
        Path err = Files.createTempFile("command", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                process.getOutputStream().close(); // its standard input is empty
                int exitCode = process.waitFor(); // a timeout or a cancel interrupts this
                return new Result(exitCode, Files.readString(out), Files.readString(err));
            } finally { // has it ended? Then there is nothing to kill
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Scatter<List<String>, Result> run = Lox.thread(4, Shell::run);
        run.scatter(List.of("echo", "hello"));
        run.scatter(List.of("sh", "-c", "echo oops >&2; exit 3"));
        run.scatter(List.of("sh", "-c", "echo $((6 * 7)) | tr 4 X"));
        for (Result result : run.gather()) {
            System.out.printf(
                    "%d [%s] [%s]%n",
                    result.exitCode(), result.out().strip(), result.err().strip());
        }

        Workers impatient =
                Workers.threads(4).taskTimeout(Duration.ofMillis(200)).build();
        Scatter<List<String>, Result> runBriefly = Lox.on(impatient, Shell::run);
        runBriefly.scatter(List.of("sh", "-c", "sleep 60 & sleep 60")); // a command with children
        for (Outcome<Result> outcome : runBriefly.gatherSettled()) {
            if (outcome instanceof Outcome.Failure<Result> failure) {
                System.out.println(failure.error().getClass().getSimpleName());
            }
        }
        impatient.shutdown();
        System.out.println("all ended: " + impatient.awaitTermination(Duration.ofSeconds(30)));
    }
}
