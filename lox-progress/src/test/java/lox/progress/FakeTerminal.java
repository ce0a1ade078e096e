package lox.progress;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal of any height: understands line ends, carriage returns, and the control sequences that a screen uses. It
 * fails on any other, and where a row is moved to that was never there.
 */
final class FakeTerminal extends OutputStream {
    private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[(\\??\\d*)([A-Za-z])");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    /** A stream that writes here. Two of them are like standard output and standard error of one terminal. */
    PrintStream stream() {
        return new PrintStream(this, true, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int b) {
        written.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        written.write(bytes, offset, length);
    }

    synchronized void clear() {
        written.reset();
    }

    synchronized String raw() {
        return written.toString(StandardCharsets.UTF_8);
    }

    /** What is to be seen, row by row, without spaces at the ends and without empty rows at the end. */
    List<String> rows() {
        String text = raw();
        List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        Matcher sequence = SEQUENCE.matcher(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                row++;
                column = 0;
                if (row == rows.size()) {
                    rows.add(new StringBuilder());
                }
            } else if (c == '\r') {
                column = 0;
            } else if (c == '\u001b') {
                if (!sequence.find(i) || sequence.start() != i) {
                    throw new AssertionError("no control sequence at " + i);
                }
                String number = sequence.group(1);
                switch (sequence.group(2)) {
                    case "A" -> row -= Integer.parseInt(number);
                    case "K" ->
                        rows.get(row).setLength(Math.min(column, rows.get(row).length()));
                    case "J" -> {
                        rows.get(row).setLength(Math.min(column, rows.get(row).length()));
                        rows.subList(row + 1, rows.size()).clear();
                    }
                    case "h", "l" -> {} // line wrap on, off
                    default -> throw new AssertionError("control sequence " + sequence.group());
                }
                i = sequence.end() - 1;
            } else {
                StringBuilder line = rows.get(row);
                while (line.length() <= column) {
                    line.append(' ');
                }
                line.setCharAt(column++, c);
            }
        }
        List<String> seen = new ArrayList<>(
                rows.stream().map(line -> line.toString().stripTrailing()).toList());
        while (!seen.isEmpty() && seen.get(seen.size() - 1).isEmpty()) {
            seen.remove(seen.size() - 1);
        }
        return seen;
    }
}
