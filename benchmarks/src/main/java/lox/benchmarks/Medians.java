package lox.benchmarks;

import java.util.Arrays;
import java.util.List;

/** The median of what was measured several times. */
public final class Medians {
    private Medians() {}

    /**
     * The median of some values.
     *
     * @param values at least one, in any order
     * @return the one in the middle, or the mean of the two there
     */
    public static double of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The median of some values.
     *
     * @param values at least one, in any order
     * @return the one in the middle, or the mean of the two there
     */
    public static double of(List<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
