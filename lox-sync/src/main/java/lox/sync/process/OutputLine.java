package lox.sync.process;

/**
 * A line that a worker process wrote to its standard output or its standard error.
 *
 * @param pid the process
 * @param isError true for standard error
 * @param text the line, without its end; what is not UTF-8 in it is replaced by {@code U+FFFD}
 */
public record OutputLine(long pid, boolean isError, String text) {}
