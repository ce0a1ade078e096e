package lox.benchmarks.peers;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When and on what a run was measured.
 *
 * @param date the day
 * @param java the version of the JDK
 * @param system the operating system and the kind of processor
 * @param processors how many the JVM had
 * @param rounds how many rounds the medians are of
 */
record MeasuredOn(LocalDate date, String java, String system, int processors, int rounds) {
    private static final Pattern LINE =
            Pattern.compile("# (\\S+), Java (\\S+), (.+), (\\d+) processors, medians of (\\d+) rounds");

    /** This JVM, today. */
    static MeasuredOn here(int rounds) {
        Runtime.Version version = Runtime.version();
        return new MeasuredOn(
                LocalDate.now(ZoneId.systemDefault()),
                version.feature() + "." + version.interim() + "." + version.update(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                rounds);
    }

    /** Reads what {@link #toLine()} has written. */
    static MeasuredOn of(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not when and where a run was measured: " + line);
        }
        return new MeasuredOn(
                LocalDate.parse(matcher.group(1)),
                matcher.group(2),
                matcher.group(3),
                Integer.parseInt(matcher.group(4)),
                Integer.parseInt(matcher.group(5)));
    }

    /** As the page says it. */
    String toProse() {
        return processors + " processors, Java " + java + ", " + date;
    }

    /** The first line of the file of results. */
    String toLine() {
        return "# " + date + ", Java " + java + ", " + system + ", " + processors + " processors, medians of " + rounds
                + " rounds";
    }
}
