package consumer;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import lox.cluster.Cluster;
import lox.cluster.Member;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** A user's program on two members, each of which was started from one jar: it brings its classes along. */
public final class Far {
    private Far() {}

    /** Takes the seeds and the token. */
    public static void main(String[] args) throws InterruptedException {
        try (Cluster cluster = Cluster.join(args[0], args[1]);
                Workers workers = Workers.processes(2).on(cluster).build()) {
            Scatter<String, Integer> length = Lox.on(workers, Far::length);
            System.out.println("cluster " + length.gather(List.of("one", "three")));
            while (cluster.members().size() < 2) {
                Thread.sleep(10);
            }
            System.out.println(
                    "members " + cluster.members().stream().map(Member::name).sorted().toList());
            Scatter<Integer, String> place = Lox.on(workers, i -> place());
            System.out.println("classes "
                    + new TreeSet<>(place.gather(IntStream.range(0, 20).boxed().toList())).first());
        }
    }

    private static int length(String text) {
        return text.length();
    }

    /** This class, which is in no file there, and where that JVM has lox from. */
    private static String place() {
        Path jar = Path.of(System.getProperty("java.class.path"));
        return List.of(Far.class.getName(), jar.getFileName().toString()).toString();
    }
}
