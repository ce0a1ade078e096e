package lox.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import lox.progress.Display;
import lox.progress.ProgressBar;
import lox.sync.Outcome;
import lox.sync.Progress;
import lox.sync.Task;
import lox.sync.Workers;

/**
 * The second part of the tour: renders the Mandelbrot set, one strip after the other and then in child JVMs, in each dialect. In
 * the last round one strip takes its JVM down on purpose.
 */
final class ProcessTour {
    private final Display display;
    private final PrintStream out;
    private final Table table = new Table("strips");

    /**
     * Prepares it.
     *
     * @param display how to show progress
     * @param out where to print
     */
    ProcessTour(Display display, PrintStream out) {
        this.display = display;
        this.out = out;
    }

    @FunctionalInterface
    private interface Way {
        List<byte[]> render(List<Integer> strips, Progress progress) throws Exception;
    }

    /**
     * Runs all modes and prints the table.
     *
     * @param picture what to render
     * @return whether all modes brought the same strips, the last one all but the one that crashed
     * @throws Exception if a strip fails that should not
     */
    boolean run(Mandelbrot picture) throws Exception {
        List<Integer> strips = IntStream.range(0, picture.strips()).boxed().toList();
        int jvms = Runtime.getRuntime().availableProcessors();
        String process = ", process(" + jvms + ")";
        out.println();
        out.println(strips.size() + " strips of the Mandelbrot set, " + jvms + " child JVMs");
        List<byte[]> reference = measure("one after the other", strips, (all, progress) -> {
            List<byte[]> rendered = new ArrayList<>();
            for (int strip : all) {
                progress.update(rendered.size(), 0, all.size());
                rendered.add(picture.strip(strip));
            }
            progress.update(rendered.size(), 0, all.size());
            return rendered;
        });
        boolean crashContained;
        try (Workers children = Workers.processes(jvms).named("strips").build()) { // the same for all: they start once
            measure("plain Java" + process, strips, sync(lox.sync.Lox.on(children, picture::strip)));
            measure("Reactor" + process, strips, reactor(lox.reactor.Lox.on(children, picture::strip)));
            measure("RxJava" + process, strips, rxjava(lox.rxjava.Lox.on(children, picture::strip)));
            crashContained = crash(picture, children, strips, reference);
        }
        out.println();
        table.print(out);
        return table.isAllSame() && crashContained;
    }

    private static Way sync(lox.sync.Scatter<Integer, byte[]> strip) {
        return (strips, progress) -> {
            strips.forEach(strip::scatter);
            return strip.gather(progress);
        };
    }

    private static Way reactor(lox.reactor.Scatter<Integer, byte[]> strip) {
        return (strips, progress) -> {
            strips.forEach(strip::scatter);
            return Objects.requireNonNull(strip.gather(progress).block(), "a list, if an empty one");
        };
    }

    private static Way rxjava(lox.rxjava.Scatter<Integer, byte[]> strip) {
        return (strips, progress) -> {
            strips.forEach(strip::scatter);
            return strip.gather(progress).blockingGet();
        };
    }

    private List<byte[]> measure(String mode, List<Integer> strips, Way way) throws Exception {
        List<byte[]> rendered;
        Duration time;
        try (ProgressBar progress =
                ProgressBar.builder(mode).display(display).output(out).build()) {
            long begun = System.nanoTime();
            rendered = way.render(strips, progress);
            time = Duration.ofNanos(System.nanoTime() - begun);
        }
        table.add(mode, time, rendered);
        return rendered;
    }

    /** One strip in the middle halts its JVM. That is the only one to be missing. */
    private boolean crash(Mandelbrot picture, Workers children, List<Integer> strips, List<byte[]> reference) {
        String mode = "the same, one crash";
        if (lox.sync.Lox.isDebugging()) {
            table.addMissing(mode, "debugging: it would crash this JVM");
            return true;
        }
        int culprit = strips.size() / 2;
        Task<Integer, byte[]> fragile = strip -> {
            if (strip == culprit) {
                Runtime.getRuntime().halt(3);
            }
            return picture.strip(strip);
        };
        lox.sync.Scatter<Integer, byte[]> render = lox.sync.Lox.on(children, fragile);
        long begun = System.nanoTime();
        strips.forEach(render::scatter);
        List<Outcome<byte[]>> outcomes = render.gatherSettled();
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        int same = 0;
        String failure = "";
        for (Outcome<byte[]> outcome : outcomes) {
            if (outcome instanceof Outcome.Success<byte[]> success) {
                same += Arrays.equals(success.value(), reference.get(success.index())) ? 1 : 0;
            } else if (outcome instanceof Outcome.Failure<byte[]> failed) {
                failure +=
                        ", " + failed.index() + ": " + failed.error().getClass().getSimpleName();
            }
        }
        table.addRow(mode, time, same + " the same" + failure);
        return same == strips.size() - 1;
    }
}
