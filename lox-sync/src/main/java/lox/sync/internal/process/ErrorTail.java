package lox.sync.internal.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import lox.sync.internal.result.FailureText;

/**
 * The last lines that a worker process has written to its standard error, for the message about its end. Bounded in
 * lines and in characters, so that no process can fill its parent's memory with them. Safe for use from many threads.
 */
final class ErrorTail {
    private static final int MOST_LINES = 40;
    private static final int MOST_CHARACTERS = 16 * 1024;

    /** A longer line is cut off. */
    private static final int LONGEST_LINE = 2 * 1024;

    private final Deque<String> lines = new ArrayDeque<>();
    private int characters;

    synchronized void add(String line) {
        String kept = FailureText.shortened(line, LONGEST_LINE);
        lines.addLast(kept);
        characters += kept.length();
        while (lines.size() > MOST_LINES || characters > MOST_CHARACTERS) {
            characters -= lines.removeFirst().length();
        }
    }

    /** The lines, oldest first. */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
