package lox.benchmarks.funnel;

import java.time.Duration;
import java.util.Locale;
import lox.sync.Funnel;

/** So many jobs pending: bytes for each, beyond its id and its value. */
public final class PendingJobs {
    private static final int LIMIT = 120;

    private PendingJobs() {}

    /**
     * Prints a line for each kind of Funnel and number of jobs.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        for (int count : new int[] {10_000, 100_000, 1_000_000}) {
            measure("two inputs", Funnel.<Integer>builder(), 2, count);
            measure("two inputs, expiring", Funnel.<Integer>builder().expireAfter(Duration.ofHours(1)), 2, count);
            measure("four inputs", Funnel.<Integer>builder(), 4, count);
        }
    }

    private static void measure(String what, Funnel.Builder<Integer> options, int inputs, int count) {
        Integer[] ids = new Integer[count];
        for (int i = 0; i < count; i++) {
            ids[i] = i;
        }
        Funnel<Integer> funnel = options.build();
        Funnel.Input<Integer, String> first = funnel.input("0");
        for (int i = 1; i < inputs; i++) {
            Funnel.Input<Integer, String> other = funnel.input(Integer.toString(i));
            if (other.name().isEmpty()) {
                throw new IllegalStateException("an input without a name");
            }
        }
        long before = usedHeap();
        for (Integer id : ids) {
            first.put(id, "value");
        }
        double bytes = (double) (usedHeap() - before) / count;
        if (funnel.pendingJobs() != ids.length) {
            throw new IllegalStateException("not all are pending: " + funnel);
        }
        System.out.printf(
                Locale.ROOT,
                "%,9d pending, %-22s %.1f bytes each (limit %d for two inputs: %s)%n",
                count,
                what + ":",
                bytes,
                LIMIT,
                bytes < LIMIT ? "reached" : "missed");
    }

    private static long usedHeap() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
