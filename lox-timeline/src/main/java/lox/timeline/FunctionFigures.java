package lox.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lox.sync.event.TaskEnd;

/**
 * How the attempts of one function went. Times are in nanoseconds, of attempts that have started; of a run of tasks
 * that is recorded as one attempt each has the mean.
 *
 * @param workers the workers' name
 * @param function the function's
 * @param ends how many attempts ended how
 * @param totalRun how long they ran, all together
 * @param medianRun half of them ran no longer
 * @param longestRun the longest
 * @param medianWait half of them waited no longer; -1 if it is not known of any
 */
record FunctionFigures(
        String workers,
        String function,
        Map<TaskEnd, Integer> ends,
        long totalRun,
        long medianRun,
        long longestRun,
        long medianWait) {
    private record Key(String workers, String function) {}

    /** The figures of each function, the one with the most work first. */
    static List<FunctionFigures> of(List<Attempt> attempts) {
        Map<Key, List<Attempt>> byFunction = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            Key key = new Key(attempt.batch().workers(), attempt.batch().function());
            byFunction.computeIfAbsent(key, k -> new ArrayList<>()).add(attempt);
        }
        List<FunctionFigures> figures = new ArrayList<>();
        byFunction.forEach((key, own) -> figures.add(of(key, own)));
        figures.sort(Comparator.comparingLong(FunctionFigures::totalRun).reversed());
        return figures;
    }

    private static FunctionFigures of(Key key, List<Attempt> attempts) {
        Map<TaskEnd, Integer> ends = new EnumMap<>(TaskEnd.class);
        attempts.forEach(attempt -> ends.merge(attempt.end(), attempt.tasks(), Integer::sum));
        long[] runs = attempts.stream()
                .filter(Attempt::hasStarted)
                .mapToLong(attempt -> attempt.ran() / attempt.tasks())
                .sorted()
                .toArray();
        long[] waits = attempts.stream()
                .filter(attempt -> attempt.hasStarted() && attempt.isWaitKnown())
                .mapToLong(Attempt::waited)
                .sorted()
                .toArray();
        return new FunctionFigures(
                key.workers(),
                key.function(),
                ends,
                attempts.stream().mapToLong(Attempt::ran).sum(),
                runs.length == 0 ? 0 : median(runs),
                runs.length == 0 ? 0 : runs[runs.length - 1],
                waits.length == 0 ? -1 : median(waits));
    }

    private static long median(long[] sorted) {
        return sorted[(sorted.length - 1) / 2];
    }
}
