package lox.examples;

import java.io.Serializable;

/**
 * What the pipelines make of a page. A function of this kind needs a processor and no network: it may run in a thread or, since all it
 * takes and gives is serialisable, in another JVM.
 */
record PageSummary(String firstLine, int words) implements Serializable {
    /** Parses a page. An empty one is an error of that page. */
    static PageSummary of(String page) {
        if (page.isBlank()) {
            throw new IllegalArgumentException("an empty page");
        }
        return new PageSummary(
                page.lines().filter(line -> !line.isBlank()).findFirst().orElseThrow(),
                page.trim().split("\\s+").length);
    }

    /** One line of the output. */
    String line() {
        return words + "\t" + firstLine;
    }
}
