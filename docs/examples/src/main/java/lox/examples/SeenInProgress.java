package lox.examples;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.progress.ProgressBar;
import lox.sync.GatherOptions;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import reactor.core.publisher.Mono;

/** Progress bars: of one gather, of one whose child JVMs print, of two at once, and of a stream of unknown length. */
public final class SeenInProgress {
    private SeenInProgress() {}

    /**
     * Shows them, on standard error.
     *
     * @param args how many milliseconds a task takes; a few by default
     */
    public static void main(String[] args) {
        int millis = args.length == 0 ? 2 : Integer.parseInt(args[0]);

        // one word: the bar ends with the gather
        Scatter<Integer, Integer> fragile = Lox.thread(8, i -> {
            Thread.sleep(millis);
            return 100 / (i % 50);
        });
        IntStream.range(0, 200).forEach(fragile::scatter);
        List<Outcome<Integer>> outcomes = fragile.gatherSettled(ProgressBar.of("pages"));
        System.out.println(outcomes.size() + " pages");

        // what child JVMs print goes above the bar
        Scatter<Integer, Integer> strips = Lox.process(2, i -> {
            Thread.sleep(4L * millis);
            if (i % 10 == 0) {
                System.out.println("strip " + i + " is rendered");
            }
            return i;
        });
        IntStream.range(0, 40).forEach(strips::scatter);
        System.out.println(strips.gather(ProgressBar.of("strips")).size() + " strips");

        // two at once, in two dialects
        lox.reactor.Scatter<Integer, Integer> slow = lox.reactor.Lox.thread(2, i -> {
            Thread.sleep(3L * millis);
            return i;
        });
        Scatter<Integer, Integer> fast = Lox.thread(4, i -> {
            Thread.sleep(millis);
            return i;
        });
        IntStream.range(0, 100).forEach(slow::scatter);
        IntStream.range(0, 200).forEach(fast::scatter);
        Mono<List<Integer>> slowOnes = slow.gather(ProgressBar.of("slow ones"));
        List<Integer> fastOnes = fast.gather(ProgressBar.of("fast ones"));
        System.out.println(fastOnes.size() + " and " + slowOnes.map(List::size).block());

        // several gathers, one bar
        try (ProgressBar bar = ProgressBar.builder("batches").total(150).build()) {
            for (int batch = 0; batch < 3; batch++) {
                fast.gather(
                        IntStream.range(0, 50).boxed().toList(),
                        GatherOptions.create().progress(bar.part()));
            }
        }

        // nobody knows how long the stream is
        long count;
        try (ProgressBar bar = ProgressBar.of("rows");
                Stream<Integer> rows = fast.map(Stream.iterate(0, i -> i + 1))) {
            count = rows.peek(bar::step).limit(300).count();
        }
        System.out.println(count + " rows");
    }
}
