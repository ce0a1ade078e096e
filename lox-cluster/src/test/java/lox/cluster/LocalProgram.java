package lox.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Workers;

/** A program of its own, which has members on its machine, and ends in one of several ways. */
final class LocalProgram {
    /** How it ends. */
    enum End {
        CLOSES_MEMBERS,
        CLOSES_ALL,
        RETURNS,
        EXITS,
        HALTS
    }

    private LocalProgram() {}

    /** Has tasks done, prints the processes of the members, and ends. */
    @SuppressWarnings("resource") // some ways to end leave all open
    public static void main(String[] arguments) {
        LocalMembers members = LocalMembers.start(2, 2);
        Cluster cluster = members.join();
        Workers workers = Workers.processes(4).on(cluster).build();
        List<Integer> lengths =
                Lox.on(workers, String::length).gather(List.of("one", "three", "fifteen", "thirty-two"));
        if (!lengths.equals(List.of(3, 5, 7, 10))) {
            throw new AssertionError(lengths);
        }
        members.processes().forEach(member -> System.out.println(member.pid()));
        switch (End.valueOf(arguments[0])) {
            case CLOSES_MEMBERS -> members.close();
            case CLOSES_ALL -> {
                workers.close();
                cluster.close();
                members.close();
            }
            case RETURNS -> {}
            case EXITS -> System.exit(0);
            case HALTS -> Runtime.getRuntime().halt(0);
        }
    }

    /** Runs it. Returns the numbers of its members' processes. */
    static List<Long> run(End end, Path temporary, long seconds) throws IOException, InterruptedException {
        Path output = temporary.resolveSibling("output");
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LocalProgram.class.getName(),
                        end.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!program.waitFor(seconds, TimeUnit.SECONDS) || program.exitValue() != 0) {
                throw new AssertionError("the program has not ended well: " + program);
            }
            return TestFiles.lines(output).stream().map(Long::valueOf).toList();
        } finally {
            program.destroyForcibly();
        }
    }
}
