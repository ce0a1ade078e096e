package lox.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** A program of its own, which joins a cluster. */
final class ClientProgram {
    private ClientProgram() {}

    /** Has tasks that never end in two workers, each of which writes down its process; or one that ends, if so told. */
    public static void main(String[] arguments) {
        Cluster cluster = Cluster.join(arguments[0], arguments[1]);
        String file = arguments[2];
        Scatter<Integer, Long> function =
                Lox.on(Workers.processes(2).on(cluster).build(), i -> {
                    TestFiles.add(file, ProcessHandle.current().pid());
                    if (i == 0) {
                        new CountDownLatch(1).await();
                    }
                    return ProcessHandle.current().pid();
                });
        if (arguments.length > 3) {
            function.gather(List.of(1, 2));
            return; // without closing anything
        }
        function.gather(List.of(0, 0));
    }

    static Process start(LocalMembers members, Path file, String... more) throws java.io.IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ClientProgram.class.getName(),
                members.seeds(),
                members.token(),
                file.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).inheritIO().start();
    }
}
