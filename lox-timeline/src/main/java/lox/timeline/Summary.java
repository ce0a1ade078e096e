package lox.timeline;

import java.util.Locale;
import lox.sync.event.TaskEnd;

/** A run in one line: {@code 48 tasks on 3 workers in 1.2 s, 1 crashed}. */
final class Summary {
    private Summary() {}

    static String of(Run run) {
        StringBuilder line = new StringBuilder();
        line.append(counted(run.tasks(), "task"))
                .append(" on ")
                .append(counted(run.lanes().size(), "worker"))
                .append(" in ")
                .append(time(run.wallNanos()));
        for (TaskEnd end : TaskEnd.values()) {
            int count = run.count(end);
            if (end != TaskEnd.SUCCEEDED && count > 0) {
                line.append(", ").append(number(count)).append(' ').append(name(end));
            }
        }
        if (run.letGo() > 0) {
            line.append(", after ").append(number(run.letGo())).append(" that are not shown");
        }
        return line.toString();
    }

    /** As it reads in a sentence: {@code timed out}. */
    static String name(TaskEnd end) {
        return end.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String counted(long count, String what) {
        return number(count) + " " + what + (count == 1 ? "" : "s");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** With three digits, in the greatest unit that leaves a number of 1 or more. */
    static String time(long nanos) {
        double value = nanos;
        String[] units = {"ns", "µs", "ms", "s"};
        int unit = 0;
        while (unit < units.length - 1 && value >= 999.5) {
            value /= 1_000;
            unit++;
        }
        if (unit == 0 || value >= 99.95) {
            return String.format(Locale.ROOT, "%,.0f %s", value, units[unit]);
        }
        return String.format(Locale.ROOT, value >= 9.995 ? "%.1f %s" : "%.2f %s", value, units[unit]);
    }
}
