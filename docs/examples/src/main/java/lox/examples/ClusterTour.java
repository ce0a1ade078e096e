package lox.examples;

import java.io.PrintStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import lox.cluster.Cluster;
import lox.cluster.LocalMembers;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/**
 * The third part of the tour: three members of a cluster, here on this machine, render the picture. One of them is killed when
 * half of it is there, and what it had not answered runs on the others.
 */
final class ClusterTour {
    private static final int MEMBERS = 3;

    private final PrintStream out;

    ClusterTour(PrintStream out) {
        this.out = out;
    }

    @SuppressWarnings("ArrayRecordComponent") // strips are compared by what is in them
    private record Strip(byte[] points, long member) implements Serializable {
        /** In a child of a member. */
        static Strip of(Mandelbrot picture, int number) {
            return new Strip(
                    picture.strip(number),
                    ProcessHandle.current().parent().orElseThrow().pid());
        }
    }

    /**
     * Renders it here, then there, and prints who has rendered how much.
     *
     * @param picture what to render
     * @return whether the picture is whole
     */
    boolean run(Mandelbrot picture) {
        List<Integer> numbers = IntStream.range(0, picture.strips()).boxed().toList();
        out.println();
        out.println(numbers.size() + " strips of the Mandelbrot set, " + MEMBERS
                + " members of a cluster, one is killed half-way");
        if (Lox.isDebugging()) {
            out.println("debugging: all of them would run in this JVM");
            return true;
        }
        try (LocalMembers members = LocalMembers.start(MEMBERS, 1);
                Cluster cluster = members.join();
                Workers everywhere =
                        Workers.processes(MEMBERS).on(cluster).named("members").build()) {
            Scatter<Integer, Strip> render = Lox.on(everywhere, number -> Strip.of(picture, number));
            render.gather(List.of(0, 1, 2)); // so that each has begun before one is killed
            numbers.forEach(render::scatter);
            AtomicBoolean isKilled = new AtomicBoolean();
            Process victim = members.processes().get(MEMBERS - 1);
            List<Strip> strips = render.gather((settled, failed, total) -> {
                if (settled >= total / 2 && isKilled.compareAndSet(false, true)) {
                    victim.destroyForcibly();
                }
            });
            return report(picture, strips, members.processes(), victim) && isKilled.get();
        }
    }

    private boolean report(Mandelbrot picture, List<Strip> strips, List<Process> members, Process victim) {
        for (int i = 0; i < members.size(); i++) {
            Process member = members.get(i);
            long rendered = strips.stream()
                    .filter(strip -> strip.member == member.pid())
                    .count();
            out.println("local-" + (i + 1) + ": " + rendered + " strips"
                    + (member == victim ? ", then it was killed" : ""));
        }
        long same = IntStream.range(0, strips.size())
                .filter(i -> Arrays.equals(strips.get(i).points, picture.strip(i)))
                .count();
        boolean isWhole = same == picture.strips();
        out.println(isWhole ? "the picture is whole: " + same + " strips, in order" : "the picture is NOT whole");
        return isWhole;
    }
}
