import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;

/**
 * A trivial task, {@code x -> x + 1}, 200,000 times: structured concurrency (JEP 505, a preview of Java 25), which makes
 * a virtual thread of each, beside lox on virtual threads and on threads. In turns in one JVM; prints medians of
 * nanoseconds a task. A source file that is run as it is, since a preview is not for a build on Java 17:
 *
 * <pre>
 * java --enable-preview --source 25 -cp lox-sync/target/classes benchmarks/src/preview/StructuredConcurrency.java
 * </pre>
 */
public final class StructuredConcurrency {
    private static final int TASKS = 200_000;
    private static final int ROUNDS = 21;
    private static final int WARM_UP = 5;

    private StructuredConcurrency() {}

    /** Work in which a result of each argument is made. */
    private interface Work {
        List<Integer> run(List<Integer> arguments) throws Exception;
    }

    private static List<Integer> structured(List<Integer> arguments) throws Exception {
        try (var scope = StructuredTaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
            for (Integer x : arguments) {
                scope.fork(() -> x + 1);
            }
            try (Stream<StructuredTaskScope.Subtask<Integer>> done = scope.join()) {
                return done.map(StructuredTaskScope.Subtask::get).toList();
            }
        }
    }

    private static double nanosOf(Work work, List<Integer> arguments) throws Exception {
        long begun = System.nanoTime();
        List<Integer> results = work.run(arguments);
        double nanos = (double) (System.nanoTime() - begun) / TASKS;
        if (results.size() != TASKS || results.get(TASKS - 1) != TASKS) {
            throw new IllegalStateException("wrong results");
        }
        return nanos;
    }

    private static double medianOf(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /**
     * Measures and prints.
     *
     * @param args not used
     * @throws Exception if a task fails
     */
    public static void main(String[] args) throws Exception {
        List<Integer> arguments = IntStream.range(0, TASKS).boxed().toList();
        Scatter<Integer, Integer> virtual = Lox.virtual(4, (Integer x) -> x + 1);
        Scatter<Integer, Integer> threads = Lox.thread(4, (Integer x) -> x + 1);
        List<Work> works = List.of(StructuredConcurrency::structured, virtual::gather, threads::gather);
        List<String> names = Arrays.asList("structured concurrency", "lox, 4 virtual threads", "lox, 4 threads");
        List<List<Double>> measured = new ArrayList<>();
        works.forEach(work -> measured.add(new ArrayList<>()));
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < works.size(); i++) {
                double nanos = nanosOf(works.get(i), arguments);
                if (round >= WARM_UP) {
                    measured.get(i).add(nanos);
                }
            }
        }
        for (int i = 0; i < works.size(); i++) {
            System.out.printf("%-24s %7.0f ns a task%n", names.get(i), medianOf(measured.get(i)));
        }
    }
}
